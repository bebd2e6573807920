package io.dockerworkflow.dood.gateway.buildkit.wire;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A protobuf message as its fields in the order in which they came. What is not changed is written as it was read, known or
 * not. Not safe for use by several threads.
 */
public final class ProtoMessage {
    private final List<ProtoField> fields = new ArrayList<>();

    /**
     * Reads a message.
     *
     * @throws GrpcRefusal if the bytes are none
     */
    public static ProtoMessage parse(byte[] bytes) {
        ProtoMessage message = new ProtoMessage();
        int at = 0;
        while (at < bytes.length) {
            ProtoField field = ProtoField.read(bytes, at);
            message.fields.add(field);
            at += field.encoding().length;
        }
        return message;
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
        return fields.stream().map(ProtoField::number).toList();
    }

    /** The values of a repeated field of strings, bytes or messages. */
    public List<byte[]> all(int number) {
        return fields.stream()
                .filter(field -> field.number() == number)
                .map(ProtoField::bytes)
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
        for (ProtoField field : fields) {
            if (field.number() == number) {
                value = field.varint();
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
        fields.add(ProtoField.ofBytes(number, value));
        return this;
    }

    public ProtoMessage add(int number, String value) {
        return add(number, value.getBytes(StandardCharsets.UTF_8));
    }

    public ProtoMessage addNumber(int number, long value) {
        fields.add(ProtoField.ofVarint(number, value));
        return this;
    }

    /** Puts the values in the place of all that the field had, where the first of them was, or else at the end. */
    public ProtoMessage set(int number, List<byte[]> values) {
        List<ProtoField> replacement =
                values.stream().map(value -> ProtoField.ofBytes(number, value)).toList();
        int index = fields.size();
        for (int i = 0; i < fields.size() && index == fields.size(); i++) {
            if (fields.get(i).number() == number) {
                index = i;
            }
        }
        fields.removeIf(field -> field.number() == number);
        fields.addAll(Math.min(index, fields.size()), replacement);
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
}
