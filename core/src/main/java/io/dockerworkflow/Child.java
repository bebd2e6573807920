package io.dockerworkflow;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Something on the engine that came to be through a session.
 *
 * @param kind what it is
 * @param name its name on the engine; for an image, its tag or id
 */
public record Child(Kind kind, String name) {

    /** What a child is, in the order of removal. */
    public enum Kind {
        /** A container, removed with its anonymous volumes. */
        CONTAINER,
        /** A network. */
        NETWORK,
        /** A volume. */
        VOLUME,
        /** An image's tag, or an image that has none. */
        IMAGE
    }

    // Written out: the JVM puts a record's own together at their first use, 10 ms on the way to a first container.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Child child && kind == child.kind && name.equals(child.name);
    }

    @Override
    public int hashCode() {
        return 31 * kind.hashCode() + name.hashCode();
    }

    @Override
    public String toString() {
        return kind.name().toLowerCase(Locale.ROOT) + " " + name;
    }
}
