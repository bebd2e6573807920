package io.dockerworkflow.dood.gateway.protocol;

/**
 * A version of the Docker API.
 *
 * @param major the major number
 * @param minor the minor number
 */
public record ApiVersion(int major, int minor) implements Comparable<ApiVersion> {
    /** The oldest that the gateway speaks to an engine. */
    public static final ApiVersion OLDEST = new ApiVersion(1, 24);

    /** The newest that the gateway knows: a newer one could carry fields which it would let pass unread. */
    public static final ApiVersion NEWEST = new ApiVersion(1, 51);

    public static ApiVersion parse(String text) {
        String[] parts = text.split("\\.", -1);
        try {
            if (parts.length == 2) {
                return new ApiVersion(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw ApiException.badRequest("invalid API version: " + text);
    }

    public boolean atLeast(int otherMajor, int otherMinor) {
        return compareTo(new ApiVersion(otherMajor, otherMinor)) >= 0;
    }

    @Override
    public int compareTo(ApiVersion other) {
        return major != other.major ? Integer.compare(major, other.major) : Integer.compare(minor, other.minor);
    }

    @Override
    public String toString() {
        return major + "." + minor;
    }
}
