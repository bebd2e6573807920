package io.dockerworkflow.internal.engine;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Small tar archives in memory, the same for the same content each time. */
public final class Tar {
    private static final int BLOCK = 512;
    private static final int LONGEST_NAME = 100;

    private Tar() {}

    /**
     * An archive of these files, which everybody may read and execute.
     *
     * @param files their names, of at most 100 ASCII characters, and contents
     */
    public static byte[] of(Map<String, byte[]> files) {
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        files.forEach((name, content) -> {
            tar.writeBytes(header(name, content.length));
            tar.writeBytes(content);
            tar.writeBytes(new byte[(BLOCK - content.length % BLOCK) % BLOCK]);
        });
        tar.writeBytes(new byte[2 * BLOCK]);
        return tar.toByteArray();
    }

    private static byte[] header(String name, int length) {
        if (name.length() > LONGEST_NAME) {
            throw new IllegalArgumentException("Too long for a tar archive: " + name);
        }
        byte[] header = new byte[BLOCK];
        put(header, 0, name);
        put(header, 100, "0000555"); // mode
        put(header, 108, "0000000"); // user
        put(header, 116, "0000000"); // group
        put(header, 124, String.format("%011o", length));
        put(header, 136, "00000000000"); // time
        put(header, 148, "        "); // the checksum's place counts as blanks
        header[156] = '0'; // a regular file
        put(header, 257, "ustar");
        put(header, 263, "00");
        int sum = 0;
        for (byte each : header) {
            sum += each & 0xff;
        }
        put(header, 148, String.format("%06o\0 ", sum));
        return header;
    }

    private static void put(byte[] header, int offset, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, header, offset, bytes.length);
    }
}
