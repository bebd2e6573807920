package io.dockerworkflow.dood.gateway.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.dockerworkflow.DockerSession;
import io.dockerworkflow.Endpoint;
import io.dockerworkflow.dood.DoodWorkflow;
import io.dockerworkflow.dood.testsupport.Cli;
import io.dockerworkflow.dood.testsupport.TcpRelay;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A container's streams over a WebSocket, by a client that speaks it properly. */
@Timeout(120)
class AttachWebSocketIT {
    private final HttpClient http = HttpClient.newHttpClient();
    private DockerSession session;
    private TcpRelay relay;
    private Cli cli;

    @BeforeEach
    void open() throws Exception {
        session = DoodWorkflow.create().open();
        relay = new TcpRelay(((Endpoint.UnixSocket) session.endpoint()).path());
        cli = new Cli(session);
    }

    @AfterEach
    void close() throws Exception {
        try {
            relay.close();
        } finally {
            session.close();
        }
    }

    /** Collects what comes. */
    private static final class Received implements WebSocket.Listener {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final CompletableFuture<String> ended = new CompletableFuture<>();

        @Override
        public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            byte[] piece = new byte[data.remaining()];
            data.get(piece);
            return add(socket, piece);
        }

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            return add(socket, data.toString().getBytes(StandardCharsets.UTF_8));
        }

        private synchronized CompletionStage<?> add(WebSocket socket, byte[] piece) {
            bytes.writeBytes(piece);
            notifyAll();
            socket.request(1);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
            ended.complete("closed " + status);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void onError(WebSocket socket, Throwable failure) {
            ended.complete("failed " + failure);
        }

        synchronized String awaited(String text) throws InterruptedException {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (!bytes.toString(StandardCharsets.UTF_8).contains(text) && System.nanoTime() < deadline) {
                wait(100);
            }
            return bytes.toString(StandardCharsets.UTF_8);
        }
    }

    private WebSocket attach(String version, String container, Received received) {
        return http.newWebSocketBuilder()
                .buildAsync(
                        URI.create("ws://127.0.0.1:" + relay.port() + version + "/containers/" + container
                                + "/attach/ws?stream=1&stdin=1&stdout=1&stderr=1"),
                        received)
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }

    @Test
    void socketWhenItsInputEndsHasEchoedItAndTheContainerEnds() throws Exception {
        // Not "run -d", for which the engine keeps the input open when a client goes.
        cli.docker("create", "-i", "--name", "echo", "busybox", "cat").ok();
        cli.docker("start", "echo").ok();
        Received received = new Received();
        WebSocket socket = attach("", "echo", received);
        socket.sendBinary(ByteBuffer.wrap("one\n".getBytes(StandardCharsets.UTF_8)), true)
                .join();
        assertThat(received.awaited("one\n")).isEqualTo("one\n");
        // Longer than a frame's short form, and in two pieces of one message.
        String big = "x".repeat(100_000);
        socket.sendText(big, false).join();
        socket.sendText("\n", true).join();
        assertThat(received.awaited("x\n")).isEqualTo("one\n" + big + "\n");
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
        assertThat(Cli.result(cli.start("wait", "echo")).ok())
                .as("cat has seen the end of its input")
                .isEqualTo("0");
        assertThat(received.ended.get(20, TimeUnit.SECONDS)).isEqualTo("closed 1000");
    }

    @Test
    void socketWhenTheContainerEndsEnds() throws Exception {
        cli.docker("create", "-i", "--name", "short", "busybox", "sh", "-c", "read line; echo out $line; echo err >&2")
                .ok();
        cli.docker("start", "short").ok();
        Received received = new Received();
        WebSocket socket = attach("", "short", received);
        socket.sendText("in\n", true).join();
        assertThat(received.awaited("out in\n")).contains("out in\n");
        assertThat(received.awaited("err\n")).contains("err\n");
        assertThat(received.ended.get(20, TimeUnit.SECONDS)).isEqualTo("closed 1000");
    }

    @Test
    void socketWhenTheContainerIsNotTheSessionsGets404() {
        try (DockerSession other = DoodWorkflow.create().open()) {
            String foreign = new Cli(other)
                    .docker("run", "-di", "--name", "echo", "busybox", "cat")
                    .ok();
            CompletionException failure =
                    catchThrowableOfType(CompletionException.class, () -> attach("", foreign, new Received()));
            assertThat(failure)
                    .cause()
                    .isInstanceOfSatisfying(
                            WebSocketHandshakeException.class,
                            handshake -> assertThat(handshake.getResponse().statusCode())
                                    .isEqualTo(404));
        }
    }
}
