package io.dockerworkflow.dood.gateway.buildkit.translate;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Image references, written as the engine writes them. */
final class BuildReferences {
    /** What may be a reference within other words. */
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/:@-]*[A-Za-z0-9]");

    private BuildReferences() {}

    /** In full: with registry, {@code library/} where it belongs, and a tag unless there is a digest. */
    static String full(String reference) {
        String named = reference;
        int slash = named.indexOf('/');
        String first = slash < 0 ? "" : named.substring(0, slash);
        if (slash < 0) {
            named = "docker.io/library/" + named;
        } else if (first.equals("docker.io") || first.equals("index.docker.io")) {
            String rest = named.substring(slash + 1);
            named = "docker.io/" + (rest.contains("/") ? rest : "library/" + rest);
        } else if (!first.contains(".") && !first.contains(":") && !first.equals("localhost")) {
            named = "docker.io/" + named;
        }
        boolean tagged = named.indexOf(':', named.lastIndexOf('/')) >= 0;
        return tagged || named.contains("@") ? named : named + ":latest";
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
        String result = form.startsWith("docker.io/") ? full : familiarName(full);
        boolean tagged = form.indexOf(':', form.lastIndexOf('/') + 1) >= 0;
        return tagged || !result.endsWith(":latest")
                ? result
                : result.substring(0, result.length() - ":latest".length());
    }

    /** Without what the engine adds to short names. */
    static String familiarName(String reference) {
        if (reference.startsWith("docker.io/library/")) {
            return reference.substring("docker.io/library/".length());
        }
        return reference.startsWith("docker.io/") ? reference.substring("docker.io/".length()) : reference;
    }
}
