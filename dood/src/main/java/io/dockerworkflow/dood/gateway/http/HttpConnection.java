package io.dockerworkflow.dood.gateway.http;

import io.dockerworkflow.dood.gateway.engine.PooledConnection;
import io.dockerworkflow.dood.gateway.stream.BodySplice;
import io.dockerworkflow.dood.gateway.stream.ByteTransform;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Optional;

/** A client's connection, as the exchange of a request and its response sees it. */
interface HttpConnection {
    Channel channel();

    /** Whether the client has said that it will send no more. */
    boolean isInputClosed();

    /** The last steady document that went over it. */
    RewriteCache lastDocument();

    /** A way past the pipelines for what comes of the request's body. */
    Optional<BodySplice> upload(PooledConnection engine, ByteTransform transform);

    /** A way past the pipelines for what comes of the response's content. */
    Optional<BodySplice> download(PooledConnection engine, ByteTransform transform);

    /** Says to whoever watches that the policy refuses the request. */
    void markRefused();

    /**
     * Goes on after a response that is written: to the next request, or to the connection's end.
     *
     * @param body that of the answered request
     * @param staysOpen whether the connection outlives the response
     */
    void finish(RequestBody body, boolean staysOpen);

    /** Sends the last head of this connection. */
    void sendTunnelHead(HttpResponseStatus status, HttpHeaders headers);

    /** Passes on raw bytes from now on, those that are here already first. */
    void becomeTunnel(Tunnel opened);

    /** Sends this head and leaves the connection to the handlers that are installed then. */
    void handOver(HttpResponseStatus status, HttpHeaders headers, Runnable install);
}
