package io.dockerworkflow.dood.gateway.buildkit.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameTypes;
import java.util.OptionalLong;

/**
 * A frame of HTTP/2 (RFC 9113, section 4).
 *
 * @param type one of {@link Http2FrameTypes}
 * @param flags what they mean depends on the type
 * @param stream its stream; 0: the connection
 * @param payload what follows the frame's head; belongs to whoever cut the frame
 */
public record Http2Frame(int type, Http2Flags flags, int stream, ByteBuf payload) {
    /** The length of every frame's head. */
    static final int HEAD = Http2CodecUtil.FRAME_HEADER_LENGTH;

    /** So long a payload may be whatever the receiver has said. */
    public static final int MAX_PAYLOAD = Http2CodecUtil.MAX_FRAME_SIZE_LOWER_BOUND;

    private static final int STREAM_BITS = 0x7fff_ffff;
    private static final int TYPE_AT = 3;
    private static final int FLAGS_AT = 4;
    private static final int STREAM_AT = 5;
    private static final int PRIORITY = 5;
    private static final int SETTING = Short.BYTES + Integer.BYTES;

    /** The length of the payload of the frame that begins at that index. */
    static int payloadAt(ByteBuf bytes, int index) {
        return bytes.getUnsignedMedium(index);
    }

    static int typeAt(ByteBuf bytes, int index) {
        return bytes.getUnsignedByte(index + TYPE_AT);
    }

    static int streamAt(ByteBuf bytes, int index) {
        return bytes.getInt(index + STREAM_AT) & STREAM_BITS;
    }

    /** The frame that begins at that index and is there as a whole; shares the bytes. */
    static Http2Frame at(ByteBuf bytes, int index) {
        return new Http2Frame(
                typeAt(bytes, index),
                new Http2Flags(bytes.getUnsignedByte(index + FLAGS_AT)),
                streamAt(bytes, index),
                bytes.slice(index + HEAD, payloadAt(bytes, index)));
    }

    /** Data without its padding, or a piece of a header block without padding and priority. */
    public ByteBuf content() {
        boolean padded = type != Http2FrameTypes.CONTINUATION && flags.paddingPresent();
        int before = (padded ? 1 : 0) + (type == Http2FrameTypes.HEADERS && flags.priorityPresent() ? PRIORITY : 0);
        int after = padded ? payload.getUnsignedByte(payload.readerIndex()) : 0;
        return payload.slice(payload.readerIndex() + before, payload.readableBytes() - before - after);
    }

    /** How much larger a window becomes, from a frame of type {@code WINDOW_UPDATE}. */
    public int increment() {
        return payload.getInt(payload.readerIndex()) & STREAM_BITS;
    }

    /** What a frame of type {@code SETTINGS} sets that one to. */
    public OptionalLong setting(int id) {
        OptionalLong value = OptionalLong.empty();
        for (int at = payload.readerIndex(); at + SETTING <= payload.writerIndex(); at += SETTING) {
            if (payload.getUnsignedShort(at) == id) {
                value = OptionalLong.of(payload.getUnsignedInt(at + Short.BYTES));
            }
        }
        return value;
    }

    /** A frame as it is sent. */
    public static ByteBuf bytes(int type, Http2Flags flags, int stream, ByteBuf payload) {
        ByteBuf head = Unpooled.buffer(HEAD);
        Http2CodecUtil.writeFrameHeader(head, payload.readableBytes(), (byte) type, flags, stream);
        return Unpooled.wrappedBuffer(head, payload);
    }

    public static ByteBuf windowUpdate(int stream, int increment) {
        return bytes(
                Http2FrameTypes.WINDOW_UPDATE,
                new Http2Flags(),
                stream,
                Unpooled.buffer(Integer.BYTES).writeInt(increment));
    }

    public static ByteBuf reset(int stream, long error) {
        return bytes(
                Http2FrameTypes.RST_STREAM,
                new Http2Flags(),
                stream,
                Unpooled.buffer(Integer.BYTES).writeInt((int) error));
    }
}
