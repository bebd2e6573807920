package io.dockerworkflow.internal.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/**
 * JSON as Jackson's trees, for what is changed and passed on: numbers pass through as they were written. Safe for use by several
 * threads.
 */
public final class JsonTree {
    // Longer texts than Jackson's own 20 million characters pass through a gateway: the logs of a build.
    private static final JsonFactory ANY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(64 * 1024 * 1024)
                    .build())
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            // As engines write them, not as two escapes.
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
            .build();

    private static final JsonFactory UNAMBIGUOUS =
            ANY.rebuild().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

    private static final Nodes NODES = new Nodes();

    private JsonTree() {}

    /**
     * Reads one JSON value; of equal keys the last one counts. No text is a missing node.
     *
     * @throws JsonProcessingException if it is not JSON, or something follows it
     */
    public static JsonNode read(byte[] json) throws JsonProcessingException {
        return read(json, ANY);
    }

    /**
     * Reads one JSON value in which no object has two equal keys. No text is a missing node.
     *
     * @throws JsonProcessingException if it is not such JSON, or something follows it
     */
    public static JsonNode readUnambiguous(byte[] json) throws JsonProcessingException {
        return read(json, UNAMBIGUOUS);
    }

    /** A parser for what is to be read without a tree. */
    public static JsonParser parser(byte[] json) throws IOException {
        return ANY.createParser(json);
    }

    /** Writes a tree, as UTF-8. */
    public static byte[] write(JsonNode tree) {
        return builder(tree).toByteArray();
    }

    /** Writes a tree and a line's end, as engines end their documents, so that a shell reads the last line, too. */
    public static byte[] writeLine(JsonNode tree) {
        ByteArrayBuilder bytes = builder(tree);
        bytes.append('\n');
        return bytes.toByteArray();
    }

    private static ByteArrayBuilder builder(JsonNode tree) {
        ByteArrayBuilder bytes = new ByteArrayBuilder();
        try (JsonGenerator generator = ANY.createGenerator(bytes)) {
            NODES.write(generator, tree);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes;
    }

    private static JsonNode read(byte[] json, JsonFactory factory) throws JsonProcessingException {
        try (JsonParser parser = factory.createParser(json)) {
            if (parser.nextToken() == null) {
                return JsonNodeFactory.instance.missingNode();
            }
            JsonNode tree = NODES.read(parser);
            if (parser.nextToken() != null) {
                throw new JsonParseException(parser, "Trailing token of type " + parser.currentToken());
            }
            return tree;
        } catch (JsonProcessingException e) {
            throw e;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Values that are Jackson's nodes. */
    private static final class Nodes extends JsonCodec<JsonNode> {
        private static final JsonNodeFactory FACTORY = JsonNodeFactory.instance;

        @Override
        JsonNode object(Map<String, JsonNode> fields) {
            return new ObjectNode(FACTORY, fields);
        }

        @Override
        JsonNode array(List<JsonNode> elements) {
            return new ArrayNode(FACTORY, elements);
        }

        @Override
        JsonNode scalar(JsonParser parser) throws IOException {
            return switch (parser.currentToken()) {
                case VALUE_NUMBER_INT ->
                    switch (parser.getNumberType()) {
                        case INT -> FACTORY.numberNode(parser.getIntValue());
                        case LONG -> FACTORY.numberNode(parser.getLongValue());
                        default -> FACTORY.numberNode(parser.getBigIntegerValue());
                    };
                case VALUE_NUMBER_FLOAT -> FACTORY.numberNode(parser.getDecimalValue());
                case VALUE_TRUE, VALUE_FALSE -> FACTORY.booleanNode(parser.getBooleanValue());
                case VALUE_NULL -> FACTORY.nullNode();
                default -> FACTORY.textNode(parser.getText());
            };
        }

        @Override
        void write(JsonGenerator generator, JsonNode node) throws IOException {
            switch (node.getNodeType()) {
                case OBJECT -> writeObject(generator, node.properties());
                case ARRAY -> writeArray(generator, node);
                case NUMBER -> writeNumber(generator, node);
                case BOOLEAN -> generator.writeBoolean(node.booleanValue());
                case STRING -> generator.writeString(node.textValue());
                case NULL, MISSING -> generator.writeNull();
                case BINARY, POJO -> throw new IllegalArgumentException("No JSON for " + node.getClass());
            }
        }

        private static void writeNumber(JsonGenerator generator, JsonNode node) throws IOException {
            if (node.isIntegralNumber() && node.canConvertToLong()) {
                generator.writeNumber(node.longValue());
            } else if (node.isIntegralNumber()) {
                generator.writeNumber(node.bigIntegerValue());
            } else {
                generator.writeNumber(node.decimalValue());
            }
        }
    }
}
