package io.dockerworkflow.dood.testsupport;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dockerworkflow.dood.gateway.protocol.ApiJson;
import java.nio.charset.StandardCharsets;

/** JSON trees for tests, written with single quotes. */
public final class Trees {
    private Trees() {}

    public static JsonNode tree(String text) {
        return ApiJson.parse(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    public static ObjectNode object(String text) {
        return (ObjectNode) tree(text);
    }

    /** Written as the trees here are. */
    public static String text(JsonNode tree) {
        return ApiJson.text(tree).replace('"', '\'');
    }
}
