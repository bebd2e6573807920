package io.dockerworkflow.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.exception.DockerException;
import org.junit.jupiter.api.Test;

class EngineErrorsTest {

    @Test
    void wordsWhenEngineAnsweredJsonAreItsMessage() {
        assertThat(EngineErrors.of(new DockerException("{\"message\":\"dial tcp: \\\"refused\\\"\"}\n", 500)))
                .contains("dial tcp: \"refused\"");
    }

    @Test
    void wordsWhenEngineAnsweredTextAreThatText() {
        assertThat(EngineErrors.of(new DockerException("page not found\n", 404)))
                .contains("page not found");
    }

    @Test
    void wordsWhenNothingWasAnsweredAreTheFailures() {
        assertThat(EngineErrors.of(new IllegalStateException())).contains("java.lang.IllegalStateException");
        assertThat(EngineErrors.of(new DockerException("", 500))).isEmpty();
    }
}
