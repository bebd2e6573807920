package io.dockerworkflow.dood.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VisibleImagesTest {
    private static final String DIGEST = "sha256:" + "0123456789abcdef".repeat(4);

    private final VisibleImages some =
            new VisibleImages(Optional.of(List.of(Pattern.compile("busybox:.*"), Pattern.compile("r:5000/[^/]*"))));
    private final VisibleImages all = new VisibleImages(Optional.empty());

    @ParameterizedTest
    @CsvSource({
        "busybox, true",
        "busybox:1.36, true",
        "docker.io/library/busybox:1, true",
        "alpine:1, false",
        "r:5000/app, true",
        "r:5000/team/app, false",
        "r:5000/app@sha256:00, true",
        "busybox@sha256:00, false",
        "0123456789ab, false",
        "sha256:00, false",
    })
    void imageOfTheHostsIsAllowedByItsFamiliarName(String reference, boolean allowed) {
        assertThat(some.allows(reference)).isEqualTo(allowed);
        assertThat(all.allows(reference)).isTrue();
        assertThat(all.all()).isTrue();
        assertThat(some.all()).isFalse();
    }

    @Test
    void idWhenAPatternMatchesItIsStillNoName() {
        assertThat(new VisibleImages(Optional.of(List.of(Pattern.compile(".*")))).allows("0123456789ab"))
                .isFalse();
    }

    @Test
    void imageWhenItIsAdoptedIsAllowed() {
        some.adopt(DIGEST);
        some.adopt("alpine@" + DIGEST);
        assertThat(some.isAdopted(DIGEST)).isTrue();
        assertThat(some.allows(DIGEST)).isTrue();
        assertThat(some.allows("alpine@" + DIGEST)).isTrue();
        assertThat(some.allows("alpine")).isFalse();
    }

    @Test
    void patternsHaveWhatIsAdoptedLiterally() {
        some.adopt("a.b@" + DIGEST);
        List<Pattern> patterns = some.patterns().orElseThrow();
        assertThat(patterns).hasSize(3);
        assertThat(patterns.get(2).matcher("a.b@" + DIGEST).matches()).isTrue();
        assertThat(patterns.get(2).matcher("axb@" + DIGEST).matches()).isFalse();
        assertThat(all.patterns()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "busybox, busybox:latest",
        "busybox:1, busybox:1",
        "r:5000/app, r:5000/app",
        "alpine, alpine:latest",
    })
    void referenceWhenNotAllTagsAreSeenIsPinnedToOne(String reference, String pinned) {
        assertThat(some.pinned(reference)).isEqualTo(pinned);
        assertThat(all.pinned(reference)).isEqualTo(reference);
    }
}
