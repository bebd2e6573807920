package io.dockerworkflow.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ApiVersionTest {

    @ParameterizedTest
    @CsvSource({
        "1.41, 1, 41",
        "1.9, 1, 9",
        "0.0, 0, 0",
        "0001.041, 1, 41",
        "2147483647.2147483647, 2147483647, 2147483647"
    })
    void versionWhenItIsTwoNumbersIsThose(String text, int major, int minor) {
        assertThat(ApiVersion.parse(text)).contains(new ApiVersion(major, minor));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1",
                "1.",
                ".41",
                "1.41.0",
                "1..41",
                "v1.41",
                " 1.41",
                "1.41\n",
                "+1.41",
                "1.-41",
                "1.4x",
                "1.2147483648",
                "1.٤١"
            })
    void versionWhenItIsNotTwoNumbersIsNone(String text) {
        assertThat(ApiVersion.parse(text)).isEmpty();
    }

    @Test
    void orderWhenNumbersHaveUnlikeLengthsIsByNumber() {
        assertThat(Stream.of("1.41", "2.0", "1.9", "1.100", "0.99")
                        .flatMap(text -> ApiVersion.parse(text).stream())
                        .sorted()
                        .map(ApiVersion::toString))
                .containsExactly("0.99", "1.9", "1.41", "1.100", "2.0");
    }

    @Test
    void atLeastWhenItIsThatOrNewerHolds() {
        ApiVersion version = new ApiVersion(1, 41);

        assertThat(version.atLeast(1, 41)).isTrue();
        assertThat(version.atLeast(1, 9)).isTrue();
        assertThat(version.atLeast(1, 42)).isFalse();
        assertThat(version.atLeast(2, 0)).isFalse();
    }
}
