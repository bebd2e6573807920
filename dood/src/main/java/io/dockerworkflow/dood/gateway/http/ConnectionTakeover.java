package io.dockerworkflow.dood.gateway.http;

import io.dockerworkflow.dood.gateway.engine.PooledConnection;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import java.util.List;

/** The end of HTTP/1 on a client's connection and the engine's: raw bytes follow, or another protocol. */
final class ConnectionTakeover {
    private ConnectionTakeover() {}

    /** Whether the response with this head takes the connections over. */
    static boolean isBegunBy(HttpResponse head, ClientResponse.Filter filter) {
        return filter instanceof ClientResponse.Filter.Hijack && isTakenOver(head)
                || filter instanceof ClientResponse.Filter.Upgrade
                        && head.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS);
    }

    /** Whether what follows this head is no longer HTTP: by an upgrade, or, to a client that asked for none, without length. */
    private static boolean isTakenOver(HttpResponse head) {
        return head.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)
                || head.status().equals(HttpResponseStatus.OK)
                        && !head.headers().contains(HttpHeaderNames.CONTENT_LENGTH)
                        && !HttpUtil.isTransferEncodingChunked(head);
    }

    /** Sends the head and takes over both connections; called while the engine's decoder tells that head. */
    static void begin(HttpResponse head, ClientResponse.Filter filter, Exchange exchange, PooledConnection engine) {
        HttpHeaders headers = withUpgrade(head, exchange.daemonHeaders());
        if (filter instanceof ClientResponse.Filter.Upgrade upgrade) {
            upgrade(head.status(), headers, upgrade, exchange.connection(), engine);
        } else {
            tunnel(head.status(), headers, exchange.connection(), engine);
        }
    }

    private static void tunnel(
            HttpResponseStatus status, HttpHeaders headers, HttpConnection connection, PooledConnection engine) {
        Tunnel tunnel = new Tunnel(connection.channel(), engine);
        // The client's head first, then what the engine has sent behind its own; and the client's early bytes last,
        // when there is no encoder of requests in their way any more.
        connection.sendTunnelHead(status, headers);
        engine.becomeTunnel(tunnel);
        connection.becomeTunnel(tunnel);
    }

    private static void upgrade(
            HttpResponseStatus status,
            HttpHeaders headers,
            ClientResponse.Filter.Upgrade upgrade,
            HttpConnection connection,
            PooledConnection engine) {
        Channel client = connection.channel();
        Runnable takeover = () -> upgrade.takeover().accept(client, engine.channel());
        engine.handOver(() -> connection.handOver(status, headers, takeover));
    }

    private static HttpHeaders withUpgrade(HttpResponse head, DaemonHeaders daemonHeaders) {
        List<String> protocols = head.headers().getAll(HttpHeaderNames.UPGRADE);
        HttpHeaders headers = daemonHeaders.endToEnd(head.headers());
        if (head.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
            headers.set(HttpHeaderNames.CONNECTION, "Upgrade").set(HttpHeaderNames.UPGRADE, protocols);
        }
        return headers;
    }
}
