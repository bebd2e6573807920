package io.dockerworkflow.internal.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Optional;

/** Single texts out of a JSON object, without the 100 ms that an object mapper takes to load. */
public final class JsonText {
    private JsonText() {}

    /**
     * The text at a path of field names, or empty if there is none.
     *
     * @throws IOException if this is not a JSON object
     */
    public static Optional<String> at(String json, String... path) throws IOException {
        try (JsonParser parser = new JsonFactory().createParser(json)) {
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
}
