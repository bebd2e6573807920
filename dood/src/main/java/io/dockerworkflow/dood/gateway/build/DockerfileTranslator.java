package io.dockerworkflow.dood.gateway.build;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts other references into a Dockerfile where it names images: {@code FROM}, {@code --from} and {@code # syntax}. For engines
 * whose builder cannot be told in another way; nothing else of the file changes, and no line moves.
 */
public final class DockerfileTranslator {
    private static final Pattern DIRECTIVE = Pattern.compile("#\\s*([A-Za-z]+)\\s*=\\s*(\\S+)\\s*");
    private static final Pattern FROM = Pattern.compile(
            "(?i)(\\s*(?:ONBUILD\\s+)?FROM(?:\\s+--[a-z]+=\\S+)*\\s+)(\\S+)(?:\\s+AS\\s+(\\S+))?.*", Pattern.DOTALL);
    private static final Pattern ARG = Pattern.compile("(?i)\\s*ARG\\s+(.+)", Pattern.DOTALL);
    private static final Pattern COPY_FROM =
            Pattern.compile("(?i)^\\s*(?:ONBUILD\\s+)?(?:COPY|ADD)\\s.*", Pattern.DOTALL);
    private static final Pattern RUN = Pattern.compile("(?i)^\\s*(?:ONBUILD\\s+)?RUN\\s.*", Pattern.DOTALL);
    private static final Pattern FROM_FLAG = Pattern.compile("(--from=)(\\S+)");
    private static final Pattern MOUNT_FROM = Pattern.compile("(--mount=(?:[^\\s,]+,)*from=)([^\\s,]+)");
    private static final Pattern HEREDOC = Pattern.compile("<<-?\\s*[\"']?([A-Za-z_][A-Za-z0-9_]*)[\"']?");
    private static final Pattern VARIABLE =
            Pattern.compile("\\$(?:\\{([A-Za-z_][A-Za-z0-9_]*)(?::([-+])([^}]*))?}|([A-Za-z_][A-Za-z0-9_]*))");

    private final Function<String, Optional<String>> images;
    private final Map<String, String> arguments;
    private final boolean buildKit;
    private final Map<String, String> globals = new LinkedHashMap<>();
    private final Set<String> stages = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    private boolean inStage;
    private char escape = '\\';

    /**
     * A translation of one file.
     *
     * @param images what to write for a reference; empty: it stays
     * @param arguments the build's arguments
     * @param buildKit whether BuildKit reads it, which heeds {@code # syntax} and here-documents; the classic builder does not
     */
    public DockerfileTranslator(
            Function<String, Optional<String>> images, Map<String, String> arguments, boolean buildKit) {
        this.images = images;
        this.arguments = arguments;
        this.buildKit = buildKit;
    }

    /** The Dockerfile with the other references. */
    public String translate(String dockerfile) {
        List<String> lines = new ArrayList<>(List.of(dockerfile.split("(?<=\n)", -1)));
        StringBuilder out = new StringBuilder();
        int at = directives(lines, out);
        while (at < lines.size()) {
            int end = instructionEnd(lines, at);
            String instruction = String.join("", lines.subList(at, end));
            out.append(instruction(instruction));
            at = end;
            for (String delimiter : heredocs(instruction)) {
                while (at < lines.size() && !lines.get(at).strip().equals(delimiter)) {
                    out.append(lines.get(at++));
                }
                if (at < lines.size()) {
                    out.append(lines.get(at++));
                }
            }
        }
        return out.toString();
    }

    /** Comments of the form {@code name=value} before everything else. */
    private int directives(List<String> lines, StringBuilder out) {
        int at = 0;
        while (at < lines.size()) {
            Matcher directive = DIRECTIVE.matcher(lines.get(at));
            if (!directive.matches()) {
                break;
            }
            String name = directive.group(1).toLowerCase(Locale.ROOT);
            if (name.equals("escape")) {
                escape = directive.group(2).charAt(0);
            }
            out.append(
                    buildKit && name.equals("syntax") ? replace(lines.get(at), directive, 2, images) : lines.get(at));
            at++;
        }
        return at;
    }

    /** Comments and blank lines within a continued instruction do not end it. */
    private int instructionEnd(List<String> lines, int start) {
        int at = start;
        if (isCommentOrBlank(lines.get(at))) {
            return at + 1;
        }
        while (at < lines.size()) {
            String line = lines.get(at++);
            if (!isCommentOrBlank(line) && !line.stripTrailing().endsWith(String.valueOf(escape))) {
                break;
            }
        }
        return at;
    }

    private static boolean isCommentOrBlank(String line) {
        return line.isBlank() || line.stripLeading().startsWith("#");
    }

    private List<String> heredocs(String instruction) {
        List<String> delimiters = new ArrayList<>();
        if (buildKit
                && (RUN.matcher(instruction).matches()
                        || COPY_FROM.matcher(instruction).matches())) {
            Matcher heredoc = HEREDOC.matcher(instruction);
            while (heredoc.find()) {
                delimiters.add(heredoc.group(1));
            }
        }
        return delimiters;
    }

    private String instruction(String text) {
        Matcher from = FROM.matcher(text);
        if (from.matches()) {
            inStage = true;
            String result = replace(text, from, 2, this::baseImage);
            Optional.ofNullable(from.group(3)).ifPresent(stages::add);
            return result;
        }
        Matcher arg = ARG.matcher(text);
        if (arg.matches()) {
            if (!inStage) {
                arguments(arg.group(1));
            }
            return text;
        }
        if (COPY_FROM.matcher(text).matches()) {
            return replaceAll(text, FROM_FLAG);
        }
        return RUN.matcher(text).matches() ? replaceAll(text, MOUNT_FROM) : text;
    }

    private void arguments(String declarations) {
        for (String declaration : declarations.strip().split("\\s+")) {
            int equals = declaration.indexOf('=');
            String name = equals < 0 ? declaration : declaration.substring(0, equals);
            String preset = equals < 0 ? "" : expand(unquote(declaration.substring(equals + 1)));
            globals.put(name, arguments.getOrDefault(name, preset));
        }
    }

    private Optional<String> baseImage(String written) {
        String expanded = expand(unquote(written));
        return stages.contains(expanded) ? Optional.empty() : images.apply(expanded);
    }

    private Optional<String> otherImage(String written) {
        return stages.contains(written) || written.chars().allMatch(Character::isDigit)
                ? Optional.empty()
                : images.apply(unquote(written));
    }

    private String replaceAll(String text, Pattern pattern) {
        Matcher matcher = pattern.matcher(text);
        return matcher.replaceAll(found -> Matcher.quoteReplacement(
                found.group(1) + otherImage(found.group(2)).orElse(found.group(2))));
    }

    private static String replace(
            String text, Matcher matcher, int group, Function<String, Optional<String>> replacement) {
        return replacement
                .apply(matcher.group(group))
                .map(now -> text.substring(0, matcher.start(group)) + now + text.substring(matcher.end(group)))
                .orElse(text);
    }

    private String expand(String text) {
        return VARIABLE.matcher(text).replaceAll(found -> {
            String name = Optional.ofNullable(found.group(1)).orElseGet(() -> found.group(4));
            String value = globals.getOrDefault(name, "");
            String alternative = Optional.ofNullable(found.group(3)).orElse("");
            if ("-".equals(found.group(2)) && value.isEmpty()) {
                value = alternative;
            } else if ("+".equals(found.group(2))) {
                value = value.isEmpty() ? "" : alternative;
            }
            return Matcher.quoteReplacement(value);
        });
    }

    private static String unquote(String text) {
        boolean quoted = text.length() >= 2
                && (text.startsWith("\"") && text.endsWith("\"") || text.startsWith("'") && text.endsWith("'"));
        return quoted ? text.substring(1, text.length() - 1) : text;
    }
}
