package io.dockerworkflow.internal.step;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An image's {@code /etc/passwd} or {@code /etc/group}: lines of fields, of which the first is a name and the third its number.
 *
 * @param lines the lines
 */
public record AccountFile(List<String> lines) {
    private static final int NUMBER = 2;
    private static final int GROUP = 3;
    private static final int HOME = 5;
    private static final int PASSWD_FIELDS = 7;

    /** Copies the lines. */
    public AccountFile {
        lines = List.copyOf(lines);
    }

    /** The file with this text. */
    public static AccountFile of(String text) {
        return new AccountFile(text.lines().toList());
    }

    /** The number of that name. */
    public Optional<Long> number(String name) {
        return field(0, name, NUMBER);
    }

    /** The main group of the user with that number, in a file of users. */
    public Optional<Long> groupOf(long uid) {
        return field(NUMBER, Long.toString(uid), GROUP);
    }

    /** This file of users, in which that user has that home; added where it is unknown. */
    public AccountFile withHome(FileIds user, String name, String home) {
        List<String> changed = new ArrayList<>();
        boolean known = false;
        for (String line : lines) {
            String[] fields = line.split(":", -1);
            // The first entry counts, as for the C library.
            if (!known && fields.length == PASSWD_FIELDS && fields[NUMBER].equals(Long.toString(user.uid()))) {
                fields[HOME] = home;
                known = true;
            }
            changed.add(String.join(":", fields));
        }
        if (!known) {
            changed.add(name + ":x:" + user.uid() + ":" + user.gid() + "::" + home + ":/bin/sh");
        }
        return new AccountFile(changed);
    }

    /** This file of groups, in which that number has a name. */
    public AccountFile withGroup(long gid, String name) {
        if (field(NUMBER, Long.toString(gid), NUMBER).isPresent()) {
            return this;
        }
        List<String> changed = new ArrayList<>(lines);
        changed.add(name + ":x:" + gid + ":");
        return new AccountFile(changed);
    }

    /** The file's text. */
    public String text() {
        return lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
    }

    private Optional<Long> field(int keyField, String key, int wanted) {
        return lines.stream()
                .map(line -> line.split(":", -1))
                .filter(fields -> fields.length > Math.max(keyField, wanted)
                        && fields[keyField].equals(key)
                        && fields[wanted].matches("\\d{1,10}"))
                .map(fields -> Long.parseLong(fields[wanted]))
                .findFirst();
    }
}
