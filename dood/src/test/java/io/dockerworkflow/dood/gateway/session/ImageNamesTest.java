package io.dockerworkflow.dood.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dockerworkflow.Mode;
import io.dockerworkflow.SessionId;
import io.dockerworkflow.internal.children.SessionNames;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageNamesTest {
    private static final String DIGEST = "sha256:" + "0123456789abcdef".repeat(4);

    private final ImageNames names =
            new ImageNames(new SessionNames(SessionId.parse("0a0b0c0d").orElseThrow(), Mode.DOOD, "none", Map.of()));

    @Test
    void claimWhenItIsADigestIsATagOfItsOwnOnTheEngine() {
        String tag = names.claim("r:5000/app:1");
        String digest = names.claim("r:5000/app@" + DIGEST);
        assertThat(digest)
                .startsWith(tag.substring(0, tag.lastIndexOf(':')) + ":sha256-")
                .doesNotContain("@");
        assertThat(names.toLogical(digest)).isEqualTo("r:5000/app@" + DIGEST);
        assertThat(names.isOwn("r:5000/app@" + DIGEST)).isFalse();
        names.confirm(digest);
        assertThat(names.isOwn("r:5000/app@" + DIGEST)).isTrue();
        assertThat(names.toEngine("r:5000/app:any@" + DIGEST))
                .as("a digest goes before a tag")
                .isEqualTo(digest);
        assertThat(names.logicalText("No such image: " + digest + "."))
                .isEqualTo("No such image: r:5000/app@" + DIGEST + ".");
        names.forget(digest);
        assertThat(names.isOwn("r:5000/app@" + DIGEST)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"app@sha256:0", "app@md5:0123", "App@sha256:0", "app:-", "a b"})
    void claimWhenItIsNoReferenceIsRefused(String reference) {
        assertThatThrownBy(() -> names.claim(reference)).hasMessageContaining("invalid reference format");
    }

    @ParameterizedTest
    @CsvSource({
        "app, app",
        "app:1, app",
        "r:5000/app, r:5000/app",
        "r:5000/app:1, r:5000/app",
        "r:5000/team/app@sha256:00, r:5000/team/app",
        "r:5000/app:1@sha256:00, r:5000/app"
    })
    void repositoryIsWithoutTagAndDigest(String reference, String repository) {
        assertThat(ImageNames.repository(reference)).isEqualTo(repository);
    }
}
