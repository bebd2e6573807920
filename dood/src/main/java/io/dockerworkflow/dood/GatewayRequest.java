package io.dockerworkflow.dood;

import io.dockerworkflow.SessionId;
import java.time.Duration;

/**
 * A finished request to a session's gateway. Method, route and status take few values, so they can label a metric.
 *
 * @param session the session
 * @param method the method; "other" for a method that no route has, and for a request that could not be read
 * @param route the route's pattern, such as "/containers/{name}/json"; "" if no route matched, so that the request was not
 *     served
 * @param status the answer's status; 0 if the connection ended before the answer
 * @param refused whether the session's policy refused the request. The refusal of a BuildKit build is not counted here: it
 *     happens inside a connection that counts as one request
 * @param untilHead the time from the request's head to the answer's head; without an answer, to the end
 * @param untilEnd the time from the request's head to the end of the answer. If the connection was taken over (attach, exec,
 *     BuildKit) or broken off, to its end
 * @param bytesIn the size of the request's body; on a connection that was taken over, also of the data that followed
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
