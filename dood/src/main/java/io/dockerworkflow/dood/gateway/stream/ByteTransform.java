package io.dockerworkflow.dood.gateway.stream;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** Changes a stream of bytes as its pieces come. One stream, one use. Whoever feeds it closes it. */
public interface ByteTransform {
    /** Changes nothing. */
    ByteTransform NONE = new ByteTransform() {
        @Override
        public void feed(ByteBuf piece, Consumer<ByteBuf> out) {
            out.accept(piece);
        }

        @Override
        public void end(Consumer<ByteBuf> out) {
            // Nothing is kept.
        }

        @Override
        public void pass(HttpContent content, Consumer<HttpContent> out) {
            out.accept(content);
        }

        @Override
        public long unchanged() {
            return Long.MAX_VALUE;
        }
    };

    /**
     * Takes a piece.
     *
     * @param piece released by the transform, or passed on
     * @param out takes what can be sent now, and owns it
     */
    void feed(ByteBuf piece, Consumer<ByteBuf> out);

    /** The stream has ended: passes on what is left. */
    void end(Consumer<ByteBuf> out);

    /**
     * What it waits for. Until that is done it takes nothing: neither a piece nor the end of the stream; then {@link #proceed}
     * comes first. Empty, as a rule.
     */
    default Optional<CompletionStage<?>> awaited() {
        return Optional.empty();
    }

    /** Goes on with what it has, now that what it waited for is done. */
    default void proceed(Consumer<ByteBuf> out) {}

    /** How many bytes from here on it will pass on as they are, as far as it knows. */
    default long unchanged() {
        return 0;
    }

    /** So many bytes, no more than are {@link #unchanged}, went past it. */
    default void passed(long bytes) {}

    /** Gives up what it holds, also of a stream that has not ended. Idempotent. */
    default void close() {}

    /** Takes a piece of a body, the last one with its end. */
    default void pass(HttpContent content, Consumer<HttpContent> out) {
        boolean last = content instanceof LastHttpContent;
        feed(content.content(), piece -> out.accept(new DefaultHttpContent(piece)));
        if (last) {
            end(piece -> out.accept(new DefaultHttpContent(piece)));
            out.accept(LastHttpContent.EMPTY_LAST_CONTENT);
        }
    }
}
