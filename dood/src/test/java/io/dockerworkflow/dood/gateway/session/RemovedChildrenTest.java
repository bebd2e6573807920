package io.dockerworkflow.dood.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.dockerworkflow.dood.gateway.session.NamedObjects.Entry;
import io.dockerworkflow.dood.testsupport.RecordedChildren;
import org.junit.jupiter.api.Test;

class RemovedChildrenTest {
    private final SessionIndex index = new SessionIndex();
    private final RecordedChildren births = new RecordedChildren();
    private final RemovedChildren removedChildren = new RemovedChildren(index, births);

    @Test
    void containerWhenItIsToldTwiceIsForgottenOnceByTheNameOfItsBirth() {
        index.containerBorn("c1", "dw-first");
        index.containers().put(new Entry("c1", "second", "dw-second"));
        removedChildren.container("c1");
        removedChildren.container("c1");
        removedChildren.container("stranger");
        assertThat(births.told()).containsExactly("forget container dw-first");
        assertThat(index.containers().isGone("c1")).isTrue();
    }

    @Test
    void networkWhenItIsNotTheSessionsIsNotForgotten() {
        index.networks().put(new Entry("n1", "app", "dw-app"));
        removedChildren.network("n2");
        removedChildren.network("n1");
        removedChildren.network("n1");
        assertThat(births.told()).containsExactly("forget network dw-app");
        assertThat(index.networks().size()).isZero();
    }

    @Test
    void volumeIsForgottenByItsName() {
        index.volumes().put(new Entry("dw-data", "data", "dw-data"));
        removedChildren.volume("dw-data");
        assertThat(births.told()).containsExactly("forget volume dw-data");
        assertThat(index.volumes().byName("data")).isEmpty();
    }
}
