package io.dockerworkflow.dood.gateway.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.function.UnaryOperator;

/** Changes texts of JSON trees in place. What is there but no text stays as it is. */
public final class TextFields {
    private TextFields() {}

    /** The text in that field. */
    public static void text(ObjectNode object, String field, UnaryOperator<String> change) {
        JsonNode node = object.get(field);
        if (node != null && node.isTextual()) {
            object.put(field, change.apply(node.textValue()));
        }
    }

    /** Each text of the array. */
    public static void texts(ArrayNode array, UnaryOperator<String> change) {
        for (int i = 0; i < array.size(); i++) {
            if (array.get(i).isTextual()) {
                array.set(i, TextNode.valueOf(change.apply(array.get(i).textValue())));
            }
        }
    }

    /** A path with another name in the place of that one, wherever a directory on it has that one. */
    public static String directory(String path, String name, String other) {
        return path.replace("/" + name + "/", "/" + other + "/");
    }
}
