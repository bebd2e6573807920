package io.dockerworkflow.internal.step;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whom a step runs as, in the engine's words: {@code USER[:GROUP]}, each a name or a number.
 *
 * @param text the words
 */
public record StepUser(String text) {
    private static final Pattern NUMBER = Pattern.compile("\\d{1,10}");
    private static final Pattern STATUS_LINE = Pattern.compile("[UG]id:\\s+\\d+\\s+(\\d+)\\s.*");

    /** The effective user and group of this process; empty where there is no such thing. */
    public static Optional<StepUser> ofThisProcess() {
        try {
            List<String> ids = Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .map(STATUS_LINE::matcher)
                    .filter(Matcher::matches)
                    .map(matcher -> matcher.group(1))
                    .toList();
            if (ids.size() == 2) {
                return Optional.of(new StepUser(ids.get(0) + ":" + ids.get(1)));
            }
        } catch (IOException e) {
            // no Linux: a new file of this process says as much
        }
        return ofNewFile();
    }

    private static Optional<StepUser> ofNewFile() {
        try {
            Path file = Files.createTempFile("docker-workflow", null);
            try {
                return Optional.of(new StepUser(
                        Files.getAttribute(file, "unix:uid") + ":" + Files.getAttribute(file, "unix:gid")));
            } finally {
                Files.delete(file);
            }
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return Optional.empty(); // Windows knows no such numbers: the image's own user it is
        }
    }

    /** The number of a user that was given as one. */
    public Optional<Long> number() {
        return Optional.of(userPart())
                .filter(part -> NUMBER.matcher(part).matches())
                .map(Long::parseLong);
    }

    /** Whether it is certain that this is root. */
    public boolean isRoot() {
        return userPart().isEmpty() || userPart().equals("root") || number().equals(Optional.of(0L));
    }

    /** Who owns this user's files, by the image's files of users and groups; empty if they do not know the names. */
    public Optional<FileIds> ids(AccountFile passwd, AccountFile group) {
        Optional<Long> uid = isRoot() ? Optional.of(0L) : number().or(() -> passwd.number(userPart()));
        int colon = text.indexOf(':');
        String groupPart = colon < 0 ? "" : text.substring(colon + 1);
        Optional<Long> gid;
        if (groupPart.isEmpty()) {
            // As the engine: the user's main group, and root's if the image does not know the user.
            gid = uid.map(number -> passwd.groupOf(number).orElse(0L));
        } else {
            gid = NUMBER.matcher(groupPart).matches()
                    ? Optional.of(Long.parseLong(groupPart))
                    : group.number(groupPart);
        }
        return uid.flatMap(user -> gid.map(main -> new FileIds(user, main)));
    }

    private String userPart() {
        int colon = text.indexOf(':');
        return colon < 0 ? text : text.substring(0, colon);
    }

    @Override
    public String toString() {
        return text;
    }
}
