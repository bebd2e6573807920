package io.dockerworkflow.dood.gateway;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a request line asks for, read as the daemon's router reads it: the path decoded first, then the optional version cut
 * off.
 *
 * @param version the version of the path, as "1.41", if it has one
 * @param path the decoded path without the version
 * @param query the parameters
 * @param clean whether the daemon would route this path and not redirect to a cleaner one
 */
record RequestTarget(Optional<String> version, String path, Query query, boolean clean) {
    private static final Pattern VERSIONED = Pattern.compile("/v([0-9.]+)(/.*)", Pattern.DOTALL);

    static RequestTarget parse(String uri) {
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
        String path = Percent.decodePath(mark < 0 ? target : target.substring(0, mark));
        Query query = Query.parse(mark < 0 ? "" : target.substring(mark + 1));
        Matcher matcher = VERSIONED.matcher(path);
        boolean versioned = matcher.matches();
        return new RequestTarget(
                versioned ? Optional.of(matcher.group(1)) : Optional.empty(),
                versioned ? matcher.group(2) : path,
                query,
                isClean(path));
    }

    private static boolean isClean(String path) {
        return !path.contains("//")
                && !path.contains("/./")
                && !path.contains("/../")
                && !path.endsWith("/.")
                && !path.endsWith("/..");
    }
}
