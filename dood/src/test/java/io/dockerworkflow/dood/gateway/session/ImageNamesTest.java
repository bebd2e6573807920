package io.dockerworkflow.dood.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dockerworkflow.Mode;
import io.dockerworkflow.SessionId;
import io.dockerworkflow.internal.children.SessionNames;
import io.dockerworkflow.internal.engine.ImageReference;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageNamesTest {
    private static final String DIGEST = "sha256:" + "0123456789abcdef".repeat(4);

    private final SessionNames session =
            new SessionNames(SessionId.parse("0a0b0c0d").orElseThrow(), Mode.DOOD, "none", Map.of());
    private final ImageNames names = new ImageNames(session);
    private final OwnTags ownTags = new OwnTags(session);
    private final MessageRewriter messages = new MessageRewriter(session, names);

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
        assertThat(messages.withLogicalImages("No such image: " + digest + "."))
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
        assertThat(ImageReference.nameAsWritten(reference)).isEqualTo(repository);
    }

    /** As moby's {@code reference.FamiliarString} shows it. */
    @ParameterizedTest
    @CsvSource({
        "busybox, busybox:latest",
        "docker.io/library/busybox, busybox:latest",
        "docker.io/busybox:1, busybox:1",
        "index.docker.io/team/app, team/app:latest",
        "library/busybox, busybox:latest",
        "library/team/app, library/team/app:latest",
        "r:5000/app, r:5000/app:latest",
        "r:5000/library/app:1, r:5000/library/app:1",
        "app@sha256:00, app@sha256:00",
        "app:1@sha256:00, app:1@sha256:00",
    })
    void familiarIsAsTheDaemonShowsIt(String reference, String familiar) {
        assertThat(ImageReference.of(reference).withDefaultTag().familiar()).isEqualTo(familiar);
    }

    @Test
    void tagWhenItIsConfirmedMeansTheSessionsImage() {
        String engine = names.claim("docker.io/library/app");
        assertThat(engine).isEqualTo("dw-0a0b0c0d-images/none/tag/app:latest");
        assertThat(names.toEngine("app")).as("before it is there").isEqualTo("app");
        names.confirm(engine);
        assertThat(names.isConfirmed(engine)).isTrue();
        assertThat(names.since(engine)).isPresent();
        assertThat(names.all()).isEqualTo(Map.of("app:latest", engine));
        for (String same : new String[] {"app", "app:latest", "library/app", "index.docker.io/library/app:latest"}) {
            assertThat(names.toEngine(same)).isEqualTo(engine);
            assertThat(names.isOwn(same)).isTrue();
        }
        assertThat(names.toEngine("app:1")).isEqualTo("app:1");
        names.forget(engine);
        assertThat(names.toEngine("app")).isEqualTo("app");
        assertThat(names.isConfirmed(engine)).isFalse();
        assertThat(names.since(engine)).isEmpty();
        assertThat(names.toLogical(engine)).as("for what is told late").isEqualTo("app:latest");
    }

    @Test
    void confirmWhenNothingWasClaimedDoesNothing() {
        names.confirm("dw-0a0b0c0d-images/none/tag/app:1");
        names.forget("stranger:1");
        assertThat(names.all()).isEmpty();
    }

    @Test
    void referencesWhenTheyDifferHaveTagsOfTheirOwn() {
        String[] references = {
            "r:5000/app:1", "r/5000/app:1", "R:5000/app:1", "r--port--5000/app:1", "r.5000/app:1", "app:1", "team/app:1"
        };
        assertThat(Arrays.stream(references).map(names::claim))
                .doesNotHaveDuplicates()
                .allMatch(tag -> tag.matches("dw-0a0b0c0d-images/none/tag/[a-z0-9._/-]+:1"));
        for (String reference : references) {
            assertThat(names.toLogical(names.engineReference(reference))).isEqualTo(reference);
        }
    }

    @Test
    void referenceWhenItsRepositoryHasCapitalsSaysSo() {
        assertThatThrownBy(() -> names.claim("Team/App:1"))
                .hasMessage("invalid reference format: repository name (Team/App) must be lowercase");
        assertThatThrownBy(() -> names.claim("team//app")).hasMessage("invalid reference format");
    }

    @Test
    void textWhenItHasEngineReferencesHasTheClients() {
        String app = names.claim("app:latest");
        String other = names.claim("r:5000/other:2");
        assertThat(messages.withLogicalImages(
                        "tag " + app + ": built from " + other + ". " + app.replace(":latest", "") + " too"))
                .isEqualTo("tag app:latest: built from r:5000/other:2. app too");
        assertThat(messages.withLogicalImages("nothing")).isEqualTo("nothing");
        assertThat(messages.withLogicalImages("dw-0a0b0c0d-images/none/tag/unknown:1"))
                .isEqualTo("dw-0a0b0c0d-images/none/tag/unknown:1");
    }

    @Test
    void imageWhenItWasWrittenWithoutATagIsShownSo() {
        String engine = names.claim("app");
        assertThat(names.asWritten("app", engine)).isEqualTo("dw-0a0b0c0d-images/none/tag/app");
        assertThat(names.asWritten("app:latest", engine)).isEqualTo(engine);
        assertThat(names.asWritten("busybox", "busybox:latest")).isEqualTo("busybox:latest");
        assertThat(names.toLogical("dw-0a0b0c0d-images/none/tag/app")).isEqualTo("app");
    }

    @Test
    void holdsAreToldFromTags() {
        String hold = ownTags.lease(DIGEST);
        assertThat(hold).isEqualTo("dw-0a0b0c0d-images/none:" + DIGEST.substring("sha256:".length()));
        assertThat(ownTags.isLease(hold)).isTrue();
        assertThat(ownTags.isStepLease(hold)).isFalse();
        assertThat(ownTags.isStepLease(ownTags.stepLease(DIGEST))).isTrue();
        assertThat(ownTags.isLease(names.claim("app:1"))).isFalse();
        assertThat(ownTags.isPushMark(ownTags.pushMark("app:1"))).isTrue();
        assertThat(ownTags.isPushMark(names.claim("push/app:1"))).isFalse();
        ownTags.noteLeased(DIGEST);
        assertThat(ownTags.isLeased(DIGEST)).isTrue();
    }

    @Test
    void holdOfAResultYieldsToLastingOnesAndToEarlierBuilds() {
        String second = ownTags.resultLease(2);
        assertThat(ownTags.isLeaseBefore(ownTags.lease(DIGEST), second)).isTrue();
        assertThat(ownTags.isLeaseBefore(ownTags.resultLease(1), second)).isTrue();
        assertThat(ownTags.isLeaseBefore(second, second)).isFalse();
        assertThat(ownTags.isLeaseBefore(ownTags.resultLease(3), second)).isFalse();
        assertThat(ownTags.isLeaseBefore(ownTags.stepLease(DIGEST), second)).isFalse();
        assertThat(ownTags.isLeaseBefore("dw-0a0b0c0d-images/none:build-1.1", second))
                .as("of a stage")
                .isFalse();
        assertThat(ownTags.isLeaseBefore("busybox:1", second)).isFalse();
        assertThat(ownTags.newBuild()).isLessThan(ownTags.newBuild());
    }
}
