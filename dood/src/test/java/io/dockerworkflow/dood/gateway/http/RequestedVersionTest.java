package io.dockerworkflow.dood.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dockerworkflow.dood.gateway.engine.EngineClient;
import io.dockerworkflow.dood.gateway.engine.EngineFacts;
import io.dockerworkflow.dood.gateway.protocol.ApiException;
import io.dockerworkflow.internal.engine.EngineVersion;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which API version a request is served as, by an engine that takes 1.12 to 1.52. */
class RequestedVersionTest {
    private final List<String> served = new ArrayList<>();
    private final RouteTable routes = new RouteTable(
            new Engine(EngineFacts.of(new EngineVersion("29.0", "1.51", "1.12", "1.52", "linux", "amd64"))),
            List.of(Route.of("GET", "/info", request -> {
                served.add(request.version().toString());
                return CompletableFuture.completedFuture(ClientResponse.empty(200));
            })));

    @ParameterizedTest
    @CsvSource({"/info, 1.51", "/v1.51/info, 1.51", "/v1.41/info, 1.41", "/v1.22/info, 1.24", "/v0001.041/info, 1.41"})
    void versionWhenItIsKnownIsServed(String uri, String version) {
        ask(uri);

        assertThat(served).containsExactly(version);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "1.", ".41", "1.41.0", "1.2147483648", "."})
    void versionWhenItIsNoneIsRefused(String version) {
        refuses(version, "invalid API version: " + version);
    }

    @Test
    void versionWhenItIsUnknownIsRefusedInTheDaemonsWords() {
        refuses("1.52", "client version 1.52 is too new. Maximum supported API version is 1.51");
        refuses("1.12345", "client version 1.12345 is too new. Maximum supported API version is 1.51");
        refuses(
                "1.11",
                "client version 1.11 is too old. Minimum supported API version is 1.12, please upgrade your client to a"
                        + " newer version");
    }

    private void refuses(String version, String message) {
        assertThatThrownBy(() -> ask("/v" + version + "/info")).isInstanceOfSatisfying(ApiException.class, refusal -> {
            assertThat(refusal.status()).isEqualTo(400);
            assertThat(refusal).hasMessage(message);
        });
        assertThat(served).isEmpty();
    }

    private void ask(String uri) {
        EmbeddedChannel client = new EmbeddedChannel();
        routes.handle(
                new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, uri),
                client.eventLoop(),
                new RequestBody(client, false));
    }

    /** Only its facts matter here. */
    private record Engine(EngineFacts facts) implements HttpContext {
        @Override
        public EngineClient engine() {
            return null;
        }

        @Override
        public PendingWork pending() {
            return new PendingWork();
        }

        @Override
        public long revision() {
            return 0;
        }

        @Override
        public String clientMessage(String message) {
            return message;
        }
    }
}
