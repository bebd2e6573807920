package io.dockerworkflow.internal.engine;

import io.dockerworkflow.internal.json.Json;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds what the engine said in what docker-java threw. */
public final class EngineErrors {
    // docker-java 3.7 wraps the body of a failed response so, and has no accessor for it.
    private static final Pattern STATUS = Pattern.compile("Status \\d+: (.*)", Pattern.DOTALL);

    private EngineErrors() {}

    /**
     * The engine's own words, without status line and JSON around them; or else the failure's message.
     *
     * @param failure what was thrown
     * @return the words; empty if there are none
     */
    public static Optional<String> of(Throwable failure) {
        String message = failure.getMessage() == null ? failure.toString() : failure.getMessage();
        Matcher status = STATUS.matcher(message);
        String body = status.matches() ? status.group(1) : message;
        return Optional.of(body.startsWith("{") ? messageIn(body) : body)
                .map(String::strip)
                .filter(words -> !words.isEmpty());
    }

    private static String messageIn(String json) {
        try {
            return Json.textAt(json, "message").orElse(json);
        } catch (IOException e) {
            return json;
        }
    }
}
