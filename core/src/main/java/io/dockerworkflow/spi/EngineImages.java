package io.dockerworkflow.spi;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.PullResponseItem;
import io.dockerworkflow.ImageNotFoundException;
import io.dockerworkflow.WorkflowEvent.ImageProgress;
import io.dockerworkflow.WorkflowException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Makes sure that images are on an engine. Safe for use by several threads. */
public final class EngineImages {
    private final DockerClient docker;
    private final SessionEvents events;

    /**
     * Works through this client.
     *
     * @param docker a client of the engine; not closed by this
     * @param events where progress is told
     */
    public EngineImages(DockerClient docker, SessionEvents events) {
        this.docker = docker;
        this.events = events;
    }

    /**
     * Pulls the image if the engine does not have it. A pulled image stays: it is the engine's cache, not a child.
     *
     * @param reference a name with or without tag or digest, or an id
     * @return the image's id
     * @throws ImageNotFoundException if it is neither on the engine nor to be pulled
     */
    public String ensure(String reference) {
        Optional<String> present = id(reference);
        if (present.isPresent()) {
            return present.get();
        }
        Optional<String> failure = pull(reference);
        // docker-java takes some failures for success and the other way round: the image itself is the proof.
        return id(reference)
                .orElseThrow(() -> new ImageNotFoundException(
                        "find an image",
                        reference,
                        failure,
                        "Check its name and that the engine reaches its registry, or load it with docker load",
                        null));
    }

    /** The reference with {@code :latest} added where it has neither tag nor digest, as the docker CLI reads it. */
    public static String withTag(String reference) {
        String lastPart = reference.substring(reference.lastIndexOf('/') + 1);
        return lastPart.contains(":") || lastPart.contains("@") ? reference : reference + ":latest";
    }

    private Optional<String> id(String reference) {
        try {
            return Optional.ofNullable(docker.inspectImageCmd(reference).exec().getId());
        } catch (NotFoundException e) {
            return Optional.empty();
        } catch (DockerException e) {
            throw new ImageNotFoundException(
                    "look up an image", reference, EngineWords.of(e), "Check that it is written NAME[:TAG]", e);
        }
    }

    /** The engine's words, if it failed. */
    private Optional<String> pull(String reference) {
        Progress progress = new Progress(reference);
        try {
            // Without a tag, an engine of API 1.41 pulls every tag that there is.
            docker.pullImageCmd(withTag(reference)).exec(progress).awaitCompletion();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new WorkflowException(
                    "pull an image",
                    reference,
                    Optional.of("the thread was interrupted"),
                    "Pull it beforehand, or wait for longer",
                    e);
        } catch (RuntimeException e) {
            return EngineWords.of(e);
        } finally {
            progress.end();
        }
        return Optional.ofNullable(progress.error.get());
    }

    private final class Progress extends ResultCallback.Adapter<PullResponseItem> {
        private final String reference;
        private final AtomicReference<@Nullable String> error = new AtomicReference<>();

        private Progress(String reference) {
            this.reference = reference;
        }

        @Override
        public void onNext(PullResponseItem item) {
            if (item.getErrorDetail() != null) {
                error.set(item.getErrorDetail().getMessage());
            } else if (item.getStatus() != null && !isPartOfDownload(item)) {
                String layer = item.getId() == null ? "" : item.getId() + ": ";
                events.tell(new ImageProgress(events.session(), reference, layer + item.getStatus()));
            }
        }

        /** One of the hundreds of lines of a single layer. */
        private boolean isPartOfDownload(PullResponseItem item) {
            return item.getProgressDetail() != null && item.getProgressDetail().getCurrent() != null;
        }

        @Override
        public void onError(Throwable failure) {
            // The base class logs every failure as an error; this one is told to the caller instead.
            EngineWords.of(failure).ifPresent(words -> error.compareAndSet(null, words));
            onComplete();
        }

        private void end() {
            try {
                close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
