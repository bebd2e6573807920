package io.dockerworkflow.spi;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.exception.DockerException;
import org.junit.jupiter.api.Test;

class EngineWordsTest {

    @Test
    void wordsWhenEngineAnsweredJsonAreItsMessage() {
        assertThat(EngineWords.of(new DockerException("{\"message\":\"dial tcp: \\\"refused\\\"\"}\n", 500)))
                .contains("dial tcp: \"refused\"");
    }

    @Test
    void wordsWhenEngineAnsweredTextAreThatText() {
        assertThat(EngineWords.of(new DockerException("page not found\n", 404))).contains("page not found");
    }

    @Test
    void wordsWhenNothingWasAnsweredAreTheFailures() {
        assertThat(EngineWords.of(new IllegalStateException())).contains("java.lang.IllegalStateException");
        assertThat(EngineWords.of(new DockerException("", 500))).isEmpty();
    }
}
