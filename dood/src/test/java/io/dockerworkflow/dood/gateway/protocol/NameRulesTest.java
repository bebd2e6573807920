package io.dockerworkflow.dood.gateway.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules and words are those of moby's {@code daemon/names} and of its local volume driver. */
class NameRulesTest {

    @ParameterizedTest
    @CsvSource({"db, db", "/db, db", "0a, 0a", "a_b.c-d, a_b.c-d", "A.., A.."})
    void containerWhenItsNameIsValidHasItWithoutSlash(String name, String bare) {
        assertThat(NameRules.requireContainerName(name)).isEqualTo(bare);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "/", "a", "/a", "//ab", "_ab", "-ab", ".ab", "a b", "a/b", "ab:1", "äb", "ab\n", "ab\u0000"})
    void containerWhenItsNameIsInvalidIsRefused(String name) {
        assertThatThrownBy(() -> NameRules.requireContainerName(name))
                .isInstanceOf(ApiException.class)
                .hasMessage("Invalid container name (" + name + "), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"db", "0a", "a_b.c-d"})
    void volumeWhenItsNameIsValidIsTaken(String name) {
        assertThatCode(() -> NameRules.requireVolumeName(name)).doesNotThrowAnyException();
    }

    @Test
    void volumeWhenItsNameIsShortIsRefused() {
        assertThatThrownBy(() -> NameRules.requireVolumeName("a"))
                .hasMessage("volume name is too short, names should be at least two alphanumeric characters");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/ab", "a/b", "..", "a b", "ab\n", "_ab"})
    void volumeWhenItsNameIsInvalidIsRefused(String name) {
        assertThatThrownBy(() -> NameRules.requireVolumeName(name))
                .isInstanceOf(ApiException.class)
                .hasMessage("\"" + name + "\" includes invalid characters for a local volume name, only"
                        + " \"[a-zA-Z0-9][a-zA-Z0-9_.-]\" are allowed. If you intended to pass a host directory, use absolute"
                        + " path");
    }
}
