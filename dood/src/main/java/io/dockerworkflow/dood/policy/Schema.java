package io.dockerworkflow.dood.policy;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The shape of a JSON value in the engine's API, as far as its keys matter. */
sealed interface Schema {

    /** A value or a map of values, whose keys, if any, are the client's own. */
    record Free() implements Schema {}

    /** A Go struct: its keys are matched without regard to case. */
    final class Struct implements Schema {
        private final Map<String, Field> fields;

        private Struct(Map<String, Field> fields) {
            this.fields = fields;
        }

        /** The field that Go would fill from this key. */
        Optional<Field> field(String key) {
            return Optional.ofNullable(fields.get(fold(key)));
        }

        /** The canonical names. */
        List<String> names() {
            return fields.values().stream().map(Field::name).toList();
        }

        /** This struct with the other's fields. */
        Struct and(Struct other) {
            Map<String, Field> both = new LinkedHashMap<>(fields);
            other.fields.forEach(both::putIfAbsent);
            return new Struct(both);
        }

        Struct with(String name, Schema shape) {
            Map<String, Field> more = new LinkedHashMap<>(fields);
            more.put(fold(name), new Field(name, shape));
            return new Struct(more);
        }
    }

    /** A field of a struct under its canonical name. */
    record Field(String name, Schema shape) {}

    /** A list. */
    record ListOf(Schema item) implements Schema {}

    /** A map, whose keys are the client's own. */
    record MapOf(Schema value) implements Schema {}

    /** Any value. */
    Schema FREE = new Free();

    /** A struct with these fields, given as words, of free values. */
    static Struct struct(String names) {
        Map<String, Field> fields = new HashMap<>();
        for (String name : names.strip().split("\\s+")) {
            fields.put(fold(name), new Field(name, FREE));
        }
        return new Struct(fields);
    }

    /**
     * What Go's encoding/json compares: besides the case of ASCII letters it takes the Kelvin sign for a k and the long s for
     * an s. All known names are ASCII, so no other letter matters.
     */
    static String fold(String key) {
        StringBuilder folded = new StringBuilder(key.length());
        for (int i = 0; i < key.length(); i++) {
            char c = key.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                folded.append((char) (c + ('a' - 'A')));
            } else if (c == '\u212A') {
                folded.append('k');
            } else if (c == '\u017F') {
                folded.append('s');
            } else {
                folded.append(c);
            }
        }
        return folded.toString();
    }
}
