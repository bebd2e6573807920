package io.dockerworkflow.examples.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dockerworkflow.Mode;
import io.dockerworkflow.SessionInfo;
import io.dockerworkflow.SessionInfo.ChildInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Sessions and their children as tables and as JSON. */
final class SessionViews {
    private SessionViews() {}

    static String sessions(List<SessionInfo> sessions) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("SESSION", "MODE", "OWNER", "STATE", "AGE", "CHILDREN", "LABELS"));
        for (SessionInfo session : sessions) {
            rows.add(List.of(
                    session.id().value(),
                    mode(session),
                    session.owner(),
                    state(session),
                    age(session.since()),
                    Integer.toString(session.children().size()),
                    labels(session.labels())));
        }
        return table(rows);
    }

    static String children(SessionInfo session) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("KIND", "NAME", "ON THE ENGINE", "STATE", "AGE", "PORTS"));
        for (ChildInfo child : session.children()) {
            rows.add(List.of(
                    kind(child),
                    child.name().orElse("-"),
                    child.child().name(),
                    child.state().isEmpty() ? "-" : child.state(),
                    age(child.created()),
                    String.join(", ", child.ports())));
        }
        return table(rows);
    }

    static String json(Object value) {
        try {
            return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    static List<Object> asJson(List<SessionInfo> sessions) {
        return sessions.stream().map(SessionViews::asJson).toList();
    }

    static Object asJson(SessionInfo session) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("session", session.id().value());
        fields.put("mode", mode(session));
        fields.put("owner", session.owner());
        fields.put("ownerAlive", session.ownerAlive());
        fields.put("since", session.since().toString());
        session.keptUntil().ifPresent(until -> fields.put("keptUntil", until.toString()));
        fields.put("labels", session.labels());
        fields.put(
                "children",
                session.children().stream().map(SessionViews::asJson).toList());
        return fields;
    }

    private static Object asJson(ChildInfo child) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("kind", kind(child));
        child.name().ifPresent(name -> fields.put("name", name));
        fields.put("engineName", child.child().name());
        fields.put("id", child.id());
        fields.put("created", child.created().toString());
        if (!child.state().isEmpty()) {
            fields.put("state", child.state());
            fields.put("ports", child.ports());
        }
        return fields;
    }

    private static String mode(SessionInfo session) {
        return session.mode().map(Mode::id).orElse("?");
    }

    private static String state(SessionInfo session) {
        if (session.ownerAlive()) {
            return "alive";
        }
        return session.keptUntil()
                .filter(Instant.now()::isBefore)
                .map(until -> "kept " + span(Duration.between(Instant.now(), until)) + " more")
                .orElse("dead");
    }

    private static String kind(ChildInfo child) {
        return child.child().kind().name().toLowerCase(Locale.ROOT);
    }

    private static String labels(Map<String, String> labels) {
        List<String> words = new ArrayList<>();
        labels.forEach((name, value) -> words.add(name + "=" + value));
        words.sort(null);
        return String.join(",", words);
    }

    private static String age(Instant since) {
        return span(Duration.between(since, Instant.now()));
    }

    private static String span(Duration duration) {
        long seconds = Math.max(0, duration.toSeconds());
        if (seconds < 60) {
            return seconds + "s";
        }
        if (seconds < 3600) {
            return seconds / 60 + "m";
        }
        return seconds < 86_400 ? seconds / 3600 + "h" : seconds / 86_400 + "d";
    }

    private static String table(List<List<String>> rows) {
        int[] widths = new int[rows.get(0).size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                line.append(String.format("%-" + (widths[i] + 3) + "s", row.get(i)));
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }
}
