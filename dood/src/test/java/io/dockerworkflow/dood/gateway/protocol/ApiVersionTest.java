package io.dockerworkflow.dood.gateway.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ApiVersionTest {

    @ParameterizedTest
    @CsvSource({"1.41, 1, 41", "0.9, 0, 9", "2.0, 2, 0", "1.051, 1, 51"})
    void versionWhenItHasTwoNumbersIsRead(String text, int major, int minor) {
        assertThat(ApiVersion.parse(text)).isEqualTo(new ApiVersion(major, minor));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "1.", ".41", "1.4.1", "...", "a.b", "1.41 ", "99999999999.1"})
    void versionWhenItIsNoneIsRefused(String text) {
        assertThatThrownBy(() -> ApiVersion.parse(text))
                .isInstanceOf(ApiException.class)
                .hasMessage("invalid API version: " + text);
    }

    @Test
    void versionsAreComparedAsNumbers() {
        assertThat(ApiVersion.parse("1.9")).isLessThan(ApiVersion.parse("1.41"));
        assertThat(ApiVersion.parse("2.0")).isGreaterThan(ApiVersion.parse("1.51"));
        assertThat(ApiVersion.parse("1.41").atLeast(1, 41)).isTrue();
        assertThat(ApiVersion.parse("1.41").atLeast(1, 42)).isFalse();
        assertThat(ApiVersion.parse("1.041")).hasToString("1.41");
    }
}
