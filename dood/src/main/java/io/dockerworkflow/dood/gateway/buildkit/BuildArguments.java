package io.dockerworkflow.dood.gateway.buildkit;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The arguments of builds, by the BuildKit session that their files come from: they decide which image a Dockerfile means. Safe
 * for use by several threads.
 */
final class BuildArguments {
    private static final String PREFIX = "build-arg:";

    private final Map<String, Map<String, String>> bySession = new ConcurrentHashMap<>();
    private final Set<String> direct = ConcurrentHashMap.newKeySet();

    /** Remembers those among a frontend's attributes. */
    void given(String session, Map<String, String> attributes) {
        Map<String, String> arguments = new LinkedHashMap<>();
        attributes.forEach((name, value) -> {
            if (name.startsWith(PREFIX)) {
                arguments.put(name.substring(PREFIX.length()), value);
            }
        });
        put(session, arguments);
    }

    /** Of a build that the engine begins itself, so that no rules for its sources can be given. */
    void direct(String session, Map<String, String> arguments) {
        direct.add(session);
        put(session, arguments);
    }

    boolean isDirect(String session) {
        return direct.contains(session);
    }

    private void put(String session, Map<String, String> arguments) {
        bySession.put(session, Map.copyOf(arguments));
    }

    Map<String, String> of(String session) {
        return bySession.getOrDefault(session, Map.of());
    }

    /** The client has closed its session. */
    void forget(String session) {
        bySession.remove(session);
        direct.remove(session);
    }
}
