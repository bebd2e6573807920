package io.dockerworkflow.internal.step;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The last lines of a step's output, bounded in number and in size. For one thread. */
public final class OutputTail {
    private final Deque<String> lines = new ArrayDeque<>();
    private final int maxLines;
    private final int maxCharacters;
    private int characters;

    /** Keeps that many lines of that many characters together, at most. */
    public OutputTail(int maxLines, int maxCharacters) {
        this.maxLines = maxLines;
        this.maxCharacters = maxCharacters;
    }

    /** Adds a line, and drops from the front what is too much. */
    public void add(String line) {
        lines.addLast(line);
        characters += line.length();
        while (lines.size() > maxLines || (characters > maxCharacters && lines.size() > 1)) {
            characters -= lines.removeFirst().length();
        }
    }

    /** The lines, the oldest first. */
    public List<String> lines() {
        return List.copyOf(lines);
    }
}
