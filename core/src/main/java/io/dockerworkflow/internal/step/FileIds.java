package io.dockerworkflow.internal.step;

/**
 * The owner of files.
 *
 * @param uid the user's number
 * @param gid the group's number
 */
public record FileIds(long uid, long gid) {
    /** Root, of root's group. */
    public static final FileIds ROOT = new FileIds(0, 0);
}
