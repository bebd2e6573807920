package io.dockerworkflow.dood.gateway.http;

/**
 * A finished request.
 *
 * @param method the method; "other" for one that no route has, and for a request that could not be read
 * @param route the route's pattern; "" if there is none
 * @param status the response's status; 0 if the connection ended before there was one
 * @param refused whether the policy refused it
 * @param nanosUntilHead from the request's head to the response's; if there is none, to the end
 * @param nanosUntilEnd from the request's head to the end of the response or of the connection
 * @param bytesIn the size of what came behind the request's head
 * @param bytesOut the size of what went behind the response's head
 */
public record ServedRequest(
        String method,
        String route,
        int status,
        boolean refused,
        long nanosUntilHead,
        long nanosUntilEnd,
        long bytesIn,
        long bytesOut) {}
