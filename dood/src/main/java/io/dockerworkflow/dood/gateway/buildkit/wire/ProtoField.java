package io.dockerworkflow.dood.gateway.buildkit.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;

/**
 * One field of a protobuf message.
 *
 * @param number the field's number
 * @param wireType how its value is encoded
 * @param encoding all of it, with its number and wire type
 * @param valueAt where the value begins in the encoding
 */
record ProtoField(int number, int wireType, byte[] encoding, int valueAt) {
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED32 = 5;

    /**
     * Reads the field that begins there.
     *
     * @throws GrpcRefusal if none does
     */
    static ProtoField read(byte[] message, int start) {
        int[] at = {start};
        long tag = readVarint(message, at);
        int number = (int) (tag >>> 3);
        int wireType = (int) (tag & 7);
        if (number < 1 || tag >>> 3 > 0x1FFF_FFFF) {
            throw malformed("field number " + (tag >>> 3));
        }
        int valueAt = at[0];
        switch (wireType) {
            case VARINT -> readVarint(message, at);
            case FIXED64 -> at[0] += 8;
            case FIXED32 -> at[0] += 4;
            case BYTES -> {
                long length = readVarint(message, at);
                valueAt = at[0];
                if (length < 0 || length > message.length - valueAt) {
                    throw malformed("field " + number + " is longer than the message");
                }
                at[0] += (int) length;
            }
            default -> throw malformed("wire type " + wireType + " of field " + number);
        }
        if (at[0] > message.length) {
            throw malformed("field " + number + " is longer than the message");
        }
        return new ProtoField(number, wireType, Arrays.copyOfRange(message, start, at[0]), valueAt - start);
    }

    static ProtoField ofBytes(int number, byte[] value) {
        ByteBuf out = Unpooled.buffer(value.length + 8);
        writeVarint(out, (long) number << 3 | BYTES);
        writeVarint(out, value.length);
        int valueAt = out.readableBytes();
        out.writeBytes(value);
        return new ProtoField(number, BYTES, toArray(out), valueAt);
    }

    static ProtoField ofVarint(int number, long value) {
        ByteBuf out = Unpooled.buffer();
        writeVarint(out, (long) number << 3 | VARINT);
        int valueAt = out.readableBytes();
        writeVarint(out, value);
        return new ProtoField(number, VARINT, toArray(out), valueAt);
    }

    /** The value of a string, bytes or a message. */
    byte[] bytes() {
        require(BYTES);
        return Arrays.copyOfRange(encoding, valueAt, encoding.length);
    }

    /** The value of a number or a flag. */
    long varint() {
        require(VARINT);
        return readVarint(encoding, new int[] {valueAt});
    }

    private void require(int expected) {
        if (wireType != expected) {
            throw malformed("field " + number + " is of wire type " + wireType);
        }
    }

    private static long readVarint(byte[] bytes, int[] at) {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (at[0] >= bytes.length) {
                throw malformed("it ends within a number");
            }
            byte next = bytes[at[0]++];
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw malformed("a number of more than 64 bits");
    }

    private static void writeVarint(ByteBuf out, long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            out.writeByte((int) (rest & 0x7F | 0x80));
            rest >>>= 7;
        }
        out.writeByte((int) rest);
    }

    private static byte[] toArray(ByteBuf out) {
        byte[] bytes = new byte[out.readableBytes()];
        out.readBytes(bytes);
        return bytes;
    }

    private static GrpcRefusal malformed(String what) {
        return new GrpcRefusal(GrpcStatus.INVALID_ARGUMENT, "The message is no protobuf: " + what);
    }
}
