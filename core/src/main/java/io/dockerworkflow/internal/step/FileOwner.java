package io.dockerworkflow.internal.step;

/**
 * The owner of files.
 *
 * @param uid the user's number
 * @param gid the group's number
 */
public record FileOwner(long uid, long gid) {
    /** Root, of root's group. */
    public static final FileOwner ROOT = new FileOwner(0, 0);
}
