package io.dockerworkflow.dood.gateway;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Puts engine references of the session's own images into a Dockerfile, for the builder knows no others. */
final class DockerfileImages {
    private static final Pattern FROM =
            Pattern.compile("(?i)^(\\s*FROM\\s+(?:--\\S+\\s+)*)(\\S+)((?:\\s+AS\\s+(\\S+))?\\s*)$");
    private static final Pattern COPY_FROM = Pattern.compile("(?i)^(\\s*COPY\\s+.*--from=)(\\S+)(.*)$");
    private static final Pattern ARG = Pattern.compile("(?i)^\\s*ARG\\s+([A-Za-z_][A-Za-z0-9_]*)(?:=(.*?))?\\s*$");
    private static final Pattern VARIABLE =
            Pattern.compile("\\$(?:\\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\\}|([A-Za-z_][A-Za-z0-9_]*))");

    private final Map<String, String> buildArguments;
    private final Function<String, Optional<String>> engineReference;

    /**
     * A rewriter.
     *
     * @param buildArguments the values that the client gives to ARGs
     * @param engineReference the engine's reference for one of the session's own; empty for any other
     */
    DockerfileImages(Map<String, String> buildArguments, Function<String, Optional<String>> engineReference) {
        this.buildArguments = buildArguments;
        this.engineReference = engineReference;
    }

    String rewrite(String dockerfile) {
        Map<String, String> arguments = new HashMap<>();
        Set<String> stages = new HashSet<>();
        boolean begun = false;
        StringBuilder out = new StringBuilder(dockerfile.length());
        for (String line : dockerfile.split("(?<=\n)")) {
            String text = line.stripTrailing();
            String end = line.substring(text.length());
            Matcher argument = ARG.matcher(text);
            Matcher from = FROM.matcher(text);
            Matcher copy = COPY_FROM.matcher(text);
            if (!begun && argument.matches()) {
                argument(argument, arguments);
                out.append(line);
            } else if (from.matches()) {
                begun = true;
                out.append(from.group(1))
                        .append(image(from.group(2), arguments, stages))
                        .append(from.group(3))
                        .append(end);
                if (from.group(4) != null) {
                    stages.add(from.group(4).toLowerCase(Locale.ROOT));
                }
            } else if (copy.matches()) {
                out.append(copy.group(1))
                        .append(image(copy.group(2), Map.of(), stages))
                        .append(copy.group(3))
                        .append(end);
            } else {
                out.append(line);
            }
        }
        return out.toString();
    }

    private void argument(Matcher argument, Map<String, String> arguments) {
        String name = argument.group(1);
        String otherwise = argument.group(2) == null ? "" : argument.group(2).replaceAll("^[\"']|[\"']$", "");
        arguments.put(name, buildArguments.getOrDefault(name, otherwise));
    }

    private String image(String written, Map<String, String> arguments, Set<String> stages) {
        String image = VARIABLE.matcher(written).replaceAll(found -> {
            String name = found.group(1) == null ? found.group(3) : found.group(1);
            String value = arguments.getOrDefault(name, "");
            String otherwise = found.group(2) == null ? "" : found.group(2);
            return Matcher.quoteReplacement(value.isEmpty() ? otherwise : value);
        });
        if (image.isEmpty() || stages.contains(image.toLowerCase(Locale.ROOT))) {
            return written;
        }
        return engineReference.apply(image).orElse(written);
    }
}
