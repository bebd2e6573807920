package io.dockerworkflow.dood.gateway.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.OffsetDateTime;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EngineTimeTest {
    private static final OffsetDateTime NOW = OffsetDateTime.parse("2026-01-31T12:00:00+02:00");

    @ParameterizedTest
    @CsvSource({
        "24h, 2026-01-30T10:00:00Z",
        "1h30m, 2026-01-31T08:30:00Z",
        "1.5h, 2026-01-31T08:30:00Z",
        "90s, 2026-01-31T09:58:30Z",
        "500ms, 2026-01-31T09:59:59.5Z",
        "-1h, 2026-01-31T11:00:00Z",
        "0, 1970-01-01T00:00:00Z",
        "1769853600, 2026-01-31T10:00:00Z",
        "1769853600.25, 2026-01-31T10:00:00Z",
        "2026-01-31, 2026-01-30T22:00:00Z",
        "2026-01-31Z, 2026-01-31T00:00:00Z",
        "2026-01-31T09, 2026-01-31T07:00:00Z",
        "2026-01-31T09:30, 2026-01-31T07:30:00Z",
        "2026-01-31T09:30Z, 2026-01-31T09:30:00Z",
        "2026-01-31T09:30:15.5, 2026-01-31T07:30:15.5Z",
        "2026-01-31T09:30:15+01:00, 2026-01-31T08:30:15Z"
    })
    void parseWhenTheDaemonReadsItIsThatTime(String text, String expected) {
        assertThat(EngineTime.parse(text, NOW)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "never", "1d", "2026-13-01", "2026-01-31 09:30", "h", "99999999999999999999"})
    void parseWhenItIsNoTimeSaysWhatIs(String text) {
        assertThatThrownBy(() -> EngineTime.parse(text, NOW))
                .hasMessage(
                        "docker-workflow cannot read the time \"" + text
                                + "\"; write a duration like 24h, a date like 2026-01-31T12:00:00Z, or seconds since the epoch");
    }
}
