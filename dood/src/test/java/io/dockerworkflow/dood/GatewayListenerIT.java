package io.dockerworkflow.dood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.dockerworkflow.DockerSession;
import io.dockerworkflow.Endpoint;
import io.dockerworkflow.dood.testsupport.Cli;
import io.dockerworkflow.dood.testsupport.RawClient;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a listener learns of the requests to a session's gateway, and that it cannot do harm. */
@Timeout(120)
class GatewayListenerIT {
    private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");

    private final Queue<GatewayRequest> heard = new ConcurrentLinkedQueue<>();

    private static RawClient raw(DockerSession session) {
        return new RawClient(((Endpoint.UnixSocket) session.endpoint()).path());
    }

    private List<GatewayRequest> heard(String method, String route) {
        return heard.stream()
                .filter(request ->
                        request.method().equals(method) && request.route().equals(route))
                .toList();
    }

    @Test
    void listenerWhenRequestsEndLearnsRouteStatusTimesAndSizes() {
        String create = "{\"Image\":\"busybox\",\"Cmd\":[\"sleep\",\"600\"]}";
        try (DockerSession session = DoodWorkflow.create().listener(heard::add).open()) {
            RawClient raw = raw(session);
            raw.request("POST", "/containers/create?name=db", JSON, create);
            raw.request("GET", "/containers/db/json", Map.of(), "");
            raw.request("GET", "/containers/other/json", Map.of(), "");
            raw.request(
                    "POST", "/containers/create", JSON, "{\"Image\":\"busybox\",\"HostConfig\":{\"Privileged\":true}}");
            raw.request("GET", "/plugins", Map.of(), "");
            raw.request("GET", "/no/such/route", Map.of(), "");
            raw.request("BREW", "/coffee", Map.of(), "");
            // The second one waits for the first, on one connection.
            raw.send(
                    "GET /_ping HTTP/1.1\r\nHost: d\r\n\r\nHEAD /_ping HTTP/1.1\r\nHost: d\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII),
                    false,
                    Duration.ofSeconds(20));
            assertThat(heard)
                    .allSatisfy(request -> assertThat(request.session()).isEqualTo(session.id()));
        }
        assertThat(heard("POST", "/containers/create"))
                .extracting(GatewayRequest::status, GatewayRequest::refused)
                .containsExactly(tuple(201, false), tuple(403, true));
        GatewayRequest created = heard("POST", "/containers/create").get(0);
        assertThat(created.bytesIn()).isEqualTo(create.length());
        assertThat(created.bytesOut()).isPositive();
        assertThat(created.untilHead()).isPositive().isLessThanOrEqualTo(created.untilEnd());
        assertThat(heard("GET", "/containers/{name}/json"))
                .extracting(GatewayRequest::status)
                .containsExactly(200, 404);
        assertThat(heard("GET", "/plugins"))
                .as("closed to every session, whatever its policy")
                .extracting(GatewayRequest::status, GatewayRequest::refused)
                .containsExactly(tuple(403, false));
        assertThat(heard("GET", "")).extracting(GatewayRequest::status).containsExactly(404);
        assertThat(heard("other", "")).extracting(GatewayRequest::status).containsExactly(404);
        assertThat(heard("GET", "/_ping")).extracting(GatewayRequest::bytesOut).contains(2L);
        assertThat(heard("HEAD", "/_ping")).extracting(GatewayRequest::bytesOut).containsOnly(0L);
    }

    @Test
    void listenerWhenABodyIsLongLearnsItsWholeSize() throws Exception {
        long saved;
        try (DockerSession session = DoodWorkflow.create().listener(heard::add).open()) {
            Process save = new Cli(session).start("save", "docker:dind");
            saved = save.getInputStream().transferTo(OutputStream.nullOutputStream());
            assertThat(save.waitFor()).isZero();
        }
        assertThat(heard("GET", "/images/get"))
                .extracting(GatewayRequest::bytesOut)
                .containsExactly(saved);
    }

    @Test
    void listenerWhenAConnectionIsTakenOverLearnsOfItAtItsEnd() {
        try (DockerSession session = DoodWorkflow.create().listener(heard::add).open()) {
            Cli cli = new Cli(session);
            assertThat(cli.dockerWithInput("hi\n", "run", "-i", "--rm", "busybox", "cat")
                            .ok())
                    .isEqualTo("hi");
        }
        assertThat(heard("POST", "/containers/{name}/attach")).singleElement().satisfies(attach -> {
            assertThat(attach.status()).isEqualTo(101);
            assertThat(attach.bytesIn()).isEqualTo("hi\n".length());
            assertThat(attach.bytesOut()).as("with the frame's header").isEqualTo(8 + "hi\n".length());
            assertThat(attach.untilHead()).isLessThan(attach.untilEnd());
        });
    }

    @Test
    void listenerWhenTheClientGoesMidBodyLearnsOfTheUnreadError() {
        try (DockerSession session = DoodWorkflow.create().listener(heard::add).open()) {
            raw(session)
                    .send(
                            "POST /containers/create HTTP/1.1\r\nHost: d\r\nContent-Length: 100\r\n\r\n{"
                                    .getBytes(StandardCharsets.US_ASCII),
                            false,
                            Duration.ofMillis(300));
        }
        assertThat(heard("POST", "/containers/create")).singleElement().satisfies(cut -> {
            assertThat(cut.status()).isEqualTo(400);
            assertThat(cut.bytesIn()).isEqualTo(1);
        });
    }

    @Test
    void listenerWhenItThrowsBreaksNothing() {
        DoodWorkflow workflow = DoodWorkflow.create().listener(request -> {
            heard.add(request);
            throw new AssertionError("on purpose");
        });
        try (DockerSession session = workflow.open()) {
            RawClient raw = raw(session);
            for (int i = 0; i < 3; i++) {
                assertThat(raw.request("GET", "/info", Map.of(), "").status()).contains(200);
            }
        }
        assertThat(heard("GET", "/info")).hasSize(3);
    }

    @Test
    void listenerWhenItBlocksDelaysNeitherRequestsNorTheEnd() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        DoodWorkflow workflow = DoodWorkflow.create().listener(request -> {
            try {
                never.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        long start = System.nanoTime();
        try (DockerSession session = workflow.open()) {
            RawClient raw = raw(session);
            for (int i = 0; i < 10; i++) {
                assertThat(raw.request("GET", "/_ping", Map.of(), "").status()).contains(200);
            }
        } finally {
            never.countDown();
        }
        assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start)).isLessThan(20);
    }
}
