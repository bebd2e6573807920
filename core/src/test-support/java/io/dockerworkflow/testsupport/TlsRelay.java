package io.dockerworkflow.testsupport;

import io.dockerworkflow.Endpoint;
import io.dockerworkflow.internal.http.PemCertificates;
import io.dockerworkflow.internal.http.RawConnection;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/** An engine on TCP with TLS that asks for certificates: a relay before one on a Unix socket. */
public final class TlsRelay implements AutoCloseable {
    private final SSLServerSocket server;
    private final Endpoint behind;

    private TlsRelay(SSLServerSocket server, Endpoint behind) {
        this.server = server;
        this.behind = behind;
    }

    public static TlsRelay start(Path certificates, Endpoint behind) throws IOException {
        SSLServerSocket server = (SSLServerSocket) PemCertificates.read(certificates)
                .context()
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        server.setNeedClientAuth(true);
        TlsRelay relay = new TlsRelay(server, behind);
        daemon(relay::accept);
        return relay;
    }

    public Endpoint.Tcp endpoint(Optional<Path> certificates) {
        return new Endpoint.Tcp("127.0.0.1", server.getLocalPort(), certificates);
    }

    private void accept() {
        try {
            while (true) {
                SSLSocket client = (SSLSocket) server.accept();
                daemon(() -> relay(client));
            }
        } catch (IOException e) {
            // closed: the test is over
        }
    }

    private void relay(SSLSocket client) {
        try (client;
                RawConnection engine = RawConnection.open(behind, Duration.ofSeconds(5))) {
            client.startHandshake();
            Thread requests = daemon(() -> {
                copy(() -> client.getInputStream(), engine::output);
                closeOutput(engine);
            });
            copy(engine::input, () -> client.getOutputStream());
            client.shutdownOutput();
            requests.join();
        } catch (IOException | InterruptedException e) {
            // the client does not trust us, or we not it: both tell it
        }
    }

    private static void closeOutput(RawConnection engine) {
        try {
            engine.closeOutput();
        } catch (IOException e) {
            // gone already
        }
    }

    private interface Opening<T> {
        T open() throws IOException;
    }

    private static void copy(Opening<InputStream> from, Opening<OutputStream> to) {
        byte[] buffer = new byte[8192];
        try {
            InputStream in = from.open();
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                to.open().write(buffer, 0, count);
                to.open().flush();
            }
        } catch (IOException e) {
            // one side is gone, and the other is told by the closing
        }
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "tls-relay");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
