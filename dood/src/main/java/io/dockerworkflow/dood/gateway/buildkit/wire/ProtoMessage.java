package io.dockerworkflow.dood.gateway.buildkit.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A protobuf message as its fields in the order in which they came. What is not changed is written as it was read, known or
 * not. Not safe for use by several threads.
 */
public final class ProtoMessage {
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED32 = 5;

    /** One field: its whole encoding, and where the value begins in it. */
    private record Field(int number, int wireType, byte[] encoding, int valueAt) {
        byte[] value() {
            return Arrays.copyOfRange(encoding, valueAt, encoding.length);
        }
    }

    private final List<Field> fields = new ArrayList<>();

    /**
     * Reads a message.
     *
     * @throws GrpcRefusal if the bytes are none
     */
    public static ProtoMessage parse(byte[] bytes) {
        ProtoMessage message = new ProtoMessage();
        int at = 0;
        while (at < bytes.length) {
            at = message.readField(bytes, at);
        }
        return message;
    }

    private int readField(byte[] bytes, int start) {
        int[] at = {start};
        long tag = varint(bytes, at);
        int number = (int) (tag >>> 3);
        int wireType = (int) (tag & 7);
        if (number < 1 || tag >>> 3 > 0x1FFF_FFFF) {
            throw malformed("field number " + (tag >>> 3));
        }
        int valueAt = at[0];
        switch (wireType) {
            case VARINT -> varint(bytes, at);
            case FIXED64 -> at[0] += 8;
            case FIXED32 -> at[0] += 4;
            case BYTES -> {
                long length = varint(bytes, at);
                valueAt = at[0];
                if (length < 0 || length > bytes.length - valueAt) {
                    throw malformed("field " + number + " is longer than the message");
                }
                at[0] += (int) length;
            }
            default -> throw malformed("wire type " + wireType + " of field " + number);
        }
        if (at[0] > bytes.length) {
            throw malformed("field " + number + " is longer than the message");
        }
        fields.add(new Field(number, wireType, Arrays.copyOfRange(bytes, start, at[0]), valueAt - start));
        return at[0];
    }

    private static long varint(byte[] bytes, int[] at) {
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

    private static GrpcRefusal malformed(String what) {
        return new GrpcRefusal(GrpcStatus.INVALID_ARGUMENT, "The message is no protobuf: " + what);
    }

    /** The message's bytes. */
    public byte[] toBytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        fields.forEach(field -> out.writeBytes(field.encoding()));
        return out.toByteArray();
    }

    boolean isEmpty() {
        return fields.isEmpty();
    }

    public boolean has(int number) {
        return fields.stream().anyMatch(field -> field.number() == number);
    }

    /** The numbers of all fields, in order, with repetitions. */
    public List<Integer> numbers() {
        return fields.stream().map(Field::number).toList();
    }

    /** The values of a repeated field of strings, bytes or messages. */
    public List<byte[]> all(int number) {
        return fields.stream()
                .filter(field -> field.number() == number)
                .map(field -> {
                    if (field.wireType() != BYTES) {
                        throw malformed("field " + number + " is of wire type " + field.wireType());
                    }
                    return field.value();
                })
                .toList();
    }

    public List<String> strings(int number) {
        return all(number).stream()
                .map(value -> new String(value, StandardCharsets.UTF_8))
                .toList();
    }

    /** The value of a single string, which is the last if there are several; empty if there is none. */
    public String string(int number) {
        List<String> values = strings(number);
        return values.isEmpty() ? "" : values.get(values.size() - 1);
    }

    /** The value of a single number or flag; 0 if there is none. */
    public long number(int number) {
        long value = 0;
        for (Field field : fields) {
            if (field.number() == number) {
                if (field.wireType() != VARINT) {
                    throw malformed("field " + number + " is of wire type " + field.wireType());
                }
                value = varint(field.encoding(), new int[] {field.valueAt()});
            }
        }
        return value;
    }

    /** A single message. Where a field of that kind comes several times, protobuf merges: so does this. */
    public Optional<ProtoMessage> message(int number) {
        if (!has(number)) {
            return Optional.empty();
        }
        ProtoMessage merged = new ProtoMessage();
        all(number).forEach(value -> merged.fields.addAll(parse(value).fields));
        return Optional.of(merged);
    }

    public List<ProtoMessage> messages(int number) {
        return all(number).stream().map(ProtoMessage::parse).toList();
    }

    /** A map from strings to strings; of equal keys the last counts. */
    public Map<String, String> stringMap(int number) {
        Map<String, String> map = new LinkedHashMap<>();
        messages(number).forEach(entry -> map.put(entry.string(1), entry.string(2)));
        return map;
    }

    public ProtoMessage clear(int number) {
        fields.removeIf(field -> field.number() == number);
        return this;
    }

    public ProtoMessage add(int number, byte[] value) {
        fields.add(field(number, value));
        return this;
    }

    public ProtoMessage add(int number, String value) {
        return add(number, value.getBytes(StandardCharsets.UTF_8));
    }

    public ProtoMessage addNumber(int number, long value) {
        ByteBuf out = Unpooled.buffer();
        writeVarint(out, (long) number << 3 | VARINT);
        int valueAt = out.readableBytes();
        writeVarint(out, value);
        fields.add(new Field(number, VARINT, toArray(out), valueAt));
        return this;
    }

    /** Puts the values in the place of all that the field had, where the first of them was, or else at the end. */
    public ProtoMessage set(int number, List<byte[]> values) {
        List<Field> replacement =
                values.stream().map(value -> field(number, value)).toList();
        int place = fields.size();
        for (int i = 0; i < fields.size() && place == fields.size(); i++) {
            if (fields.get(i).number() == number) {
                place = i;
            }
        }
        fields.removeIf(field -> field.number() == number);
        fields.addAll(Math.min(place, fields.size()), replacement);
        return this;
    }

    public ProtoMessage set(int number, String value) {
        return set(number, List.of(value.getBytes(StandardCharsets.UTF_8)));
    }

    public ProtoMessage set(int number, ProtoMessage value) {
        return set(number, List.of(value.toBytes()));
    }

    public ProtoMessage setMap(int number, Map<String, String> map) {
        return set(
                number,
                map.entrySet().stream()
                        .map(entry -> new ProtoMessage()
                                .add(1, entry.getKey())
                                .add(2, entry.getValue())
                                .toBytes())
                        .toList());
    }

    private static Field field(int number, byte[] value) {
        ByteBuf out = Unpooled.buffer(value.length + 8);
        writeVarint(out, (long) number << 3 | BYTES);
        writeVarint(out, value.length);
        int valueAt = out.readableBytes();
        out.writeBytes(value);
        return new Field(number, BYTES, toArray(out), valueAt);
    }

    private static byte[] toArray(ByteBuf out) {
        byte[] bytes = new byte[out.readableBytes()];
        out.readBytes(bytes);
        return bytes;
    }

    private static void writeVarint(ByteBuf out, long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            out.writeByte((int) (rest & 0x7F | 0x80));
            rest >>>= 7;
        }
        out.writeByte((int) rest);
    }
}
