package io.dockerworkflow.dood.gateway.buildkit.bridge;

import io.dockerworkflow.dood.gateway.buildkit.wire.FrameDecoder.Verdict;
import io.dockerworkflow.dood.gateway.buildkit.wire.Http2Frame;
import io.dockerworkflow.dood.gateway.buildkit.wire.MessageTransform;
import io.netty.channel.Channel;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2FrameTypes;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a client of BuildKit's answers to the builder's calls through {@code /session}. Contexts pass as they are, frame by frame;
 * answers with Dockerfiles are changed.
 */
public final class ResponseFrameRelay extends FrameRelay {
    private final ResponseRewriter answers;
    private final CallFrameRelay calls;

    private ResponseFrameRelay(
            Channel engine, Channel client, Function<Http2Headers, Optional<MessageTransform>> plan) {
        super(client, engine);
        answers = new ResponseRewriter(engine, client);
        calls = new CallFrameRelay(engine, client, answers, this::resume, plan);
    }

    /**
     * Takes both connections over. Bytes that have been read from them already are to be fired into their pipelines
     * afterwards.
     *
     * @param engine the side that calls
     * @param client the side that answers
     * @param plan from a call's headers, what changes the messages of its answer; empty: they pass unread
     */
    public static void join(Channel engine, Channel client, Function<Http2Headers, Optional<MessageTransform>> plan) {
        ResponseFrameRelay answering = new ResponseFrameRelay(engine, client, plan);
        client.pipeline().addLast(answering);
        engine.pipeline().addLast(answering.calls);
    }

    @Override
    public Verdict look(int type, int stream, int payload) {
        if (answers.isWaiting()) {
            return Verdict.WAIT;
        }
        boolean changed = answers.isChanged(stream);
        if (type == Http2FrameTypes.DATA && !changed) {
            return answers.mayPass(payload) ? Verdict.PASS : Verdict.WAIT;
        }
        return changed || type == Http2FrameTypes.SETTINGS ? Verdict.TAKE : Verdict.PASS;
    }

    @Override
    public void take(Http2Frame frame) {
        if (frame.type() == Http2FrameTypes.DATA) {
            answers.data(frame);
            return;
        }
        if (frame.type() == Http2FrameTypes.SETTINGS) {
            frame.setting(Http2CodecUtil.SETTINGS_HEADER_TABLE_SIZE).ifPresent(calls::tableSize);
        } else if (frame.type() == Http2FrameTypes.RST_STREAM
                || frame.type() == Http2FrameTypes.HEADERS && frame.flags().endOfStream()) {
            answers.over(frame.stream());
        }
        pass(frame);
    }
}
