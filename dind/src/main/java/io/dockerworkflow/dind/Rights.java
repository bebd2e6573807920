package io.dockerworkflow.dind;

/** What a session's daemon may do on the machine that it runs on. A later version may add constants: keep a default branch. */
public enum Rights {
    /**
     * Seventeen capabilities (the fourteen of any container, and SYS_ADMIN, NET_ADMIN and SYS_PTRACE), a system call filter, no
     * devices. This is hardening, not a boundary: do not run hostile code with it.
     */
    RESTRICTED("nested --privileged, --device, and --cap-add beyond the default set"),

    /**
     * The daemon is an ordinary user of the machine, and root only in a user namespace of its own. This is a boundary, as
     * far as the kernel's user namespaces are one. It needs an image with rootlesskit, slirp4netns and newuidmap, such as
     * {@code docker:dind-rootless}, and {@code /dev/net/tun} on the engine's machine.
     */
    ROOTLESS(
            "limits of memory, CPU and processes of nested containers (silently ignored), docker pause, --pid=host, nested"
                    + " --privileged, users above 65536"),

    /** {@code --privileged}: every user of the session's Docker can become root on the machine. */
    PRIVILEGED("nothing");

    private final String lacks;

    Rights(String lacks) {
        this.lacks = lacks;
    }

    /** Describes, for people, what does not work inside the daemon with these rights. */
    public String lacks() {
        return lacks;
    }
}
