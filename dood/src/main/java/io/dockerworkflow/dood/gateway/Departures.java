package io.dockerworkflow.dood.gateway;

import io.dockerworkflow.Child;
import io.dockerworkflow.Child.Kind;
import io.dockerworkflow.dood.gateway.NamedObjects.Entry;

/**
 * Ends what the gateway knows of a child that is gone, however that was learned. What is told twice is heard once. Safe for use
 * by several threads.
 */
final class Departures {
    private final SessionIndex index;
    private final Births births;

    Departures(SessionIndex index, Births births) {
        this.index = index;
        this.births = births;
    }

    void container(String id) {
        index.containerGone(id).ifPresent(name -> births.forget(new Child(Kind.CONTAINER, name)));
    }

    void network(String id) {
        index.networks().byId(id).map(Entry::engineName).ifPresent(name -> {
            index.networks().remove(id);
            births.forget(new Child(Kind.NETWORK, name));
        });
    }

    void volume(String engineName) {
        index.volumes().remove(engineName);
        births.forget(new Child(Kind.VOLUME, engineName));
    }
}
