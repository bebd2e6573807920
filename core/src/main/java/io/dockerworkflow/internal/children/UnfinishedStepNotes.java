package io.dockerworkflow.internal.children;

import io.dockerworkflow.internal.engine.EngineConnection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notes which steps of a classic build have images that nothing leads to yet, for whoever cleans up should this process die. One
 * build's, for use by one thread at a time.
 */
public final class UnfinishedStepNotes {
    private static final Logger LOG = LoggerFactory.getLogger(UnfinishedStepNotes.class);

    private final Path directory;
    private final long build;
    private final Deque<Path> notes = new ArrayDeque<>();
    private int begun;

    /**
     * Of a build that has not begun.
     *
     * @param directory the session's
     * @param build what tells it from the session's other builds
     */
    public UnfinishedStepNotes(Path directory, long build) {
        this.directory = directory;
        this.build = build;
    }

    /** Removes the images of steps that are noted when a session ends: those of builds whose clients have gone. */
    public static void removeSteps(EngineConnection engine, Path directory) {
        new UnfinishedSteps(engine.api()).remove(UnfinishedStep.in(List.of(directory)));
    }

    /**
     * A step has begun.
     *
     * @param parent what the id of the image begins with that it is made on; empty if it is made on nothing
     * @param base whether the stage begins with that image
     * @param container what the id of the container begins with that it runs in, if there is one
     */
    public void begin(String parent, boolean base, Optional<String> container) {
        UnfinishedStep step = new UnfinishedStep(parent, base, container, Instant.now());
        try {
            // On the caller's thread: a line in a private directory, which must be there before the step is done.
            notes.add(step.note(directory, build + "-" + begun++));
        } catch (IOException e) {
            LOG.debug("A step of a build is not noted", e);
        }
    }

    /** The note of the step that has begun last, to be given to {@link #forget}; none if it was not noted. */
    public Optional<Path> latest() {
        return Optional.ofNullable(notes.peekLast());
    }

    /** Something else leads to the step's image by now, or there is none. */
    public void forget(Path note) {
        notes.remove(note);
        try {
            Files.deleteIfExists(note);
        } catch (IOException e) {
            LOG.debug("A note of a build's step stays until the session ends", e);
        }
    }

    /** The build has ended, and all that it made is held. */
    public void forgetAll() {
        while (!notes.isEmpty()) {
            forget(notes.getFirst());
        }
    }
}
