package io.dockerworkflow.dind;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.SaveImagesCmd;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.LoadResponseItem;
import io.dockerworkflow.EngineException;
import io.dockerworkflow.WorkflowEvent.ImageProgress;
import io.dockerworkflow.WorkflowException;
import io.dockerworkflow.internal.children.SessionEvents;
import io.dockerworkflow.internal.engine.EngineErrors;
import io.dockerworkflow.internal.engine.ImageReference;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Copies images from the outer engine into a session's daemon, in one stream. The stream is never held whole. */
final class Seeding {
    private static final String OPERATION = "copy images into the session's daemon";

    private final DockerClient from;
    private final DockerClient to;
    private final SessionEvents events;

    Seeding(DockerClient from, DockerClient to, SessionEvents events) {
        this.from = from;
        this.to = to;
        this.events = events;
    }

    /** Copies these images of the outer engine, except those that the daemon already has in a cache. */
    void copy(List<String> seeds) {
        List<String> images = seeds.stream().filter(image -> !isThere(image)).toList();
        if (images.isEmpty()) {
            return;
        }
        String names = String.join(", ", images);
        Loading loading = new Loading(names);
        // One stream for all images, so that shared layers pass once.
        try (InputStream stream = save(images)) {
            to.loadImageAsyncCmd(stream).exec(loading).awaitCompletion();
        } catch (DockerException | IOException e) {
            throw failure(names, EngineErrors.of(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new WorkflowException(
                    OPERATION, names, Optional.of("the thread was interrupted"), "Open the session again", e);
        }
        String error = loading.error.get();
        if (error != null) {
            throw failure(names, Optional.of(error), null);
        }
    }

    private boolean isThere(String image) {
        try {
            String there = to.inspectImageCmd(image).exec().getId();
            return from.inspectImageCmd(image).exec().getId().equals(there);
        } catch (NotFoundException e) {
            return false;
        }
    }

    private InputStream save(List<String> images) {
        SaveImagesCmd save = from.saveImagesCmd();
        for (String image : images) {
            String reference = ImageReference.tagged(image);
            int colon = reference.lastIndexOf(':');
            save.withImage(reference.substring(0, colon), reference.substring(colon + 1));
        }
        return save.exec();
    }

    private static EngineException failure(String names, Optional<String> words, @Nullable Throwable cause) {
        return new EngineException(OPERATION, names, words, Diagnosis.remedy(words.orElse("")), cause);
    }

    private final class Loading extends ResultCallback.Adapter<LoadResponseItem> {
        private final String names;
        private final AtomicReference<@Nullable String> error = new AtomicReference<>();

        private Loading(String names) {
            this.names = names;
        }

        @Override
        public void onNext(LoadResponseItem item) {
            if (item.getErrorDetail() != null) {
                error.set(item.getErrorDetail().getMessage());
            } else if (item.getStream() != null) {
                events.tell(new ImageProgress(
                        events.session(), names, item.getStream().strip()));
            }
        }

        @Override
        public void onError(Throwable failure) {
            EngineErrors.of(failure).ifPresent(words -> error.compareAndSet(null, words));
            onComplete();
        }
    }
}
