package io.dockerworkflow;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A session, described from what its engine shows to every client. Immutable.
 *
 * @param id the session's id
 * @param mode its mode; empty if a newer version of this library opened it in a mode that this version does not know
 * @param owner the id of its owner, the workflow object that opened it
 * @param ownerAlive whether the owner's process is alive, as far as the engine can tell
 * @param since when its oldest child was created, by the engine's clock; if it has only image names, when the oldest of these
 *     was given
 * @param keptUntil until when its children are kept for inspection; empty unless a step failed and the options keep them
 * @param labels the labels that its options added
 * @param children its children; a session without children is not listed
 */
public record SessionInfo(
        SessionId id,
        Optional<Mode> mode,
        String owner,
        boolean ownerAlive,
        Instant since,
        Optional<Instant> keptUntil,
        Map<String, String> labels,
        List<ChildInfo> children) {

    /** Copies the collections. */
    public SessionInfo {
        labels = Map.copyOf(labels);
        children = List.copyOf(children);
    }

    /**
     * A child, described from what its engine shows.
     *
     * @param child its kind, and its name on the engine
     * @param id its id on the engine; for a volume, its name
     * @param name its logical name, if it has one
     * @param created when it was created, by the engine's clock; an image may be older than its session
     * @param state a container's state in the engine's words, such as "running"; "" for other kinds
     * @param ports a container's ports, such as "8080->80/tcp"; empty for other kinds
     */
    public record ChildInfo(
            Child child, String id, Optional<String> name, Instant created, String state, List<String> ports) {
        /** Copies the ports. */
        public ChildInfo {
            ports = List.copyOf(ports);
        }
    }
}
