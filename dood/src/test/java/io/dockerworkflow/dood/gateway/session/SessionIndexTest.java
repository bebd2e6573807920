package io.dockerworkflow.dood.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.dockerworkflow.dood.gateway.session.NamedObjects.Entry;
import org.junit.jupiter.api.Test;

class SessionIndexTest {
    private final SessionIndex index = new SessionIndex();

    @Test
    void containerWhenItIsGoneTakesAllOfItsOwnWithIt() {
        index.containers().put(new Entry("c1", "db", "dw-db"));
        index.containerBorn("c1", "dw-db");
        index.exec("e1", "c1");
        index.exec("e2", "c2");
        index.aliasAdded("c1", "dw-app");
        assertThat(index.containerOfExec("e1")).contains("c1");
        assertThat(index.isAliasAdded("c1", "dw-app")).isTrue();

        assertThat(index.containerGone("c1")).contains("dw-db");
        assertThat(index.containers().find("db")).isEmpty();
        assertThat(index.containerOfExec("e1")).isEmpty();
        assertThat(index.execs()).containsOnlyKeys("e2");
        assertThat(index.isAliasAdded("c1", "dw-app")).isFalse();
    }

    @Test
    void containerWhenItWasRenamedIsToldByTheNameOfItsBirth() {
        index.containerBorn("c1", "dw-db");
        index.containers().put(new Entry("c1", "store", "dw-store"));
        assertThat(index.containerGone("c1")).contains("dw-db");
        assertThat(index.containerGone("c1")).as("told once").isEmpty();
    }

    @Test
    void containerWhenItsBirthWasNotSeenIsToldByItsName() {
        index.containers().put(new Entry("c1", "db", "dw-db"));
        assertThat(index.containerGone("c1")).contains("dw-db");
        assertThat(index.containerGone("unknown")).isEmpty();
    }

    @Test
    void aliasWhenTheContainerLeavesTheNetworkIsGone() {
        index.aliasAdded("c1", "dw-app");
        index.aliasAdded("c1", "dw-other");
        index.aliasGone("c1", "dw-app");
        index.aliasGone("c2", "dw-app");
        assertThat(index.isAliasAdded("c1", "dw-app")).isFalse();
        assertThat(index.isAliasAdded("c1", "dw-other")).isTrue();
        assertThat(index.isAliasAdded("c2", "dw-app")).isFalse();
    }

    @Test
    void indexSaysHowMuchThereIs() {
        index.containers().put(new Entry("c1", "db", "dw-db"));
        index.networks().put(new Entry("n1", "app", "dw-app"));
        index.exec("e1", "c1");
        assertThat(index).hasToString("1 containers, 1 networks, 0 volumes, 1 execs, 0 with aliases, 0 births");
    }
}
