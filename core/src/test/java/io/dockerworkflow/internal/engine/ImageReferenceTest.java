package io.dockerworkflow.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The forms are those of distribution/reference's own tests (normalize_test.go), where they are not the engine's. */
class ImageReferenceTest {
    private static final String DIGEST = "sha256:6c3c624b58dbbcd3c0dd82b4c53f04194d1247c6eebdaab7c610cf7d66709b3b";

    @ParameterizedTest
    @CsvSource({
        "busybox, busybox, docker.io/library/busybox",
        "busybox:1, busybox:1, docker.io/library/busybox:1",
        "library/busybox, busybox, docker.io/library/busybox",
        "docker.io/busybox, busybox, docker.io/library/busybox",
        "docker.io/library/busybox, busybox, docker.io/library/busybox",
        "index.docker.io/library/busybox:1, busybox:1, docker.io/library/busybox:1",
        "index.docker.io/busybox, busybox, docker.io/library/busybox",
        "library/a/b, library/a/b, docker.io/library/a/b",
        "team/app:2, team/app:2, docker.io/team/app:2",
        "docker.io/team/app, team/app, docker.io/team/app",
        "localhost/app, localhost/app, localhost/app",
        "localhost:5000/app, localhost:5000/app, localhost:5000/app",
        "localhost:5000/library/app:1, localhost:5000/library/app:1, localhost:5000/library/app:1",
        "registry.example/a/b:x, registry.example/a/b:x, registry.example/a/b:x",
        "Team/app, Team/app, Team/app",
        "10.0.0.1:80/a, 10.0.0.1:80/a, 10.0.0.1:80/a",
    })
    void nameHasAFamiliarAndACanonicalForm(String text, String familiar, String canonical) {
        ImageReference reference = ImageReference.of(text);
        assertThat(reference.familiar()).isEqualTo(familiar);
        assertThat(reference.canonical()).isEqualTo(canonical);
        assertThat(ImageReference.of(canonical)).isEqualTo(reference);
        assertThat(ImageReference.of(familiar)).isEqualTo(reference);
    }

    @Test
    void digestWhenThereIsATagStandsBehindIt() {
        ImageReference both = ImageReference.of("docker.io/library/app:1@" + DIGEST);
        assertThat(both).isEqualTo(new ImageReference(Optional.empty(), "app", Optional.of("1"), Optional.of(DIGEST)));
        assertThat(both.familiar()).isEqualTo("app:1@" + DIGEST);
        assertThat(both.withoutNeedlessTag().canonical()).isEqualTo("docker.io/library/app@" + DIGEST);
        assertThat(ImageReference.of("app:1").withoutNeedlessTag().familiar()).isEqualTo("app:1");
    }

    @ParameterizedTest
    @CsvSource({
        "app, app, app:latest",
        "app:1, app, app:1",
        "localhost:5000/a/b, localhost:5000/a/b, localhost:5000/a/b:latest",
        "docker.io/app, docker.io/app, docker.io/app:latest",
        "app@sha256:ab, app, app@sha256:ab",
        "app:1@sha256:ab, app, app:1@sha256:ab",
        "'', '', ':latest'",
    })
    void textIsSplitAndCompletedAsItIsWritten(String text, String name, String tagged) {
        assertThat(ImageReference.nameAsWritten(text)).isEqualTo(name);
        assertThat(ImageReference.tagged(text)).isEqualTo(tagged);
    }

    @Test
    void tagWhenThereIsNoneIsLatest() {
        assertThat(ImageReference.of("app").withDefaultTag().familiar()).isEqualTo("app:latest");
        assertThat(ImageReference.of("app:1").withDefaultTag().familiar()).isEqualTo("app:1");
        assertThat(ImageReference.of("app@" + DIGEST).withDefaultTag().familiar())
                .isEqualTo("app@" + DIGEST);
        assertThat(ImageReference.of("localhost:5000/app").withDefaultTag().tag())
                .contains("latest");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "a/b/c:1",
                "localhost:5000/a",
                "EXAMPLE.com:443/a",
                "a__b",
                "a.b-c--d",
                "a:_",
                "a@" + DIGEST,
                "a:1@" + DIGEST,
            })
    void referenceWhenAnEngineTakesItIsWellFormed(String text) {
        assertThat(ImageReference.of(text).isWellFormed()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "A",
                "a/B",
                "a:",
                "a:-1",
                "a@sha256:ab",
                "a@",
                "-a",
                "a..b",
                "a___b",
                "/a",
                "a//b",
                "a/",
                "docker.io//a",
                "a b",
                "a:1:2",
                "a@b@" + DIGEST,
            })
    void referenceWhenAnEngineRefusesItIsNotWellFormed(String text) {
        assertThat(ImageReference.of(text).isWellFormed()).isFalse();
    }

    @Test
    void tagWhenItIsTooLongIsNotWellFormed() {
        assertThat(ImageReference.of("a:" + "x".repeat(128)).isWellFormed()).isTrue();
        assertThat(ImageReference.of("a:" + "x".repeat(129)).isWellFormed()).isFalse();
    }

    @Test
    void digestWhenItIsWholeIsOne() {
        assertThat(ImageReference.isDigest(DIGEST)).isTrue();
        assertThat(ImageReference.isDigest(DIGEST.substring(7))).isFalse();
        assertThat(ImageReference.isDigest(DIGEST.substring(0, 70))).isFalse();
        assertThat(ImageReference.isDigest("app@" + DIGEST)).isFalse();
    }
}
