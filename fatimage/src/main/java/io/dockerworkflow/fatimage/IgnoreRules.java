package io.dockerworkflow.fatimage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The rules of a {@code .dockerignore} file: what it excludes from a build's context. The rules are those of the docker
 * CLI.
 */
final class IgnoreRules {
    private final List<Rule> rules;

    private IgnoreRules(List<Rule> rules) {
        this.rules = rules;
    }

    /** The rules of a context; no rules if it has no such file. */
    static IgnoreRules of(Path context) throws IOException {
        Path file = context.resolve(".dockerignore");
        return parse(Files.isRegularFile(file) ? Files.readAllLines(file) : List.of());
    }

    static IgnoreRules parse(List<String> lines) {
        List<Rule> rules = new ArrayList<>();
        for (String line : lines) {
            String text = line.strip();
            // # starts a comment only at the very beginning of a line: " #x" is a name.
            if (line.startsWith("#") || text.isEmpty()) {
                continue;
            }
            boolean keeps = text.startsWith("!");
            String pattern = clean(keeps ? text.substring(1).strip() : text);
            if (!pattern.isEmpty()) {
                rules.add(new Rule(Pattern.compile(regex(pattern)), keeps));
            }
        }
        return new IgnoreRules(List.copyOf(rules));
    }

    /** Whether the path, relative to the context and with slashes, is excluded. The last matching rule decides. */
    boolean ignores(String path) {
        boolean ignored = false;
        for (Rule rule : rules) {
            if (ignored == rule.keeps && rule.speaksOf(path)) {
                ignored = !rule.keeps;
            }
        }
        return ignored;
    }

    /** Whether a rule may keep something in an excluded directory. */
    boolean hasExceptions() {
        return rules.stream().anyMatch(Rule::keeps);
    }

    /** Like Go's filepath.Clean, without the leading slash. */
    private static String clean(String pattern) {
        List<String> parts = new ArrayList<>();
        for (String part : pattern.split("/")) {
            if (part.equals("..")) {
                if (!parts.isEmpty()) {
                    parts.remove(parts.size() - 1);
                }
            } else if (!part.isEmpty() && !part.equals(".")) {
                parts.add(part);
            }
        }
        return String.join("/", parts);
    }

    private static String regex(String pattern) {
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if (pattern.startsWith("**/", i)) {
                regex.append("(.*/)?");
                i += 2;
            } else if (pattern.startsWith("**", i)) {
                regex.append(".*");
                i++;
            } else if (c == '*') {
                regex.append("[^/]*");
            } else if (c == '?') {
                regex.append("[^/]");
            } else if (c == '[' && pattern.indexOf(']', i) > i) {
                int end = pattern.indexOf(']', i);
                regex.append(pattern, i, end + 1);
                i = end;
            } else if (c == '\\' && i + 1 < pattern.length()) {
                i++;
                regex.append(Pattern.quote(pattern.substring(i, i + 1)));
            } else {
                regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        return regex.toString();
    }

    private record Rule(Pattern pattern, boolean keeps) {
        /** A rule for a directory applies to everything in it. */
        boolean speaksOf(String path) {
            for (int end = path.indexOf('/'); end >= 0; end = path.indexOf('/', end + 1)) {
                if (pattern.matcher(path.substring(0, end)).matches()) {
                    return true;
                }
            }
            return pattern.matcher(path).matches();
        }
    }
}
