package io.dockerworkflow.dood.differential;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dockerworkflow.internal.children.Labels;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Takes out of an answer what two engines cannot agree on: ids (numbered by first appearance, so that who is who is still
 * compared), times, addresses, process ids, and this library's labels, which no session shows. Keeps everything else, names
 * above all.
 */
final class Normaliser {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern ID = Pattern.compile("\\b[0-9a-f]{64}\\b|\\b[0-9a-f]{12}\\b");
    private static final Pattern TIME =
            Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?(Z|[+-]\\d\\d:\\d\\d)");
    private static final Pattern ADDRESS = Pattern.compile("\\b\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}\\b(/\\d+)?");
    private static final Pattern MAC = Pattern.compile("\\b([0-9a-f]{2}:){5}[0-9a-f]{2}\\b");
    private static final Pattern AGE = Pattern.compile(
            "(Up|Exited \\(\\d+\\)|Created|Restarting \\(\\d+\\)) (Less than a|About an?|\\d+) \\w+( ago)?");
    private static final Pattern NUMBER = Pattern.compile("(?<= )\\d+(\\.\\d+)?");
    private static final Pattern GENERATED_NAME = Pattern.compile("^/?[a-z]+_[a-z]+\\d?$");

    /** Fields whose value is a measurement or belongs to the machine. */
    private static final Set<String> VOLATILE = Set.of("Pid", "Created", "SandboxKey", "SizeRw", "SizeRootFs", "mtime");

    /** Paths on the engine's disk, in which the session's prefix is the truth that no view can change. */
    private static final Set<String> ENGINE_PATHS = Set.of("Mountpoint", "Source");

    /** Lists to which the engine itself gives no order. */
    private static final Map<String, String> UNORDERED = Map.of(
            "Mounts",
            "Destination",
            "Volumes",
            "Name",
            "RepoTags",
            "",
            "Tags",
            "",
            "Aliases",
            "",
            "VolumesDeleted",
            "",
            "NetworksDeleted",
            "",
            "ContainersDeleted",
            "");

    private final Map<String, Integer> ids = new HashMap<>();

    String body(String path, String body) {
        if (body.isBlank()) {
            return "";
        }
        try {
            JsonNode raw = JSON.readTree(body);
            boolean networks = path.startsWith("/networks?") && raw.isArray();
            // Before the ids are numbered: the engine keeps networks in a map.
            JsonNode tree = node("", networks ? sorted((ArrayNode) raw, "Name") : raw);
            String text = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(tree);
            return path.contains("/stats") ? NUMBER.matcher(text).replaceAll("<number>") : text;
        } catch (JsonProcessingException e) {
            return text(body);
        }
    }

    private JsonNode node(String key, JsonNode value) {
        if (value.isObject()) {
            ObjectNode result = JsonNodeFactory.instance.objectNode();
            value.properties().stream()
                    .filter(field -> !field.getKey().startsWith(Labels.PREFIX))
                    .sorted(Comparator.comparing(this::order))
                    .forEach(field -> result.set(text(field.getKey()), node(field.getKey(), field.getValue())));
            return result;
        }
        if (value.isArray()) {
            ArrayNode result = JsonNodeFactory.instance.arrayNode();
            value.forEach(element -> result.add(node(key, element)));
            String order = UNORDERED.get(key);
            return order == null ? result : sorted(result, order);
        }
        if (VOLATILE.contains(key)) {
            return JsonNodeFactory.instance.textNode("<" + key + ">");
        }
        if (!value.isTextual()) {
            return value;
        }
        String text = value.textValue();
        if (ENGINE_PATHS.contains(key)) {
            text = text.replaceAll("/volumes/dw-[0-9a-f]{8}-", "/volumes/");
        }
        if ((key.equals("Name") || key.equals("Names"))
                && GENERATED_NAME.matcher(text).matches()) {
            text = "<generated name>";
        }
        return JsonNodeFactory.instance.textNode(text(text));
    }

    /** By key, and ids last, by what is known of them: as they are, they stand in any order. */
    private String order(Map.Entry<String, JsonNode> field) {
        if (!ID.matcher(field.getKey()).matches()) {
            return field.getKey();
        }
        Integer number = ids.get(field.getKey().substring(0, 12));
        return number == null ? "~~" + field.getValue().path("Name").asText() : "~%06d".formatted(number);
    }

    private static ArrayNode sorted(ArrayNode array, String key) {
        List<JsonNode> elements = new ArrayList<>();
        array.forEach(elements::add);
        elements.sort(Comparator.comparing(
                element -> key.isEmpty() ? element.asText() : element.path(key).asText()));
        return JsonNodeFactory.instance.arrayNode().addAll(elements);
    }

    private String text(String text) {
        String result = ID.matcher(text).replaceAll(this::id);
        result = TIME.matcher(result).replaceAll("<time>");
        result = MAC.matcher(result).replaceAll("<mac>");
        result = ADDRESS.matcher(result).replaceAll("<address>");
        return AGE.matcher(result).replaceAll("$1 <age>");
    }

    /** An error repeats an id as the client gave it or in full, which a gateway cannot know: both forms are written alike. */
    private String id(MatchResult match) {
        String id = match.group();
        int number = ids.computeIfAbsent(id.substring(0, 12), ignored -> ids.size() + 1);
        return "<id " + number + ">";
    }
}
