package io.dockerworkflow.internal.children;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A step that a classic builder has begun for a session. Its image will have neither name nor label, and a builder whose client is
 * dead still commits it. So it is noted in a file of the session's directory, as long as nothing else leads to its image.
 *
 * @param parent what the id of the image begins with that the step is made on, after "sha256:"; empty if it is made on nothing
 * @param base whether the stage begins with that image, which is not the build's own
 * @param container what the id of the container begins with that the step runs in; a step that copies has none
 * @param since when it began, by this machine's clock
 */
public record UnfinishedStep(String parent, boolean base, Optional<String> container, Instant since) {
    private static final String FILE = "step-";
    private static final String NO_CONTAINER = "-";
    private static final Pattern NOTE =
            Pattern.compile("parent=([0-9a-f]*) base=(true|false) container=([0-9a-f]{12,}|-) since=([0-9]{1,15});");

    /**
     * Notes it.
     *
     * @param directory the session's
     * @param name what tells it from the session's other steps
     * @return the note, to be deleted when the step's image has a name, or will have none
     * @throws IOException if it cannot be written
     */
    public Path note(Path directory, String name) throws IOException {
        return Files.writeString(
                directory.resolve(FILE + name),
                "parent=" + parent + " base=" + base + " container=" + container.orElse(NO_CONTAINER) + " since="
                        + since.toEpochMilli() + ";");
    }

    /** Those that are noted in sessions' directories. What was cut off by the writer's death is left out. */
    public static List<UnfinishedStep> in(Collection<Path> directories) {
        return directories.stream().flatMap(directory -> in(directory).stream()).toList();
    }

    private static List<UnfinishedStep> in(Path directory) {
        List<UnfinishedStep> steps = new ArrayList<>();
        try (DirectoryStream<Path> notes = Files.newDirectoryStream(directory, FILE + "*")) {
            for (Path note : notes) {
                parse(Files.readString(note, StandardCharsets.UTF_8)).ifPresent(steps::add);
            }
        } catch (IOException | DirectoryIteratorException e) {
            return steps; // Deleted meanwhile by somebody who removes what they tell of.
        }
        return steps;
    }

    private static Optional<UnfinishedStep> parse(String text) {
        Matcher note = NOTE.matcher(text);
        return note.matches()
                ? Optional.of(new UnfinishedStep(
                        note.group(1),
                        Boolean.parseBoolean(note.group(2)),
                        Optional.of(note.group(3)).filter(container -> !container.equals(NO_CONTAINER)),
                        Instant.ofEpochMilli(Long.parseLong(note.group(4)))))
                : Optional.empty();
    }
}
