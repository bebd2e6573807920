package io.dockerworkflow.fatimage;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.model.BuildResponseItem;
import io.dockerworkflow.WorkflowException;
import io.dockerworkflow.internal.children.SessionEvents;
import io.dockerworkflow.internal.engine.EngineErrors;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One build of an image by the engine. */
final class ImageBuild extends ResultCallback.Adapter<BuildResponseItem> {
    /** The label of every image that was built here; its value is the tag made from the content. */
    static final String CACHE_LABEL = "io.dockerworkflow.fatimage";

    private static final int LAST_LINES = 20;
    private static final int START_SECONDS = 5;

    private final SessionEvents events;
    private final String image;
    private final Deque<String> lastLines = new ArrayDeque<>();
    private @Nullable String error;

    private ImageBuild(SessionEvents events, String image) {
        this.events = events;
        this.image = image;
    }

    /**
     * Builds an image and waits for it.
     *
     * @param archive the context
     * @param dockerfile the Dockerfile's path in the context
     * @param tag the tag that the build gives to the image
     * @param image the final name of the image, for the listener, for errors and for the image's label
     * @throws WorkflowException if the build fails, or the thread is interrupted
     */
    static void run(
            DockerClient docker, SessionEvents events, Path archive, String dockerfile, String tag, String image) {
        try (InputStream context = Files.newInputStream(archive);
                ImageBuild build = new ImageBuild(events, image)) {
            docker.buildImageCmd(context)
                    .withDockerfilePath(dockerfile)
                    .withTags(Set.of(tag))
                    .withLabels(Map.of(CACHE_LABEL, image))
                    .withRemove(true)
                    .withForcerm(true)
                    .exec(build);
            build.await();
            build.orThrow();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failure(image, Optional.of("interrupted"), "Open the session again to start over", e);
        } catch (IOException e) {
            throw failure(image, Optional.of(e.toString()), "Check the connection to the engine", e);
        }
    }

    @Override
    public void onNext(BuildResponseItem item) {
        if (item.getErrorDetail() != null) {
            say(item.getErrorDetail().getMessage(), true);
        } else if (item.getStream() != null) {
            item.getStream().lines().filter(line -> !line.isBlank()).forEach(line -> say(line, false));
        } else if (item.getStatus() != null && !isBar(item)) {
            say(item.getId() == null ? item.getStatus() : item.getId() + ": " + item.getStatus(), false);
        }
    }

    /** Progress of a single layer in bytes. Only the steps of a base image's pull are reported. */
    private static boolean isBar(BuildResponseItem item) {
        return item.getProgressDetail() != null && item.getProgressDetail().getCurrent() != null;
    }

    @Override
    public void onError(Throwable failure) {
        // The base class would log an error; here the caller gets it.
        EngineErrors.of(failure).ifPresent(words -> say(words, true));
        onComplete();
    }

    private void await() throws InterruptedException {
        try {
            awaitCompletion();
        } catch (InterruptedException e) {
            // docker-java 3.7.1 ignores a close before the stream has begun.
            awaitStarted(START_SECONDS, TimeUnit.SECONDS);
            throw e;
        }
    }

    private synchronized void say(String line, boolean isError) {
        if (isError) {
            error = line;
            return;
        }
        if (lastLines.size() == LAST_LINES) {
            lastLines.removeFirst();
        }
        lastLines.addLast(line);
        events.tellImageProgress(image, line);
    }

    private synchronized void orThrow() {
        if (error != null) {
            throw failure(
                    image,
                    Optional.of(error),
                    "Mend the Dockerfile or its context. The end of the build's output:\n"
                            + String.join("\n", lastLines),
                    null);
        }
    }

    private static WorkflowException failure(
            String image, Optional<String> words, String remedy, @Nullable Throwable cause) {
        return new WorkflowException("build the fat image", image, words, remedy, cause);
    }
}
