package io.dockerworkflow.dood;

import io.dockerworkflow.SessionId;
import java.time.Duration;

/**
 * A finished request to a session's gateway. Method, route and status take few values, so that they can label a metric.
 *
 * @param session the session
 * @param method the method; "other" for one that no route has, and for a request that could not be read
 * @param route the route's pattern, as "/containers/{name}/json"; "" if the request has none, and so was not served
 * @param status the answer's status; 0 if the connection ended before there was one
 * @param refused whether the session's policy refused it. A BuildKit build is refused within its connection, which is one
 *     request, and not counted here
 * @param untilHead from the request's head to the answer's head; if there is none, to the end
 * @param untilEnd from the request's head to the end of the answer, or of the connection where that was taken over (attach,
 *     exec, BuildKit) or broken off
 * @param bytesIn the size of the request's body, and of what else came on a connection that was taken over
 * @param bytesOut the size of the answer's body, likewise
 */
public record GatewayRequest(
        SessionId session,
        String method,
        String route,
        int status,
        boolean refused,
        Duration untilHead,
        Duration untilEnd,
        long bytesIn,
        long bytesOut) {}
