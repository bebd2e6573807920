package io.dockerworkflow.internal.step;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** Takes a container's two output streams apart, which the engine sends in one, framed. */
public final class OutputFrames {
    private static final int HEADER = 8;
    private static final int STDERR = 2;
    private static final int BUFFER = 32 * 1024;

    private OutputFrames() {}

    /**
     * Reads frames until the stream ends.
     *
     * @param in the engine's stream
     * @param stdout gets standard output
     * @param stderr gets standard error
     * @throws IOException if the stream fails, or ends within a frame
     */
    public static void read(InputStream in, LineSplitter stdout, LineSplitter stderr) throws IOException {
        byte[] header = new byte[HEADER];
        byte[] buffer = new byte[BUFFER];
        try {
            int read = in.readNBytes(header, 0, HEADER);
            while (read == HEADER) {
                LineSplitter target = header[0] == STDERR ? stderr : stdout;
                long left = size(header);
                while (left > 0) {
                    int count = in.read(buffer, 0, (int) Math.min(buffer.length, left));
                    if (count < 0) {
                        throw new EOFException("the engine's output ended within a frame");
                    }
                    target.accept(buffer, 0, count);
                    left -= count;
                }
                read = in.readNBytes(header, 0, HEADER);
            }
            if (read > 0) {
                throw new EOFException("the engine's output ended within a frame's header");
            }
        } finally {
            // What has come is told in any case.
            stdout.finish();
            stderr.finish();
        }
    }

    private static long size(byte[] header) {
        return (header[4] & 0xffL) << 24 | (header[5] & 0xffL) << 16 | (header[6] & 0xffL) << 8 | (header[7] & 0xffL);
    }
}
