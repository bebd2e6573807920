package io.dockerworkflow.internal.children;

import io.dockerworkflow.Mode;
import io.dockerworkflow.SessionId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Between logical names and engine names, and the labels that every child of the session carries.
 *
 * @param session the session
 * @param mode its mode
 * @param owner the id of its owner
 * @param extraLabels the labels that its options add
 */
public record SessionNames(SessionId session, Mode mode, String owner, Map<String, String> extraLabels) {

    /** Copies the labels. */
    public SessionNames {
        extraLabels = Map.copyOf(extraLabels);
    }

    /** What every engine name of the session begins with. */
    public String prefix() {
        return prefix(session);
    }

    static String prefix(SessionId session) {
        return "dw-" + session + "-";
    }

    /** What the engine names of the session's images begin with; {@code :} or {@code /} follows. */
    public String imagePrefix() {
        return new SessionImageName(session, owner).prefix();
    }

    /** What the engine names of those images begin with that clients have named. */
    public String imageTags() {
        return new SessionImageName(session, owner).tags();
    }

    /** What stands in these names for the colon before a registry's port. */
    public static String imagePort() {
        return SessionImageName.PORT;
    }

    /**
     * The engine name of the last image that a stage of a build has made, as long as the build runs. If it is found later, the build
     * was broken off.
     */
    public String unfinishedImage(long build, int stage) {
        return new SessionImageName(session, owner).unfinished(build, stage);
    }

    /** The engine name for a logical name. */
    public String engineName(String logicalName) {
        return prefix() + logicalName;
    }

    /** The logical name, if the engine name is one of this session's. */
    public Optional<String> logicalName(String engineName) {
        return engineName.startsWith(prefix())
                ? Optional.of(engineName.substring(prefix().length()))
                : Optional.empty();
    }

    /** The label that all of the session's children carry, as filters name it. */
    public String label() {
        return Labels.SESSION + "=" + session;
    }

    /** The labels of a child that has no logical name. */
    public Map<String, String> labels() {
        Map<String, String> labels = new LinkedHashMap<>(extraLabels);
        labels.put(Labels.SESSION, session.value());
        labels.put(Labels.MODE, mode.id());
        labels.put(Labels.OWNER, owner);
        return labels;
    }

    /** The labels of a child with this logical name. */
    public Map<String, String> labels(String logicalName) {
        Map<String, String> labels = labels();
        labels.put(Labels.NAME, logicalName);
        return labels;
    }
}
