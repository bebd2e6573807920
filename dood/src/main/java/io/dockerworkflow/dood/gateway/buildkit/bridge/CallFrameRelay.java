package io.dockerworkflow.dood.gateway.buildkit.bridge;

import io.dockerworkflow.dood.gateway.buildkit.wire.FrameDecoder;
import io.dockerworkflow.dood.gateway.buildkit.wire.FrameDecoder.Verdict;
import io.dockerworkflow.dood.gateway.buildkit.wire.Http2Frame;
import io.dockerworkflow.dood.gateway.buildkit.wire.MessageTransform;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameTypes;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Optional;
import java.util.function.Function;

/**
 * The builder's calls through {@code /session}, on their way to the client that answers them. They pass as they are; read are the
 * headers, which say what is called, and what the engine says of how much it takes.
 */
final class CallFrameRelay extends FrameRelay {
    /** grpc-go's servers take headers of 1 MiB. */
    private static final int MAX_HEADERS = 1024 * 1024 + 320;

    private final ResponseRewriter answers;
    private final Runnable resumeAnswers;
    private final Function<Http2Headers, Optional<MessageTransform>> plan;
    private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false, MAX_HEADERS);
    private final ByteBuf block = Unpooled.buffer();
    private int preface = Http2CodecUtil.connectionPrefaceBuf().readableBytes();
    private int newest;

    /**
     * The calls of a connection.
     *
     * @param answers what the client's answers are changed by
     * @param resumeAnswers has the answers go on that waited for the engine to take more
     * @param plan from a call's headers, what changes the messages of its answer; empty: they pass unread
     */
    CallFrameRelay(
            Channel engine,
            Channel client,
            ResponseRewriter answers,
            Runnable resumeAnswers,
            Function<Http2Headers, Optional<MessageTransform>> plan) {
        super(engine, client);
        this.answers = answers;
        this.resumeAnswers = resumeAnswers;
        this.plan = plan;
    }

    @Override
    void read(ByteBuf bytes, FrameDecoder frames) {
        if (preface > 0) {
            int length = Math.min(preface, bytes.readableBytes());
            preface -= length;
            pass(bytes.readRetainedSlice(length));
        }
        frames.feed(bytes);
    }

    @Override
    public Verdict look(int type, int stream, int payload) {
        return switch (type) {
            case Http2FrameTypes.HEADERS,
                    Http2FrameTypes.CONTINUATION,
                    Http2FrameTypes.RST_STREAM,
                    Http2FrameTypes.SETTINGS,
                    Http2FrameTypes.WINDOW_UPDATE -> Verdict.TAKE;
            default -> Verdict.PASS;
        };
    }

    @Override
    public void take(Http2Frame frame) {
        switch (frame.type()) {
            case Http2FrameTypes.WINDOW_UPDATE -> widened(frame);
            case Http2FrameTypes.SETTINGS -> {
                frame.setting(Http2CodecUtil.SETTINGS_INITIAL_WINDOW_SIZE).ifPresent(answers::initialWindow);
                pass(frame);
            }
            case Http2FrameTypes.RST_STREAM -> {
                answers.over(frame.stream());
                pass(frame);
            }
            default -> {
                headers(frame);
                pass(frame);
            }
        }
        answers.send();
        resumeAnswers.run();
    }

    private void widened(Http2Frame frame) {
        if (frame.stream() == 0) {
            answers.widen(frame.increment());
        } else if (answers.isChanged(frame.stream())) {
            answers.widen(frame.stream(), frame.increment());
        } else {
            pass(frame);
        }
    }

    /** Reads all of them, since each may refer to the ones before. */
    private void headers(Http2Frame frame) {
        block.writeBytes(frame.content());
        if (block.readableBytes() > MAX_HEADERS) {
            throw new IllegalStateException("headers of more than " + MAX_HEADERS + " bytes");
        }
        if (!frame.flags().endOfHeaders()) {
            return;
        }
        try {
            Http2Headers headers = decoder.decodeHeaders(frame.stream(), block);
            if (frame.stream() > newest) {
                newest = frame.stream();
                plan.apply(headers).ifPresent(transform -> answers.change(frame.stream(), transform));
            }
        } catch (Http2Exception e) {
            throw new IllegalStateException("malformed headers", e);
        }
        block.clear();
    }

    /** The client lets the engine refer to that many bytes of headers from now on. */
    void tableSize(long bytes) {
        try {
            // Never smaller: headers of before are still on their way, and the engine says itself when it needs less.
            var table = decoder.configuration();
            table.maxHeaderTableSize(Math.max(table.maxHeaderTableSize(), bytes));
        } catch (Http2Exception e) {
            throw new IllegalStateException("malformed settings", e);
        }
    }
}
