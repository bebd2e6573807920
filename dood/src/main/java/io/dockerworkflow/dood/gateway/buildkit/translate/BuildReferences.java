package io.dockerworkflow.dood.gateway.buildkit.translate;

import io.dockerworkflow.internal.engine.ImageReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Image references, written as the engine writes them. */
final class BuildReferences {
    /** What may be a reference within other words. */
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/:@-]*[A-Za-z0-9]");

    private BuildReferences() {}

    /** In full: with registry, {@code library/} where it belongs, and a tag unless there is a digest. */
    static String full(String reference) {
        return ImageReference.of(reference).withDefaultTag().canonical();
    }

    /** Changes each reference of the session's in a text to the session's name for it, in the form that it had. */
    static String toLogical(String text, BuildImages images) {
        Matcher tokens = TOKEN.matcher(text);
        StringBuilder changed = new StringBuilder();
        while (tokens.find()) {
            String token = tokens.group();
            tokens.appendReplacement(changed, Matcher.quoteReplacement(logicalToken(token, images)));
        }
        return tokens.appendTail(changed).toString();
    }

    private static String logicalToken(String token, BuildImages images) {
        int scheme = token.indexOf("://");
        if (scheme >= 0) {
            return token.substring(0, scheme + 3) + logicalToken(token.substring(scheme + 3), images);
        }
        if (token.length() > 255) {
            return token;
        }
        return images.logicalReference(full(token))
                .map(logical -> inFormOf(token, logical))
                .orElse(token);
    }

    /** The reference in full, but without registry and tag where the given form has none: they would show in what the builder says. */
    static String inFormOf(String form, String full) {
        String result =
                form.startsWith("docker.io/") ? full : ImageReference.of(full).familiar();
        boolean tagged = ImageReference.of(form).isPinned();
        return tagged || !result.endsWith(":latest")
                ? result
                : result.substring(0, result.length() - ":latest".length());
    }
}
