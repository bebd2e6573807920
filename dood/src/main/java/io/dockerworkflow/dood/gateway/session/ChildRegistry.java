package io.dockerworkflow.dood.gateway.session;

import io.dockerworkflow.Child;

/** Where the gateway says what it is about to make, so that a teardown misses nothing. Safe for use by several threads. */
public interface ChildRegistry {

    /**
     * Announces a child that is about to be made.
     *
     * @throws io.dockerworkflow.SessionClosedException if the session is ending: do not make the child
     */
    Announcement announce(Child child);

    /** Takes a child into account that carries no label. Call before it exists, or as soon as it is known. */
    void trackUnlabelled(Child child);

    /** A child is gone, or was never made: forgets what {@link #announce} and {@link #trackUnlabelled} said. */
    void forget(Child child);

    /** The time between the request for a child and the engine's answer. */
    interface Announcement {
        /** The engine has made the child. */
        void created();

        /** The answer is there, whatever it is. Called in any case. */
        void end();
    }
}
