package io.dockerworkflow.fatimage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What a {@code .dockerignore} file leaves out of a build's context; its rules are those of the docker CLI. */
final class IgnoreRules {
    private final List<Rule> rules;

    private IgnoreRules(List<Rule> rules) {
        this.rules = rules;
    }

    /** The rules of a context; none where it has no such file. */
    static IgnoreRules of(Path context) throws IOException {
        Path file = context.resolve(".dockerignore");
        return parse(Files.isRegularFile(file) ? Files.readAllLines(file) : List.of());
    }

    static IgnoreRules parse(List<String> lines) {
        List<Rule> rules = new ArrayList<>();
        for (String line : lines) {
            String text = line.strip();
            // Only at the very beginning is # a comment: " #x" is a name.
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

    /** Whether the path, relative to the context and with slashes, is left out. The last rule that speaks of it decides. */
    boolean ignores(String path) {
        boolean ignored = false;
        for (Rule rule : rules) {
            if (ignored == rule.keeps && rule.speaksOf(path)) {
                ignored = !rule.keeps;
            }
        }
        return ignored;
    }

    /** Whether something in a directory that is left out may be kept. */
    boolean hasExceptions() {
        return rules.stream().anyMatch(Rule::keeps);
    }

    /** As Go's filepath.Clean, and without the slash in front. */
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
        /** A rule for a directory holds for all that is in it. */
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
