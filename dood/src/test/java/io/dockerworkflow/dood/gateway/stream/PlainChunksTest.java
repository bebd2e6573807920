package io.dockerworkflow.dood.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dockerworkflow.dood.gateway.engine.EngineResponseDecoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.CodecException;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Read like this, a body is what Netty's own decoder makes of it. */
class PlainChunksTest {
    private static final String HEAD = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

    @Property(tries = 500)
    void bodyWhenItComesInAnyPiecesIsWhatNettyReads(@ForAll long seed) {
        Random random = new Random(seed);
        byte[] wire = (HEAD + chunks(random) + HEAD + chunks(random)).getBytes(StandardCharsets.ISO_8859_1);
        String expected = read(new EmbeddedChannel(new HttpResponseDecoder()), wire, new Random(seed));
        assertThat(read(new EmbeddedChannel(new EngineResponseDecoder()), wire, new Random(seed)))
                .isEqualTo(expected)
                .contains("end");
    }

    @Property(tries = 500)
    void bodyWhenPartsOfItAreSkippedIsTheSameBehindTheDecoder(@ForAll long seed) {
        Random random = new Random(seed);
        byte[] wire = (HEAD + chunks(random)).getBytes(StandardCharsets.ISO_8859_1);
        EngineResponseDecoder decoder = new EngineResponseDecoder();
        EmbeddedChannel channel = new EmbeddedChannel(decoder);
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        sent.writeBytes(HEAD.getBytes(StandardCharsets.ISO_8859_1));
        PlainChunks chunks = decoder.chunks();
        for (int at = 0; at < wire.length; ) {
            int length = Math.min(1 + random.nextInt(60), wire.length - at);
            ByteBuf piece = Unpooled.copiedBuffer(wire, at, length);
            at += length;
            int most = random.nextInt(120);
            if (chunks.canSkip() && chunks.dataLeft() <= most && chunks.lineEndLeft() == 0) {
                if (chunks.dataLeft() > 0) {
                    sent.writeBytes(
                            (Integer.toHexString(chunks.dataLeft()) + "\r\n").getBytes(StandardCharsets.US_ASCII));
                }
                int from = piece.readerIndex();
                assertThat(chunks.skip(piece, most)).isLessThanOrEqualTo(most);
                byte[] skipped = new byte[piece.readerIndex() - from];
                piece.getBytes(from, skipped);
                sent.writeBytes(skipped);
                // What is skipped in part has to be skipped to its end.
                while (chunks.dataLeft() + chunks.lineEndLeft() > 0 && at < wire.length) {
                    ByteBuf next = Unpooled.copiedBuffer(wire, at, 1);
                    sent.write(wire[at++]);
                    chunks.skip(next, chunks.dataLeft());
                    next.release();
                }
            }
            channel.writeInbound(piece);
            frame(channel, sent);
        }
        byte[] all = sent.toByteArray();
        assertThat(read(new EmbeddedChannel(new HttpResponseDecoder()), all, new Random(seed)))
                .isEqualTo(read(new EmbeddedChannel(new HttpResponseDecoder()), wire, new Random(seed)));
    }

    @Test
    void dataWhenNoLineEndFollowsIsRefused() {
        EmbeddedChannel channel = new EmbeddedChannel(new EngineResponseDecoder());
        ByteBuf wire = Unpooled.copiedBuffer(HEAD + "3\r\nabc3\r\nabc\r\n0\r\n\r\n", StandardCharsets.US_ASCII);
        assertThatThrownBy(() -> channel.writeInbound(wire)).isInstanceOf(CodecException.class);
        channel.releaseInbound();
    }

    /** Sends on what was decoded, each piece as a chunk of its own. */
    private static void frame(EmbeddedChannel decoded, ByteArrayOutputStream sent) {
        for (HttpObject object = decoded.readInbound(); object != null; object = decoded.readInbound()) {
            if (object instanceof HttpContent content) {
                String data = content.content().toString(StandardCharsets.ISO_8859_1);
                boolean last = content instanceof LastHttpContent;
                if (!data.isEmpty() || last) {
                    sent.writeBytes((Integer.toHexString(data.length()) + "\r\n" + data + "\r\n")
                            .getBytes(StandardCharsets.ISO_8859_1));
                }
                content.release();
            }
        }
    }

    /** A body whose data looks like chunks; some chunks are not plain. */
    private static String chunks(Random random) {
        StringBuilder body = new StringBuilder();
        for (int chunk = random.nextInt(12); chunk > 0; chunk--) {
            int size = 1 + random.nextInt(random.nextBoolean() ? 4 : 100);
            String hex = Integer.toHexString(size);
            body.append(random.nextInt(8) == 0 ? "000" : "")
                    .append(random.nextBoolean() ? hex : hex.toUpperCase(java.util.Locale.ROOT))
                    .append(random.nextInt(8) == 0 ? ";name=value" : "")
                    .append("\r\n");
            for (int i = 0; i < size; i++) {
                body.append("0123\r\n;\u00ff".charAt(random.nextInt(8)));
            }
            body.append("\r\n");
        }
        return body.append("0\r\n")
                .append(random.nextBoolean() ? "Trailer: value\r\n" : "")
                .append("\r\n")
                .toString();
    }

    /** The data, and the trailers at its end. */
    private static String read(EmbeddedChannel channel, byte[] wire, Random random) {
        StringBuilder read = new StringBuilder();
        for (int at = 0; at < wire.length; ) {
            int length = Math.min(1 + random.nextInt(60), wire.length - at);
            channel.writeInbound(Unpooled.copiedBuffer(wire, at, length));
            at += length;
            for (HttpObject object = channel.readInbound(); object != null; object = channel.readInbound()) {
                assertThat(object.decoderResult().isSuccess()).isTrue();
                if (object instanceof HttpContent content) {
                    read.append(content.content().toString(StandardCharsets.ISO_8859_1));
                    content.release();
                }
                if (object instanceof LastHttpContent last) {
                    read.append(" end ").append(last.trailingHeaders().entries());
                }
            }
        }
        return read.toString();
    }
}
