package io.dockerworkflow;

import java.security.SecureRandom;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Identifies a session on its engine. It is short, because it is part of every engine name, and of socket paths, which are
 * limited to about 100 bytes.
 *
 * @param value eight lower-case hexadecimal digits
 */
public record SessionId(String value) {
    private static final Pattern FORM = Pattern.compile("[0-9a-f]{8}");

    /**
     * Checks the form.
     *
     * @throws IllegalArgumentException if the value is not eight lower-case hexadecimal digits
     */
    public SessionId {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "A session id is eight lower-case hexadecimal digits, not \"" + value + "\"");
        }
    }

    /** Creates a random id. */
    public static SessionId random() {
        return new SessionId(String.format("%08x", new SecureRandom().nextInt()));
    }

    /** Parses an id. Returns empty if the value is not eight lower-case hexadecimal digits. */
    public static Optional<SessionId> parse(String value) {
        return FORM.matcher(value).matches() ? Optional.of(new SessionId(value)) : Optional.empty();
    }

    @Override
    public String toString() {
        return value;
    }
}
