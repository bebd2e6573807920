package io.dockerworkflow.dood.gateway.buildkit.bridge;

import io.dockerworkflow.dood.gateway.buildkit.wire.GrpcHeaders;
import io.dockerworkflow.dood.gateway.buildkit.wire.GrpcRefusal;
import io.dockerworkflow.dood.gateway.buildkit.wire.Http2Frame;
import io.dockerworkflow.dood.gateway.buildkit.wire.MessageTransform;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameTypes;
import io.netty.handler.codec.http2.Http2HeadersEncoder;
import java.util.HashMap;
import java.util.Map;

/**
 * The answers that a client of BuildKit's sends through {@code /session}: most pass as they are, some are changed. What the
 * engine and the client agree on (settings, windows, the compression of headers) is between the two of them, but for what the
 * changes make of it: the client is told at once that a changed answer was taken, and of what the engine takes in return, so much
 * less. Lives on the event loop of both connections.
 */
final class ResponseRewriter {
    private final Channel engine;
    private final Channel client;
    private final Map<Integer, ResponseStream> changed = new HashMap<>();
    private long initialWindow = Http2CodecUtil.DEFAULT_WINDOW_SIZE;

    /** How many bytes of all streams together the engine takes. */
    private long window = Http2CodecUtil.DEFAULT_WINDOW_SIZE;

    /** How many bytes of changed answers the engine has got, and has not said yet that it takes as many more. */
    private long unreturned;

    private int sending;

    ResponseRewriter(Channel engine, Channel client) {
        this.engine = engine;
        this.client = client;
    }

    /** The answer on that stream will be changed. */
    void change(int stream, MessageTransform transform) {
        changed.put(stream, new ResponseStream(transform, initialWindow));
    }

    boolean isChanged(int stream) {
        return changed.containsKey(stream);
    }

    /** Whether the engine has to take something before anything else can be sent to it. */
    boolean isWaiting() {
        return sending != 0;
    }

    /** Whether the engine takes so many bytes now that pass as they are; if so, they count as sent. */
    boolean mayPass(int bytes) {
        if (bytes > window) {
            return false;
        }
        window -= bytes;
        return true;
    }

    /** Data of an answer that is changed. */
    void data(Http2Frame frame) {
        ResponseStream answer = changed.get(frame.stream());
        if (answer == null) {
            return;
        }
        boolean end = frame.flags().endOfStream();
        returnToClient(frame, end);
        try {
            answer.take(frame.content());
        } catch (GrpcRefusal refusal) {
            refuse(frame.stream(), answer, refusal);
        }
        sending = answer.isWaiting() ? frame.stream() : 0;
        send();
        if (end) {
            // A server of gRPC ends its answers by trailers; one that does not is left to the engine's judgement.
            over(frame.stream());
            engine.write(Http2Frame.reset(frame.stream(), Http2Error.PROTOCOL_ERROR.code()));
        }
    }

    private void returnToClient(Http2Frame frame, boolean end) {
        int length = frame.payload().readableBytes();
        if (length > 0) {
            client.write(Http2Frame.windowUpdate(0, length));
            if (!end) {
                client.write(Http2Frame.windowUpdate(frame.stream(), length));
            }
        }
    }

    /** The engine gets a failure, and the client is told to say no more. */
    private void refuse(int stream, ResponseStream answer, GrpcRefusal refusal) {
        answer.refuse();
        try {
            // Sensitive headers leave the table of the compression alone, which is the client's and the engine's.
            DefaultHttp2HeadersEncoder encoder =
                    new DefaultHttp2HeadersEncoder(Http2HeadersEncoder.ALWAYS_SENSITIVE, true);
            ByteBuf block = client.alloc().buffer();
            encoder.encodeHeaders(stream, GrpcHeaders.failureTrailers(refusal), block);
            Http2Flags last = new Http2Flags().endOfHeaders(true).endOfStream(true);
            engine.write(Http2Frame.bytes(Http2FrameTypes.HEADERS, last, stream, block));
        } catch (Http2Exception e) {
            throw new IllegalStateException(e);
        }
        client.write(Http2Frame.reset(stream, Http2Error.CANCEL.code()));
    }

    /** The answer has ended, in one way or the other. */
    void over(int stream) {
        ResponseStream answer = changed.get(stream);
        if (answer != null && !answer.isRefused()) {
            changed.remove(stream);
            if (sending == stream) {
                sending = 0;
            }
        }
    }

    /** The engine has said how much it takes of each stream for a start. */
    void initialWindow(long bytes) {
        changed.values().forEach(answer -> answer.widen(bytes - initialWindow));
        initialWindow = bytes;
    }

    /** The engine takes so many more bytes of one changed answer. */
    void widen(int stream, int bytes) {
        ResponseStream answer = changed.get(stream);
        if (answer != null) {
            answer.widen(bytes);
        }
    }

    /** The engine takes so many more bytes; tells the client how many of them are its. */
    void widen(int bytes) {
        window += bytes;
        long known = Math.min(unreturned, bytes);
        unreturned -= known;
        if (bytes > known) {
            client.write(Http2Frame.windowUpdate(0, (int) (bytes - known)));
        }
    }

    /** Sends what the engine takes by now. */
    void send() {
        ResponseStream answer = changed.get(sending);
        while (answer != null && answer.isWaiting()) {
            ByteBuf next = answer.next(window);
            int length = next.readableBytes();
            if (length == 0) {
                return;
            }
            window -= length;
            unreturned += length;
            engine.write(Http2Frame.bytes(Http2FrameTypes.DATA, new Http2Flags(), sending, next));
        }
        sending = 0;
    }
}
