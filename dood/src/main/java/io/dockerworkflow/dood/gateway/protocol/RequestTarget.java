package io.dockerworkflow.dood.gateway.protocol;

import java.util.Optional;

/**
 * What a request line asks for, read as the daemon's router reads it: the path decoded first, then the optional version cut
 * off.
 *
 * @param version the version of the path, as "1.41", if it has one
 * @param path the decoded path without the version
 * @param query the parameters
 * @param clean whether the daemon would route this path and not redirect to a cleaner one
 */
public record RequestTarget(Optional<String> version, String path, Query query, boolean clean) {
    private static final int VERSION_START = "/v".length();

    public static RequestTarget parse(String uri) {
        String target = uri;
        if (!target.startsWith("/")) {
            // the absolute form, which proxies are sent
            int authority = target.indexOf("://");
            int slash = authority < 0 ? -1 : target.indexOf('/', authority + 3);
            if (slash < 0) {
                throw ApiException.badRequest("malformed request target");
            }
            target = target.substring(slash);
        }
        int mark = target.indexOf('?');
        String path = PercentEncoding.decodePath(mark < 0 ? target : target.substring(0, mark));
        Query query = Query.parse(mark < 0 ? "" : target.substring(mark + 1));
        int version = versionEnd(path);
        return new RequestTarget(
                version < 0 ? Optional.empty() : Optional.of(path.substring(VERSION_START, version)),
                version < 0 ? path : path.substring(version),
                query,
                isClean(path));
    }

    /** Where the version ends in a path like "/v1.41/info"; negative if it has none. */
    private static int versionEnd(String path) {
        if (!path.startsWith("/v")) {
            return -1;
        }
        int end = VERSION_START;
        while (end < path.length() && (path.charAt(end) == '.' || path.charAt(end) >= '0' && path.charAt(end) <= '9')) {
            end++;
        }
        return end > VERSION_START && end < path.length() && path.charAt(end) == '/' ? end : -1;
    }

    private static boolean isClean(String path) {
        return !path.contains("//")
                && (!path.contains("/.")
                        || !path.contains("/./")
                                && !path.contains("/../")
                                && !path.endsWith("/.")
                                && !path.endsWith("/.."));
    }
}
