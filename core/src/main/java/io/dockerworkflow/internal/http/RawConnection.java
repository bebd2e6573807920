package io.dockerworkflow.internal.http;

import io.dockerworkflow.Endpoint;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * A byte stream to and from an endpoint: Unix socket, TCP, or TCP with TLS. One thread may read while another writes; any
 * thread may close. Whoever opens it closes it.
 */
public final class RawConnection implements Closeable {
    private static final int BUFFER = 64 * 1024;

    private final InputStream input;
    private final OutputStream output;
    private final IoAction closeOutput;
    private final Closeable closer;

    private RawConnection(InputStream input, OutputStream output, IoAction closeOutput, Closeable closer) {
        this.input = new BufferedInputStream(input, BUFFER);
        this.output = output;
        this.closeOutput = closeOutput;
        this.closer = closer;
    }

    /**
     * Connects.
     *
     * @param endpoint where to
     * @param timeout how long a connection over TCP may take, and a TLS handshake
     * @throws IOException if nobody listens there, or TLS does not come about
     */
    public static RawConnection open(Endpoint endpoint, Duration timeout) throws IOException {
        if (endpoint instanceof Endpoint.UnixSocket unix) {
            return unix(unix.path());
        }
        Endpoint.Tcp tcp = (Endpoint.Tcp) endpoint;
        return tcp(tcp.host(), tcp.port(), tcp.certificates(), Math.toIntExact(timeout.toMillis()));
    }

    /** What the other side sends. Buffered: what came behind an HTTP head is still there. */
    public InputStream input() {
        return input;
    }

    /** What the other side gets. Not buffered. */
    public OutputStream output() {
        return output;
    }

    /** Tells the other side that nothing more will come, and still reads what it sends. */
    public void closeOutput() throws IOException {
        closeOutput.run();
    }

    @Override
    public void close() throws IOException {
        closer.close();
    }

    private static RawConnection unix(Path path) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(path));
        } catch (IOException | RuntimeException e) {
            closeAfter(channel, e);
            throw e;
        }
        return new RawConnection(
                new ChannelInput(channel), new ChannelOutput(channel), channel::shutdownOutput, channel);
    }

    private static RawConnection tcp(String host, int port, Optional<Path> certificates, int timeout)
            throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(host, port), timeout);
            socket.setTcpNoDelay(true);
            socket.setKeepAlive(true);
            if (certificates.isPresent()) {
                socket.setSoTimeout(timeout);
                Socket secure = secured(
                        socket,
                        host,
                        port,
                        PemCertificates.read(certificates.get()).context());
                socket.setSoTimeout(0);
                socket = secure;
            }
        } catch (IOException | RuntimeException e) {
            closeAfter(socket, e);
            throw e;
        }
        return new RawConnection(socket.getInputStream(), socket.getOutputStream(), socket::shutdownOutput, socket);
    }

    private static SSLSocket secured(Socket socket, String host, int port, SSLContext context) throws IOException {
        SSLSocket secure = (SSLSocket) context.getSocketFactory().createSocket(socket, host, port, true);
        SSLParameters parameters = secure.getSSLParameters();
        // Without this the JDK checks the chain only, and any certificate of the same authority would do.
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secure.setSSLParameters(parameters);
        secure.startHandshake();
        return secure;
    }

    private static void closeAfter(Closeable resource, Exception failure) {
        try {
            resource.close();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    private interface IoAction {
        void run() throws IOException;
    }

    /** The JDK's own adapters lock the channel, so that on JDK 17 a blocked read keeps writes waiting. */
    private static final class ChannelInput extends InputStream {
        private final SocketChannel channel;

        private ChannelInput(SocketChannel channel) {
            this.channel = channel;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            return channel.read(ByteBuffer.wrap(bytes, offset, length));
        }
    }

    private static final class ChannelOutput extends OutputStream {
        private final SocketChannel channel;

        private ChannelOutput(SocketChannel channel) {
            this.channel = channel;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        }
    }
}
