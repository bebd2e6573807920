package io.dockerworkflow.internal.owner;

import io.dockerworkflow.Child;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;

/** What there is to remove beside an owner's labelled children, as told line by line. Used by one thread. */
final class CleanupList {
    /** What ends each line: one without it was cut off by the sender's death, and might name what is not ours. */
    private static final String MARK = ";";

    private static final String END = "end";
    private static final String DIRECTORY = "directory";

    private final Set<Child> children = new LinkedHashSet<>();
    private final Set<Path> directories = new LinkedHashSet<>();
    private boolean ended;

    static String end() {
        return END + MARK;
    }

    static String add(Child child) {
        return "+" + line(child);
    }

    static String drop(Child child) {
        return "-" + line(child);
    }

    static String add(Path directory) {
        return "+" + DIRECTORY + " " + directory + MARK;
    }

    static String drop(Path directory) {
        return "-" + DIRECTORY + " " + directory + MARK;
    }

    /** Takes in a line; one that is not understood changes nothing. */
    void accept(String marked) {
        if (!marked.endsWith(MARK)) {
            return;
        }
        String line = marked.substring(0, marked.length() - 1);
        if (line.equals(END)) {
            ended = true;
            return;
        }
        int space = line.indexOf(' ');
        if (space < 2) {
            return;
        }
        boolean add = line.charAt(0) == '+';
        String kind = line.substring(1, space);
        String name = line.substring(space + 1);
        if (kind.equals(DIRECTORY)) {
            change(directories, Path.of(name), add);
            return;
        }
        for (Child.Kind each : Child.Kind.values()) {
            if (word(each).equals(kind)) {
                change(children, new Child(each, name), add);
            }
        }
    }

    /** Whether the owner has ended in order, so that there is nothing to do. */
    boolean ended() {
        return ended;
    }

    Set<Child> children() {
        return children;
    }

    Set<Path> directories() {
        return directories;
    }

    private static <T> void change(Set<T> set, T element, boolean add) {
        if (add) {
            set.add(element);
        } else {
            set.remove(element);
        }
    }

    private static String line(Child child) {
        return word(child.kind()) + " " + child.name() + MARK;
    }

    private static String word(Child.Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }
}
