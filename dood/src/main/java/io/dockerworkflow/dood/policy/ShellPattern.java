package io.dockerworkflow.dood.policy;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Shell patterns as Go's {@code path.Match} reads them: a star does not match a slash. */
public final class ShellPattern {
    private ShellPattern() {}

    /**
     * The pattern as a regular expression, in syntax that Go has too.
     *
     * @throws IllegalArgumentException if the pattern is malformed
     */
    public static String toRegex(String glob) {
        StringBuilder regex = new StringBuilder();
        boolean inClass = false;
        for (int i = 0; i < glob.length(); i++) {
            char c = glob.charAt(i);
            if (inClass) {
                inClass = c != ']';
                regex.append(c);
            } else if (c == '*') {
                regex.append("[^/]*");
            } else if (c == '?') {
                regex.append("[^/]");
            } else if (c == '[') {
                inClass = true;
                regex.append(c);
            } else if (c == '\\' && i + 1 < glob.length()) {
                regex.append(Pattern.quote(String.valueOf(glob.charAt(++i))));
            } else {
                regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        try {
            return Pattern.compile(regex.toString()).pattern();
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("malformed pattern \"" + glob + "\"", e);
        }
    }
}
