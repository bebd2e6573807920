package io.dockerworkflow.dood.gateway.protocol;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The parameters of a query, in order, as Go's {@code url.ParseQuery} reads them. Not safe for use by several threads. */
public final class Query {
    private record Parameter(String name, String value) {}

    private final List<Parameter> parameters = new ArrayList<>();

    /** Reads the part of a request target behind the question mark. */
    public static Query parse(String raw) {
        Query query = new Query();
        if (raw.isEmpty()) {
            return query;
        }
        for (String pair : raw.split("&")) {
            if (pair.isEmpty()) {
                continue;
            }
            if (pair.indexOf(';') >= 0) {
                throw ApiException.badRequest("invalid semicolon separator in query");
            }
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            String value = equals < 0 ? "" : pair.substring(equals + 1);
            query.add(PercentEncoding.decodeQuery(name), PercentEncoding.decodeQuery(value));
        }
        return query;
    }

    /** The first value of that name, or empty; as Go's {@code Form.Get}, where an absent one reads as "". */
    public String get(String name) {
        return first(name).orElse("");
    }

    public Optional<String> first(String name) {
        for (Parameter parameter : parameters) {
            if (parameter.name.equals(name)) {
                return Optional.of(parameter.value);
            }
        }
        return Optional.empty();
    }

    public List<String> all(String name) {
        return parameters.stream()
                .filter(parameter -> parameter.name.equals(name))
                .map(Parameter::value)
                .toList();
    }

    public Set<String> names() {
        return parameters.stream().map(Parameter::name).collect(Collectors.toSet());
    }

    public boolean has(String name) {
        return first(name).isPresent();
    }

    /** The daemon's idea of a boolean: anything but these. */
    public boolean flag(String name) {
        String value = get(name).strip().toLowerCase(java.util.Locale.ROOT);
        return !(value.isEmpty()
                || value.equals("0")
                || value.equals("no")
                || value.equals("false")
                || value.equals("none"));
    }

    public Query add(String name, String value) {
        parameters.add(new Parameter(name, value));
        return this;
    }

    /** Replaces all values of that name. */
    public Query set(String name, String value) {
        remove(name);
        return add(name, value);
    }

    public Query remove(String name) {
        parameters.removeIf(parameter -> parameter.name.equals(name));
        return this;
    }

    public Query copy() {
        Query copy = new Query();
        copy.parameters.addAll(parameters);
        return copy;
    }

    /** With the question mark, or empty. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Parameter parameter : parameters) {
            text.append(text.isEmpty() ? '?' : '&')
                    .append(PercentEncoding.encodeQuery(parameter.name))
                    .append('=')
                    .append(PercentEncoding.encodeQuery(parameter.value));
        }
        return text.toString();
    }
}
