package io.dockerworkflow.dood.gateway.build;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BuildCredentialsTest {
    private static final String KNOWN = "{\"https://index.docker.io/v1/\":{\"username\":\"hub\"},"
            + "\"reg.example:5000\":{\"username\":\"port\"},\"https://reg.example/v2/\":{\"username\":\"address\"}}";

    @ParameterizedTest
    @CsvSource({
        "busybox, hub",
        "team/app:1, hub",
        "docker.io/library/busybox, hub",
        "reg.example:5000/app, port",
        "reg.example/team/app:1, address"
    })
    void ofWhenTheRegistryIsKnownAreItsOwn(String reference, String user) {
        assertThat(BuildCredentials.of(headers(KNOWN), reference))
                .singleElement()
                .satisfies(value -> assertThat(new String(Base64.getUrlDecoder().decode(value), StandardCharsets.UTF_8))
                        .isEqualTo("{\"username\":\"" + user + "\"}"));
    }

    @Test
    void ofWhenThereAreNoneOrMalformedAreNone() {
        assertThat(BuildCredentials.of(headers(KNOWN), "other.example/app")).isEmpty();
        assertThat(BuildCredentials.of(headers(KNOWN), "localhost/app")).isEmpty();
        for (String malformed : List.of("", "[]", "{", "7")) {
            assertThat(BuildCredentials.of(headers(malformed), "busybox")).isEmpty();
        }
        assertThat(BuildCredentials.of(new DefaultHttpHeaders(), "busybox")).isEmpty();
        assertThat(BuildCredentials.of(new DefaultHttpHeaders().set("X-Registry-Config", "%"), "busybox"))
                .isEmpty();
    }

    private static HttpHeaders headers(String known) {
        return new DefaultHttpHeaders()
                .set(
                        "X-Registry-Config",
                        Base64.getUrlEncoder().encodeToString(known.getBytes(StandardCharsets.UTF_8)));
    }
}
