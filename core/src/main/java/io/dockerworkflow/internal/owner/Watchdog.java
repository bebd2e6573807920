package io.dockerworkflow.internal.owner;

import io.dockerworkflow.Child;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Something that removes an owner's children when this process dies, because the kernel then closes the stream on which it
 * listens to us. Safe for use by several threads; whoever starts it closes it.
 */
public final class Watchdog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);

    private final String name;
    private final OutputStream stream;
    private final AutoCloseable ending;

    Watchdog(String name, OutputStream stream, AutoCloseable ending) {
        this.name = name;
        this.stream = stream;
        this.ending = ending;
    }

    /** Has it remove a child that carries no label, too. */
    public void add(Child child) {
        tell(CleanupList.add(child));
    }

    /** Takes back {@link #add(Child)}. */
    public void drop(Child child) {
        tell(CleanupList.drop(child));
    }

    /** Has it delete a directory, too. */
    public void add(Path directory) {
        tell(CleanupList.add(directory));
    }

    /** Takes back {@link #add(Path)}. */
    public void drop(Path directory) {
        tell(CleanupList.drop(directory));
    }

    /** Ends it: there is nothing left to remove. Idempotent. */
    @Override
    public void close() {
        tell(CleanupList.end());
        try {
            ending.close();
        } catch (Exception e) {
            LOG.debug("{} has ended before", name, e);
        }
    }

    /** At once, in one write: a line that is not on its way when we die is not told. */
    private synchronized void tell(String line) {
        try {
            stream.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            stream.flush();
        } catch (IOException e) {
            LOG.debug("{} has ended", name, e);
        }
    }
}
