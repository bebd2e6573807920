package io.dockerworkflow.internal.children;

import io.dockerworkflow.Child;
import io.dockerworkflow.internal.engine.RefusedException;
import java.time.Duration;
import java.util.List;

/**
 * What the removal of children needs of an engine. Safe for use by several threads; each call blocks until the engine has
 * answered. Whatever a method throws that is not a {@link RefusedException} means that the engine could not be asked.
 */
public interface EngineObjects {

    /**
     * All objects of that kind with the label, in any state.
     *
     * @param label as {@code name=value}, or {@code name} for any value
     * @throws RefusedException if the engine answers with an error
     */
    List<Found> list(Child.Kind kind, String label);

    /**
     * Removes an object: a container even if it runs, and with its anonymous volumes; an image without force.
     *
     * @param reference a {@link Found#reference()}, or a name; of an image, preferably a tag
     * @throws RefusedException if the engine answers with an error
     */
    void remove(Child.Kind kind, String reference);

    /**
     * Asks a container to stop, and kills it if it has not after the grace.
     *
     * @throws RefusedException if the engine answers with an error
     */
    void stop(String container, Duration grace);

    /**
     * Takes away what keeps an object from being removed: a container's restart policy, a network's endpoints.
     *
     * @throws RefusedException if the engine answers with an error
     */
    void release(Child.Kind kind, String reference);

    /**
     * An object on the engine.
     *
     * @param child what it is; the name of an image is its id
     * @param reference what to call it in requests, which stays valid when it is renamed
     * @param tags of an image, its tags
     * @param networks of a container, the names of those that it is on; of a network, of the one that it has its
     *     configuration from
     */
    record Found(Child child, String reference, List<String> tags, List<String> networks) {
        /** Copies the lists. */
        public Found {
            tags = List.copyOf(tags);
            networks = List.copyOf(networks);
        }
    }
}
