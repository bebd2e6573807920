package io.dockerworkflow;

import java.util.Arrays;
import java.util.Optional;

/** The three ways of using Docker from inside a build. */
public enum Mode {
    /** Docker in Docker: each session has a daemon of its own, in a container. */
    DIND("dind"),
    /** Docker out of Docker: each session has a view of its own on a shared engine. */
    DOOD("dood"),
    /** A fat image: all steps run in one image with every build-time tool, and no Docker inside. */
    FATIMAGE("fatimage");

    private final String id;

    Mode(String id) {
        this.id = id;
    }

    /** The name of this mode in labels, on the command line and in {@link DockerWorkflows#named(String)}. */
    public String id() {
        return id;
    }

    /** The mode with that {@link #id()}, or empty. */
    public static Optional<Mode> of(String id) {
        return Arrays.stream(values()).filter(mode -> mode.id.equals(id)).findFirst();
    }
}
