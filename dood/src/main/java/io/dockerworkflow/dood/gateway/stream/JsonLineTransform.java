package io.dockerworkflow.dood.gateway.stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dockerworkflow.dood.gateway.protocol.ApiJson;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.function.Function;

/** Changes a stream of JSON objects, one to a line, as its pieces come. */
public final class JsonLineTransform {
    private static final int RECORD_SEPARATOR = 0x1e;

    private final Function<ObjectNode, List<ObjectNode>> change;
    private final ByteArrayOutputStream partial = new ByteArrayOutputStream();

    public JsonLineTransform(Function<ObjectNode, List<ObjectNode>> change) {
        this.change = change;
    }

    /**
     * Takes a piece.
     *
     * @param last whether it is the last one, so that a line without an end is complete
     * @return what to send now
     */
    public byte[] feed(byte[] piece, boolean last) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(piece.length + 64);
        int start = 0;
        for (int i = 0; i < piece.length; i++) {
            if (piece[i] == '\n') {
                partial.write(piece, start, i + 1 - start);
                line(out);
                start = i + 1;
            }
        }
        partial.write(piece, start, piece.length - start);
        if (last) {
            line(out);
        }
        return out.toByteArray();
    }

    private void line(ByteArrayOutputStream out) {
        byte[] bytes = partial.toByteArray();
        partial.reset();
        boolean separated = bytes.length > 0 && bytes[0] == RECORD_SEPARATOR;
        int end = bytes.length;
        while (end > 0 && (bytes[end - 1] == '\n' || bytes[end - 1] == '\r')) {
            end--;
        }
        int start = separated ? 1 : 0;
        if (end <= start) {
            out.write(bytes, 0, bytes.length);
            return;
        }
        JsonNode node = ApiJson.parse(java.util.Arrays.copyOfRange(bytes, start, end));
        List<? extends JsonNode> changed = node instanceof ObjectNode object ? change.apply(object) : List.of(node);
        for (JsonNode each : changed) {
            if (separated) {
                out.write(RECORD_SEPARATOR);
            }
            out.writeBytes(ApiJson.bytes(each));
            out.write(bytes, end, bytes.length - end);
        }
    }
}
