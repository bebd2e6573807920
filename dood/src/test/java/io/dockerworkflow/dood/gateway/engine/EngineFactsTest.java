package io.dockerworkflow.dood.gateway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.dockerworkflow.internal.engine.EngineVersion;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EngineFactsTest {

    @ParameterizedTest
    @CsvSource({"1.12, 1.41, 1.12, 1.41", "1.24, 1.51, 1.24, 1.51", "1.44, 1.99, 1.44, 1.51"})
    void newestIsWhatBothSidesKnow(String min, String max, String oldest, String newest) {
        EngineFacts facts = EngineFacts.of(new EngineVersion("28.5.2", "1.44", min, max, "linux", "amd64"));
        assertThat(facts.oldest()).hasToString(oldest);
        assertThat(facts.newest()).hasToString(newest);
        assertThat(facts.osType()).isEqualTo("linux");
        assertThat(facts.server()).isEqualTo("Docker/28.5.2 (linux)");
    }
}
