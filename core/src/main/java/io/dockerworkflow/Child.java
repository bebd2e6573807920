package io.dockerworkflow;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A container, network, volume or image that came to be through a session.
 *
 * @param kind what kind of thing it is
 * @param name its name on the engine; for an image, its tag or id
 */
public record Child(Kind kind, String name) {

    /** The kinds of children, in the order of removal. */
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

    // Written out, because the JVM generates a record's own methods at their first use. That costs a first container 10
    // ms.
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
