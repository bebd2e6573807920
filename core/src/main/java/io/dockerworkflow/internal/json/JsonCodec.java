package io.dockerworkflow.internal.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The library's one reader and one writer of JSON, by Jackson's streams. Jackson's object mapper is not used, because a cold JVM
 * takes 100 to 200 ms and 20 MB to load it. Subclasses say what the values are; this class needs no more of Jackson than its streams,
 * since a watchdog has no more of it.
 *
 * @param <V> what JSON values are in Java
 */
abstract class JsonCodec<V extends @Nullable Object> {

    /** Reads the value at the parser's token, to its end. Nested no deeper than Jackson's parser allows. */
    final V read(JsonParser parser) throws IOException {
        if (parser.hasToken(JsonToken.START_OBJECT)) {
            Map<String, V> fields = new LinkedHashMap<>();
            for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                parser.nextToken();
                // Of equal keys the last one counts, unless the parser refuses them.
                fields.put(name, read(parser));
            }
            return object(fields);
        }
        if (parser.hasToken(JsonToken.START_ARRAY)) {
            List<V> elements = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                elements.add(read(parser));
            }
            return array(elements);
        }
        return scalar(parser);
    }

    /** Writes a value: an object and an array by the methods below, anything else by the generator. */
    abstract void write(JsonGenerator generator, V value) throws IOException;

    final void writeObject(JsonGenerator generator, Iterable<? extends Map.Entry<?, ? extends V>> fields)
            throws IOException {
        generator.writeStartObject();
        for (Map.Entry<?, ? extends V> field : fields) {
            generator.writeFieldName(String.valueOf(field.getKey()));
            write(generator, field.getValue());
        }
        generator.writeEndObject();
    }

    final void writeArray(JsonGenerator generator, Iterable<? extends V> elements) throws IOException {
        generator.writeStartArray();
        for (V element : elements) {
            write(generator, element);
        }
        generator.writeEndArray();
    }

    /** The object of these fields; it may keep the map. */
    abstract V object(Map<String, V> fields);

    /** The array of these elements; it may keep the list. */
    abstract V array(List<V> elements);

    /** The value of the parser's token, which begins neither an object nor an array. */
    abstract V scalar(JsonParser parser) throws IOException;
}
