package io.dockerworkflow.dood.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.dockerworkflow.Mode;
import io.dockerworkflow.SessionId;
import io.dockerworkflow.dood.gateway.session.ImageNames;
import io.dockerworkflow.dood.gateway.session.NamedObjects;
import io.dockerworkflow.dood.gateway.session.SessionIndex;
import io.dockerworkflow.internal.children.SessionNames;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** A document is repeated only while nothing that it was made of has changed. */
class RewriteCacheTest {
    private static final byte[] SAID = {'e', '1'};
    private static final byte[] TOLD = {'c', '1'};

    private final RewriteCache cache = new RewriteCache();

    @Test
    void documentWhenNothingHasChangedIsRepeated() {
        assertThat(cache.told("/a", 0, SAID)).as("before the first").isEmpty();
        cache.keep("/a", 5, SAID, TOLD);
        assertThat(cache.told("/a", 5, SAID.clone())).contains(TOLD);
    }

    @Test
    void documentWhenAnythingHasChangedIsMadeAnew() {
        cache.keep("/a", 5, SAID, TOLD);
        assertThat(cache.told("/a", 6, SAID)).as("the session").isEmpty();
        assertThat(cache.told("/b", 5, SAID)).as("the question").isEmpty();
        assertThat(cache.told("/a", 5, new byte[] {'e', '2'})).as("the answer").isEmpty();
    }

    @Test
    void documentWhenItIsLongIsNotKept() {
        byte[] most = new byte[64 * 1024];
        cache.keep("/a", 5, most, TOLD);
        assertThat(cache.told("/a", 5, most)).contains(TOLD);
        byte[] more = new byte[64 * 1024 + 1];
        cache.keep("/a", 5, more, TOLD);
        assertThat(cache.told("/a", 5, more)).isEmpty();
    }

    @Test
    void revisionWhenAnObjectComesOrGoesBecomesAnother() {
        AtomicLong revision = new AtomicLong();
        NamedObjects objects = new NamedObjects(revision);
        NamedObjects.Entry entry = new NamedObjects.Entry("id", "db", "dw-db");
        objects.put(entry);
        assertThat(revision).hasValue(1);
        objects.put(new NamedObjects.Entry("id", "db", "dw-db"));
        assertThat(revision).as("each listing tells all of them again").hasValue(1);
        objects.put(new NamedObjects.Entry("id", "store", "dw-store"));
        assertThat(revision).hasValue(2);
        objects.remove("id");
        assertThat(revision).hasValue(3);
    }

    @Test
    void revisionWhenAnAliasOrAnImagesNameIsNewBecomesAnother() {
        SessionIndex index = new SessionIndex();
        long before = index.revision();
        index.aliasAdded("id", "dw-app");
        long added = index.revision();
        index.aliasGone("id", "dw-app");
        assertThat(added).isGreaterThan(before);
        assertThat(index.revision()).isGreaterThan(added);
        ImageNames images = new ImageNames(
                new SessionNames(SessionId.parse("0a0b0c0d").orElseThrow(), Mode.DOOD, "none", Map.of()));
        long without = images.revision();
        images.claim("mine:1");
        assertThat(images.revision()).isGreaterThan(without);
    }
}
