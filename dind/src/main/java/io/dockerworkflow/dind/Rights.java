package io.dockerworkflow.dind;

/** What a session's daemon may do on the machine that it runs on. */
public enum Rights {
    /**
     * Sixteen capabilities (the fourteen of any container, and SYS_ADMIN and NET_ADMIN), a system call filter, no devices.
     * Hardening, not a boundary: do not run hostile code with it.
     */
    RESTRICTED("nested --privileged, --device, --cap-add beyond the default set, and IPv6 networks"),

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
