package io.dockerworkflow.internal.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A JSON value that is never surprised: what is missing, or null, or of another kind, is empty. For what is read or made here, and
 * in a watchdog, too, which has no more of Jackson than its streams. Immutable.
 */
public final class Json {
    private static final JsonFactory STREAMS = new JsonFactory();
    private static final Values VALUES = new Values();

    private final @Nullable Object value;

    private Json(@Nullable Object value) {
        this.value = value;
    }

    /**
     * Reads a JSON text; an empty one is an empty value. Of equal keys the last one counts. What follows the value is not read.
     *
     * @throws IOException if it is not JSON
     */
    public static Json parse(byte[] text) throws IOException {
        try (JsonParser parser = STREAMS.createParser(text)) {
            return new Json(parser.nextToken() == null ? null : VALUES.read(parser));
        }
    }

    /**
     * The text, number or boolean at a path of field names, as it is written, or empty if there is none. Of equal keys the first one
     * counts. Reads no further than the object that it is in.
     *
     * @throws IOException if this is not a JSON object
     */
    public static Optional<String> textAt(String json, String... path) throws IOException {
        try (JsonParser parser = STREAMS.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("not a JSON object");
            }
            int depth = 0;
            Optional<String> found = Optional.empty();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean onPath = depth < path.length && parser.currentName().equals(path[depth]);
                JsonToken value = parser.nextToken();
                if (onPath && depth == path.length - 1) {
                    found = Optional.ofNullable(parser.getValueAsString());
                    depth = path.length;
                } else if (onPath && value == JsonToken.START_OBJECT) {
                    depth++;
                    continue;
                }
                parser.skipChildren();
            }
            return found;
        }
    }

    /**
     * Writes maps with text keys, collections, texts, numbers, booleans, as JSON.
     *
     * @throws IllegalArgumentException if there is anything else in it
     */
    public static String write(Object value) {
        StringWriter text = new StringWriter();
        try (JsonGenerator generator = STREAMS.createGenerator(text)) {
            VALUES.write(generator, value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    /** The field of an object. */
    public Json at(String field) {
        return new Json(value instanceof Map<?, ?> map ? map.get(field) : null);
    }

    /** The elements of an array. */
    public List<Json> elements() {
        List<Json> elements = new ArrayList<>();
        if (value instanceof List<?> list) {
            list.forEach(element -> elements.add(new Json(element)));
        }
        return elements;
    }

    /** The fields of an object. */
    public Map<String, Json> fields() {
        Map<String, Json> fields = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> map) {
            map.forEach((name, field) -> fields.put(String.valueOf(name), new Json(field)));
        }
        return fields;
    }

    /** The fields of an object that are texts. */
    public Map<String, String> texts() {
        Map<String, String> texts = new LinkedHashMap<>();
        fields().forEach((name, field) -> field.text().ifPresent(text -> texts.put(name, text)));
        return texts;
    }

    /** A text, number or boolean. */
    public Optional<String> text() {
        return value == null || value instanceof Map || value instanceof List
                ? Optional.empty()
                : Optional.of(value.toString());
    }

    /** The text of a field, or "". */
    public String text(String field) {
        return at(field).text().orElse("");
    }

    /** The number of a field, or 0. */
    public long number(String field) {
        return value instanceof Map<?, ?> map && map.get(field) instanceof Number number ? number.longValue() : 0;
    }

    /** Values that are Java's own: maps, lists, texts, numbers, booleans, null. */
    private static final class Values extends JsonCodec<@Nullable Object> {
        @Override
        Object object(Map<String, @Nullable Object> fields) {
            return fields;
        }

        @Override
        Object array(List<@Nullable Object> elements) {
            return elements;
        }

        @Override
        @SuppressWarnings("NullAway") // it does not see that the type argument allows null
        @Nullable
        Object scalar(JsonParser parser) throws IOException {
            return switch (parser.currentToken()) {
                case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getNumberValue();
                case VALUE_TRUE, VALUE_FALSE -> parser.getBooleanValue();
                case VALUE_NULL -> null;
                default -> parser.getText();
            };
        }

        @Override
        void write(JsonGenerator generator, @Nullable Object value) throws IOException {
            if (value instanceof Map<?, ?> map) {
                writeObject(generator, map.entrySet());
            } else if (value instanceof Iterable<?> elements) {
                writeArray(generator, elements);
            } else if (value instanceof Number number) {
                generator.writeNumber(number.longValue());
            } else if (value instanceof Boolean bool) {
                generator.writeBoolean(bool);
            } else if (value instanceof String text) {
                generator.writeString(text);
            } else {
                throw new IllegalArgumentException("No JSON for " + (value == null ? "null" : value.getClass()));
            }
        }
    }
}
