package io.dockerworkflow.internal.step;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Replaces secrets in text. A secret of several lines is masked line by line, because output comes so; its lines of fewer than
 * four characters (a lone brace) are left, or they would mask half of any output.
 */
public final class SecretMask {
    private static final String MASK = "***";
    private static final int SHORTEST_PART = 4;

    private final List<String> secrets;
    private final int longest;

    /** Masks these values; empty ones are ignored. */
    public SecretMask(Collection<String> values) {
        // Longest first: where one secret is part of another, the rest of the longer must not show.
        this.secrets = values.stream()
                .flatMap(SecretMask::parts)
                .filter(part -> !part.isBlank())
                .distinct()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList();
        this.longest = secrets.isEmpty() ? 0 : secrets.get(0).length();
    }

    /** The text with every secret replaced. */
    public String mask(String text) {
        String masked = text;
        for (String secret : secrets) {
            masked = masked.replace(secret, MASK);
        }
        return masked;
    }

    /** The length of the longest text that is masked; 0 if nothing is. */
    public int longest() {
        return longest;
    }

    private static Stream<String> parts(String value) {
        List<String> lines = value.lines().map(String::strip).toList();
        return lines.size() < 2 ? lines.stream() : lines.stream().filter(line -> line.length() >= SHORTEST_PART);
    }
}
