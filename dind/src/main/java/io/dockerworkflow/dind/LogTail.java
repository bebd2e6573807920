package io.dockerworkflow.dind;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.model.Frame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The last lines of a container's log, without lines that do not help to diagnose a daemon's failure. */
final class LogTail extends ResultCallback.Adapter<Frame> {
    private static final int LINES_READ = 60;
    private static final int LINES_TOLD = 12;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private LogTail() {}

    /** Returns the last lines, or a note that says why there are none. */
    static String of(DockerClient engine, String container) {
        try (LogTail tail = new LogTail()) {
            engine.logContainerCmd(container)
                    .withStdOut(true)
                    .withStdErr(true)
                    .withTail(LINES_READ)
                    .exec(tail)
                    .awaitCompletion(5, TimeUnit.SECONDS);
            return tail.text();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        } catch (RuntimeException | IOException e) {
            return "(its log cannot be read: " + e.getMessage() + ")";
        }
    }

    @Override
    public void onNext(Frame frame) {
        // Copied at once: docker-java reuses a frame's buffer.
        synchronized (bytes) {
            bytes.writeBytes(frame.getPayload());
        }
    }

    private String text() {
        synchronized (bytes) {
            return lastLines(bytes.toString(StandardCharsets.UTF_8));
        }
    }

    static String lastLines(String log) {
        List<String> lines = log.lines()
                .filter(line -> !line.contains("level=info") && !line.contains("level=debug"))
                .toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - LINES_TOLD), lines.size()));
    }
}
