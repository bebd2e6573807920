package io.dockerworkflow.dood.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Reads fields so that what is there in an unexpected type counts as set, not as absent. */
final class StrictFields {
    private StrictFields() {}

    /** Whether the field asks for something: not absent, null, false, zero or empty. */
    static boolean isSet(@Nullable JsonNode node) {
        if (node == null || node.isNull() || node.isMissingNode()) {
            return false;
        }
        if (node.isContainerNode()) {
            return !node.isEmpty();
        }
        return !(node.isBoolean() && !node.booleanValue()
                || node.isTextual() && node.textValue().isEmpty()
                || node.isNumber() && node.decimalValue().signum() == 0);
    }

    /** Whether the field is there and not null. */
    static boolean isPresent(@Nullable JsonNode node) {
        return node != null && !node.isNull();
    }

    /** The field as text; empty if absent. */
    static String text(JsonNode parent, String field) {
        JsonNode node = parent.get(field);
        return node == null || node.isNull() ? "" : plain(node);
    }

    /** The field's items; a text counts as a list of one, as it does for the engine's string lists. */
    static List<String> texts(JsonNode parent, String field) {
        JsonNode node = parent.get(field);
        if (!isSet(node)) {
            return List.of();
        }
        if (node.isArray()) {
            return StreamSupport.stream(node.spliterator(), false)
                    .map(StrictFields::plain)
                    .toList();
        }
        return List.of(plain(node));
    }

    /** The field's items. */
    static List<JsonNode> items(JsonNode parent, String field) {
        JsonNode node = parent.get(field);
        return node == null
                ? List.of()
                : StreamSupport.stream(node.spliterator(), false).toList();
    }

    /** The field's entries; none if it is no object. */
    static Set<Map.Entry<String, JsonNode>> entries(JsonNode parent, String field) {
        return parent.get(field) instanceof ObjectNode object ? object.properties() : Set.of();
    }

    /** The field as a number; zero if absent, the largest if it is too large or no number. */
    static long number(JsonNode parent, String field) {
        JsonNode node = parent.get(field);
        if (node == null || node.isNull()) {
            return 0;
        }
        return node.canConvertToLong() ? node.longValue() : Long.MAX_VALUE;
    }

    private static String plain(JsonNode node) {
        return node.isTextual() ? node.textValue() : node.toString();
    }
}
