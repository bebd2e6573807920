package io.dockerworkflow.dind;

/** What a session's daemon may do on the machine that it runs on. More kinds may come. */
public enum Rights {
    /**
     * Seventeen capabilities (the fourteen of any container, and SYS_ADMIN, NET_ADMIN and SYS_PTRACE), a system call filter, no
     * devices.
     * Hardening, not a boundary: do not run hostile code with it.
     */
    RESTRICTED("nested --privileged, --device, and --cap-add beyond the default set"),

    /**
     * The daemon is an ordinary user of the machine and root only in a user namespace of its own: a boundary, as far as the
     * kernel's user namespaces are one. Needs an image with rootlesskit, slirp4netns and newuidmap, such as {@code
     * docker:dind-rootless}, and {@code /dev/net/tun} on the engine's machine.
     */
    ROOTLESS(
            "limits of memory, CPU and processes of nested containers (silently ignored), docker pause, --pid=host, nested"
                    + " --privileged, users above 65536"),

    /** {@code --privileged}: root on the machine for whoever uses the session's Docker. */
    PRIVILEGED("nothing");

    private final String lacks;

    Rights(String lacks) {
        this.lacks = lacks;
    }

    /** What does not work inside with these rights, in words. */
    public String lacks() {
        return lacks;
    }
}
