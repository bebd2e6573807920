package io.dockerworkflow.dood.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.dockerworkflow.dood.gateway.session.NamedObjects.Entry;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class NamedObjectsTest {
    private static final Entry DB = new Entry("abc1", "db", "dw-db");
    private static final Entry WEB = new Entry("abd2", "web", "dw-web");

    private final NamedObjects objects = new NamedObjects(new AtomicLong());

    @Nested
    class Find {
        @Test
        void referenceIsAnIdANameOrThePrefixOfAnId() {
            objects.put(DB);
            objects.put(WEB);
            assertThat(objects.find("abc1")).containsExactly(DB);
            assertThat(objects.find("web")).containsExactly(WEB);
            assertThat(objects.find("abc")).containsExactly(DB);
            assertThat(objects.find("ab")).as("ambiguous").hasSize(2);
            assertThat(objects.find("b1")).as("not at the beginning").isEmpty();
            assertThat(objects.find("dw-db")).as("the engine's name").isEmpty();
            assertThat(objects.find("")).isEmpty();
        }

        @Test
        void referenceWhenItIsANameGoesBeforeAPrefix() {
            // As in moby's Daemon.GetContainer: full id, full name, then truncated id.
            Entry named = new Entry("f00", "abd", "dw-abd");
            objects.put(WEB);
            objects.put(named);
            assertThat(objects.find("abd")).containsExactly(named);
        }

        @Test
        void referenceWhenItIsAnIdGoesBeforeAName() {
            Entry named = new Entry("f00", "abc1", "dw-abc1");
            objects.put(named);
            objects.put(DB);
            assertThat(objects.find("abc1")).containsExactly(DB);
        }
    }

    @Nested
    class Put {
        @Test
        void objectWhenItIsRenamedIsFoundByItsNewNameOnly() {
            objects.put(DB);
            Entry renamed = new Entry("abc1", "store", "dw-store");
            objects.put(renamed);
            assertThat(objects.byName("db")).isEmpty();
            assertThat(objects.byEngineName("dw-db")).isEmpty();
            assertThat(objects.byName("store")).contains(renamed);
            assertThat(objects.byEngineName("dw-store")).contains(renamed);
            assertThat(objects.size()).isEqualTo(1);
        }

        @Test
        void nameWhenAnotherHasItByNowStaysTheOthers() {
            objects.put(DB);
            Entry successor = new Entry("eee", "db", "dw-db");
            objects.put(successor);
            objects.remove("abc1");
            assertThat(objects.byName("db")).contains(successor);
            assertThat(objects.byEngineName("dw-db")).contains(successor);
        }

        @Test
        void birthWhenTheObjectIsRenamedStays() {
            objects.put(DB);
            var since = objects.since("abc1");
            objects.put(new Entry("abc1", "store", "dw-store"));
            assertThat(objects.since("abc1")).isPresent().isEqualTo(since);
        }
    }

    @Nested
    class Remove {
        @Test
        void objectWhenItIsRemovedIsRemembered() {
            objects.put(DB);
            objects.remove("abc1");
            assertThat(objects.find("db")).isEmpty();
            assertThat(objects.byId("abc1")).isEmpty();
            assertThat(objects.since("abc1")).isEmpty();
            assertThat(objects.isGone("abc1")).isTrue();
            assertThat(objects.isOrWas("abc1")).isTrue();
            assertThat(objects.gone()).isEqualTo(1);
        }

        @Test
        void objectWhenItWasNeverKnownIsRememberedAsGone() {
            objects.remove("early");
            assertThat(objects.isGone("early")).isTrue();
            assertThat(objects.isOrWas("other")).isFalse();
        }

        @Test
        void memoryWhenItIsFullForgetsTheOldest() {
            for (int i = 0; i <= 10_000; i++) {
                objects.remove("id" + i);
            }
            assertThat(objects.gone()).isEqualTo(10_000);
            assertThat(objects.isGone("id0")).isFalse();
            assertThat(objects.isGone("id1")).isTrue();
        }
    }

    @Test
    void entryIsAskedForByItsNameOrItsId() {
        assertThat(DB.address()).isEqualTo("abc1");
        assertThat(DB.askedFor("db").address()).isEqualTo("dw-db");
        assertThat(DB.askedFor("abc").address()).isEqualTo("abc1");
        assertThat(DB.isUnknown()).isFalse();
        Entry unknown = Entry.unknown("x", "dw-x");
        assertThat(unknown.isUnknown()).isTrue();
        assertThat(unknown.address()).isEqualTo("dw-x");
    }
}
