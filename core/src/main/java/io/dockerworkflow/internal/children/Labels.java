package io.dockerworkflow.internal.children;

/** The labels that children carry on the engine from their creation on. */
public final class Labels {
    /** What all of them begin with; never shown to a session's clients, and refused from them. */
    public static final String PREFIX = "io.dockerworkflow.";

    /** The {@link io.dockerworkflow.SessionId}. */
    public static final String SESSION = PREFIX + "session";

    /** The id of the owner: the workflow object whose open sessions live and die together with its process. */
    public static final String OWNER = PREFIX + "owner";

    /** The logical name. */
    public static final String NAME = PREFIX + "name";

    /** The {@link io.dockerworkflow.Mode#id()}. */
    public static final String MODE = PREFIX + "mode";

    /**
     * On an image that was committed: the container. So it has a label that its parent, the container's image, cannot have, and is
     * known from the step of a build that is on its way.
     */
    public static final String COMMITTED = PREFIX + "committed";

    /** On a container: it is the lifeline of the {@link #OWNER}, who lives as long as it runs. */
    public static final String LIFELINE = PREFIX + "lifeline";

    /** On the marker of a session that is kept for inspection: until when, in seconds since the epoch. */
    public static final String KEPT_UNTIL = PREFIX + "kept-until";

    /** On the same marker: the children that carry no label, one a line, as "VOLUME name". */
    public static final String KEPT_UNLABELLED = PREFIX + "kept-unlabelled";

    /**
     * The owner of sessions on an engine that can have no lifelines. Nobody can tell whether it is alive, so no sweep touches
     * its children.
     */
    public static final String NO_OWNER = "none";

    private Labels() {}
}
