package io.dockerworkflow.dood.gateway.protocol;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dockerworkflow.internal.children.Labels;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** The {@code filters} parameter, in either of its two shapes: values as a list, or as the keys of a map to booleans. */
public final class Filters {
    private final Map<String, Set<String>> values = new LinkedHashMap<>();

    public static Filters of(Query query) {
        Filters filters = new Filters();
        String text = query.get("filters");
        if (text.isBlank()) {
            return filters;
        }
        JsonNode node;
        try {
            node = ApiJson.parseRequest(text.getBytes(StandardCharsets.UTF_8));
        } catch (ApiException e) {
            throw ApiException.badRequest("invalid filter");
        }
        for (String name : ApiJson.names(node)) {
            JsonNode given = node.get(name);
            Set<String> set = filters.values.computeIfAbsent(name, any -> new LinkedHashSet<>());
            if (given instanceof ObjectNode object) {
                object.properties().stream()
                        .filter(entry -> entry.getValue().asBoolean())
                        .forEach(entry -> set.add(entry.getKey()));
            } else if (given.isArray()) {
                given.forEach(value -> set.add(value.asText("")));
            } else {
                throw ApiException.badRequest("invalid filter");
            }
        }
        return filters.map("label", Filters::shown).map("label!", Filters::shown);
    }

    /** The session's own labels are on nothing that a client sees, so a filter for one finds nothing. */
    private static String shown(String label) {
        return label.startsWith(Labels.PREFIX) ? "hidden." + label : label;
    }

    public Set<String> get(String name) {
        return values.getOrDefault(name, Set.of());
    }

    public boolean has(String name) {
        return !get(name).isEmpty();
    }

    public Filters add(String name, String value) {
        values.computeIfAbsent(name, any -> new LinkedHashSet<>()).add(value);
        return this;
    }

    public Set<String> remove(String name) {
        Set<String> removed = values.remove(name);
        return removed == null ? Set.of() : removed;
    }

    public Filters map(String name, UnaryOperator<String> change) {
        Set<String> old = values.get(name);
        if (old != null) {
            Set<String> changed = new LinkedHashSet<>();
            old.forEach(value -> changed.add(change.apply(value)));
            values.put(name, changed);
        }
        return this;
    }

    /** In the shape that every engine reads. */
    public String encode() {
        StringBuilder json = new StringBuilder("{");
        values.forEach((name, set) -> {
            key(json, name).append('{');
            set.forEach(value -> key(json, value).append("true"));
            json.append('}');
        });
        return json.append('}').toString();
    }

    private static StringBuilder key(StringBuilder json, String name) {
        if (json.charAt(json.length() - 1) != '{') {
            json.append(',');
        }
        json.append('"');
        JsonStringEncoder.getInstance().quoteAsString(name, json);
        return json.append("\":");
    }

    /** The daemon's match of a name: equal, or a regular expression that is found in it. No value matches everything. */
    public static boolean matches(Set<String> wanted, List<String> candidates) {
        if (wanted.isEmpty()) {
            return true;
        }
        List<String> all = new ArrayList<>(candidates);
        for (String value : wanted) {
            for (String candidate : all) {
                if (candidate.equals(value) || found(value, candidate)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean found(String expression, String text) {
        try {
            return Pattern.compile(expression).matcher(text).find();
        } catch (PatternSyntaxException e) {
            return false;
        }
    }
}
