package io.dockerworkflow.dood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostImagesTest {

    @ParameterizedTest
    @CsvSource({
        "busybox, busybox:latest, true",
        "busybox, busybox:1.36, true",
        "busybox, busybox2:latest, false",
        "busybox, team/busybox:latest, false",
        "docker.io/library/busybox, busybox:1, true",
        "docker.io/team/app, team/app:1, true",
        "maven:3.*, maven:3.9, true",
        "maven:3.*, maven:4.0, false",
        "maven:3.*, maven3.9:latest, false",
        "*, busybox:latest, true",
        "*, team/app:latest, false",
        "registry.example:5000/team/*, registry.example:5000/team/app:1, true",
        "registry.example:5000/team/*, registry.example:5000/team/deep/app:1, false"
    })
    void patternWhenComparedMatchesAsTheReferenceFilterDoes(String pattern, String reference, boolean matches) {
        assertThat(HostImages.only(pattern).patterns().orElseThrow())
                .singleElement()
                .satisfies(compiled ->
                        assertThat(compiled.matcher(reference).matches()).isEqualTo(matches));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "busybox@sha256:0a", "busybox[", "a[z-a]"})
    void patternWhenItIsNoneIsRefused(String pattern) {
        assertThatThrownBy(() -> HostImages.only(pattern))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(pattern);
    }

    @Test
    void choiceWhenEqualIsEqual() {
        assertThat(HostImages.all().patterns()).isEmpty();
        assertThat(HostImages.none().patterns())
                .hasValueSatisfying(none -> assertThat(none).isEmpty());
        assertThat(HostImages.only("a")).isEqualTo(HostImages.only("a")).isNotEqualTo(HostImages.none());
        assertThat(HostImages.only("a")).hasToString("HostImages only [a]");
        assertThat(HostImages.none()).hasToString("HostImages none");
    }
}
