package io.dockerworkflow.internal.step;

import static org.assertj.core.api.Assertions.assertThat;

import io.dockerworkflow.EngineException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The words are those of engine 28.5.2, and of 29.5 in moby#52653. */
class LinkedMountsTest {
    private static final List<String> USUAL = List.of("/var/run/docker.sock:/var/run/docker.sock", "/a:/b:ro");

    @Test
    void mountsWhenEngineTripsOverALinkAreToBlame() {
        assertThat(blamed("mkdirat var/run: statat var/run: path escapes from parent", USUAL))
                .isTrue();
        assertThat(blamed("mkdirat var/run: file exists", USUAL)).isTrue();
    }

    @Test
    void mountsWhenEngineFailsForSomethingElseAreNotToBlame() {
        assertThat(blamed("no space left on device", USUAL)).isFalse();
    }

    @Test
    void mountsWhenNoneLeadsThroughTheLinkAreNotToBlame() {
        assertThat(blamed("mkdirat var/run: file exists", LinkedMounts.avoid(USUAL)))
                .isFalse();
    }

    @Test
    void avoidGivesTheTargetsTheirOtherNames() {
        assertThat(LinkedMounts.avoid(USUAL)).containsExactly("/var/run/docker.sock:/run/docker.sock", "/a:/b:ro");
    }

    private static boolean blamed(String words, List<String> binds) {
        return LinkedMounts.areToBlame(
                new EngineException("put files into a container", "x", Optional.of(words), "Nothing", null), binds);
    }
}
