package io.dockerworkflow.dood.gateway.http;

import io.dockerworkflow.SessionId;
import io.dockerworkflow.dood.gateway.protocol.ApiException;
import io.dockerworkflow.dood.gateway.protocol.PercentEncoding;
import io.dockerworkflow.dood.gateway.protocol.Query;
import io.dockerworkflow.dood.gateway.protocol.RequestTarget;
import io.netty.handler.codec.http.HttpRequest;
import java.util.Set;
import java.util.StringJoiner;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One line for each request, at debug level. No headers, no bodies, and of a query only the values of parameters that hold
 * names and flags: build arguments, sources with credentials in their URL and the like are secrets.
 */
final class AccessLog {
    private static final Logger LOG = LoggerFactory.getLogger("io.dockerworkflow.dood.access");
    private static final String MALFORMED = "(malformed)";
    private static final long NANOS_PER_MICRO = 1000;

    /** The parameters whose values are shown. A new one is hidden until it is known to hold no secret. */
    private static final Set<String> SHOWN = Set.of(
            "all",
            "condition",
            "follow",
            "force",
            "limit",
            "link",
            "logs",
            "name",
            "path",
            "signal",
            "stderr",
            "stdin",
            "stdout",
            "stream",
            "tail",
            "v");

    private AccessLog() {}

    static boolean isOn() {
        return LOG.isDebugEnabled();
    }

    static void log(SessionId session, HttpRequest request, ServedRequest served) {
        if (isOn()) {
            LOG.debug(
                    "{} {} {} {}{} {} us, {} us to the head, {} B in, {} B out",
                    session,
                    served.method(),
                    target(request),
                    served.status(),
                    served.refused() ? " refused by the policy" : "",
                    served.nanosUntilEnd() / NANOS_PER_MICRO,
                    served.nanosUntilHead() / NANOS_PER_MICRO,
                    served.bytesIn(),
                    served.bytesOut());
        }
    }

    /** What was asked for: encoded anew, so that it is one line whatever it holds. */
    static String target(HttpRequest request) {
        if (request.decoderResult().isFailure()) {
            return MALFORMED;
        }
        try {
            RequestTarget target = RequestTarget.parse(request.uri());
            return target.version().map(version -> "/v" + version).orElse("")
                    + PercentEncoding.encodePath(target.path())
                    + query(target.query());
        } catch (ApiException e) {
            return MALFORMED;
        }
    }

    private static String query(Query query) {
        StringJoiner shown = new StringJoiner("&", "?", "").setEmptyValue("");
        query.names().stream()
                .filter(SHOWN::contains)
                .sorted()
                .forEach(name -> shown.add(
                        new Query().set(name, query.get(name)).toString().substring(1)));
        if (!SHOWN.containsAll(query.names())) {
            // Not even the names, for an unencoded value makes a name of its second half.
            shown.add("...");
        }
        return shown.toString();
    }
}
