package io.dockerworkflow.dood.gateway.buildkit.translate;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The arguments of builds, by the BuildKit session that their files come from: they decide which image a Dockerfile means. Safe
 * for use by several threads.
 */
public final class BuildArguments {
    private static final String PREFIX = "build-arg:";

    private final Map<String, Map<String, String>> bySession = new ConcurrentHashMap<>();
    private final Map<String, CompletableFuture<Boolean>> direct = new ConcurrentHashMap<>();

    /** Remembers those among a frontend's attributes. */
    void given(String session, Map<String, String> attributes) {
        Map<String, String> arguments = new LinkedHashMap<>();
        attributes.forEach((name, value) -> {
            if (name.startsWith(PREFIX)) {
                arguments.put(name.substring(PREFIX.length()), value);
            }
        });
        if (!session.isEmpty()) {
            isDirect(session).complete(false);
        }
        put(session, arguments);
    }

    /**
     * Of a build that the engine begins itself, so that no rules for its sources can be given.
     *
     * @return false if a build with rules has begun in that session before
     */
    public boolean direct(String session, Map<String, String> arguments) {
        if (!isDirect(session).complete(true) && !isDirect(session).join()) {
            return false;
        }
        put(session, arguments);
        return true;
    }

    /** Whether it is for builds that the engine begins itself; completes with the first build. */
    public CompletableFuture<Boolean> isDirect(String session) {
        return direct.computeIfAbsent(session, any -> new CompletableFuture<>());
    }

    private void put(String session, Map<String, String> arguments) {
        bySession.put(session, Map.copyOf(arguments));
    }

    Map<String, String> of(String session) {
        return bySession.getOrDefault(session, Map.of());
    }

    /** The client has closed its session. */
    public void forget(String session) {
        bySession.remove(session);
        direct.remove(session);
    }
}
