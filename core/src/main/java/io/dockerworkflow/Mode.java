package io.dockerworkflow;

import java.util.Arrays;
import java.util.Optional;

/** The three ways of using Docker from inside a build. */
public enum Mode {
    /** Docker in Docker: a daemon of its own, in a container. */
    DIND("dind"),
    /** Docker out of Docker: a view of its own on a shared engine. */
    DOOD("dood"),
    /** A single image with every build-time tool, and no Docker inside. */
    FATIMAGE("fatimage");

    private final String id;

    Mode(String id) {
        this.id = id;
    }

    /** The word for this mode in labels, on the command line and in {@link DockerWorkflows#named(String)}. */
    public String id() {
        return id;
    }

    /** The mode with that {@link #id()}, or empty. */
    public static Optional<Mode> of(String id) {
        return Arrays.stream(values()).filter(mode -> mode.id.equals(id)).findFirst();
    }
}
