package io.dockerworkflow.dood.gateway.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.dockerworkflow.dood.gateway.protocol.ApiJson;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegistryAliasTest {
    /** As 28.5.2 says it. */
    private static final String INFO = """
            {"RegistryConfig": {"IndexConfigs": {
              "docker.io": {"Name": "docker.io", "Secure": true, "Official": true},
              "plain.example:5000": {"Name": "plain.example:5000", "Secure": false, "Official": false}}}}""";

    @ParameterizedTest
    @CsvSource({
        "reg.example:5000/app:1,          reg.example:05000/app:1",
        "localhost:5000/team/app:latest,  localhost:05000/team/app:latest",
        "127.0.0.1:5000/app:1,            127.0.0.1:05000/app:1",
        "[::1]:5000/app:1,                [::1]:05000/app:1",
        "reg.example/team/app:1,          reg.example:443/team/app:1",
    })
    void nameWithAnAddressHasAnotherSpelling(String reference, String other) {
        assertThat(RegistryAlias.of(reference, ApiJson.parse(INFO.getBytes(StandardCharsets.UTF_8))))
                .contains(other);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "app:1",
                "team/app:1",
                "localhost/app:1",
                "127.0.0.1/app:1",
                "[::1]/app:1",
                "plain.example:5000/app:1"
            })
    void nameThatTheEngineWouldReachInAnotherWayHasNone(String reference) {
        assertThat(RegistryAlias.of(reference, ApiJson.parse(INFO.getBytes(StandardCharsets.UTF_8))))
                .isEmpty();
    }

    @Test
    void nameWhenTheEngineSaysNothingOfItsRegistriesHasOne() {
        assertThat(RegistryAlias.of("reg.example:5000/app:1", ApiJson.object())).isPresent();
    }
}
