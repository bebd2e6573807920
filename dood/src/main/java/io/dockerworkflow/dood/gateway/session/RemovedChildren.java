package io.dockerworkflow.dood.gateway.session;

import io.dockerworkflow.Child;
import io.dockerworkflow.Child.Kind;
import io.dockerworkflow.dood.gateway.session.NamedObjects.Entry;

/**
 * Ends what the gateway knows of a child that is gone, however that was learned. What is told twice is heard once. Safe for use
 * by several threads.
 */
public final class RemovedChildren {
    private final SessionIndex index;
    private final ChildRegistry children;

    public RemovedChildren(SessionIndex index, ChildRegistry children) {
        this.index = index;
        this.children = children;
    }

    public void container(String id) {
        index.containerGone(id).ifPresent(name -> children.forget(new Child(Kind.CONTAINER, name)));
    }

    public void network(String id) {
        index.networks().byId(id).map(Entry::engineName).ifPresent(name -> {
            index.networks().remove(id);
            children.forget(new Child(Kind.NETWORK, name));
        });
    }

    public void volume(String engineName) {
        index.volumes().remove(engineName);
        children.forget(new Child(Kind.VOLUME, engineName));
    }
}
