package io.dockerworkflow.dood.gateway.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.dockerworkflow.dood.gateway.protocol.ApiJson;
import io.dockerworkflow.dood.testsupport.Trees;
import io.dockerworkflow.internal.engine.ImageReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines are the daemon's own, of {@code docker pull} through 20.10.24. */
class PullProgressTest {
    private static final String DIGEST = "sha256:" + "0123456789abcdef".repeat(4);

    private final PullProgress progress = new PullProgress();

    private void hear(String... lines) {
        for (String line : lines) {
            progress.hear(Trees.object(line));
        }
    }

    @Test
    void pullWhenNothingWasHeardHasNotSucceeded() {
        assertThat(progress.succeeded()).isFalse();
        assertThat(progress.tag()).isEmpty();
        assertThat(progress.digest()).isEmpty();
        assertThat(progress.completed()).isEmpty();
    }

    @Test
    void pullWhenItIsDoneHasTagDigestAndReference() {
        hear(
                "{'status':'Pulling from library/busybox','id':'1.36'}",
                "{'status':'Pulling fs layer','progressDetail':{},'id':'0123456789ab'}",
                "{'status':'Digest: " + DIGEST + "'}");
        assertThat(progress.tag()).contains("1.36");
        assertThat(progress.digest()).contains(DIGEST);
        assertThat(progress.completed()).isEmpty();
        hear("{'status':'Status: Downloaded newer image for busybox:1.36'}");
        assertThat(progress.completed()).contains("busybox:1.36");
        assertThat(progress.succeeded()).isTrue();
    }

    @Test
    void pullWhenAllTagsAreWantedHasOneAfterTheOther() {
        hear("{'status':'Pulling from app','id':'1'}", "{'status':'Digest: " + DIGEST + "'}");
        hear("{'status':'Pulling from app','id':'2'}");
        assertThat(progress.tag()).contains("2");
        assertThat(progress.digest()).as("that of the tag before").isEmpty();
        hear("{'status':'Status: Image is up to date for r:5000/app'}");
        assertThat(progress.completed()).contains("r:5000/app");
        hear("{'status':'x'}");
        assertThat(progress.completed()).isEmpty();
    }

    @Test
    void pullWhenItsLastLineIsAnErrorHasFailed() {
        hear("{'status':'Pulling from app','id':'1'}", "{'error':'no space','errorDetail':{'message':'no space'}}");
        assertThat(progress.succeeded()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Status: Downloaded newer image for a b",
                "Status: Downloaded newer image for ",
                "status: image is up to date",
                "xStatus: Image is up to date for a"
            })
    void lineWhenItIsNotTheLastCompletesNothing(String status) {
        progress.hear(ApiJson.object().put("status", status));
        assertThat(progress.completed()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "sha256:", "sha256:0123", "md5:0", "SHA256:0"})
    void digestWhenItIsNoneIsNotTaken(String text) {
        assertThat(ImageReference.isDigest(text)).isFalse();
        hear("{'status':'Digest: " + text + "'}");
        assertThat(progress.digest()).isEmpty();
        assertThat(ImageReference.isDigest(DIGEST)).isTrue();
    }

    @Test
    void lineOfADigestIsToldAsOfTheTag() {
        String byDigest = "r:5000/app@" + DIGEST;
        assertThat(Trees.text(PullProgress.asOfTag(
                        Trees.object("{'status':'Status: Downloaded newer image for " + byDigest + "','id':'" + byDigest
                                + "','error':'" + byDigest + ": no','errorDetail':{'message':'" + byDigest + ": no'}}"),
                        byDigest,
                        "r:5000/app:1",
                        true)))
                .isEqualTo(
                        "{'status':'Status: Image is up to date for r:5000/app:1','id':'1','error':'r:5000/app:1: no',"
                                + "'errorDetail':{'message':'r:5000/app:1: no'}}");
        assertThat(Trees.text(PullProgress.asOfTag(
                        Trees.object("{'status':'Status: Downloaded newer image for x','id':'0123456789ab'}"),
                        byDigest,
                        "app:1",
                        false)))
                .isEqualTo("{'status':'Status: Downloaded newer image for x','id':'0123456789ab'}");
    }
}
