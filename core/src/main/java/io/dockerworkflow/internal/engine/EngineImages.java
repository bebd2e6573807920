package io.dockerworkflow.internal.engine;

import com.github.dockerjava.api.model.AuthConfig;
import io.dockerworkflow.EngineException;
import io.dockerworkflow.ImageNotFoundException;
import io.dockerworkflow.WorkflowException;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Optional;

/** Makes sure that images are on an engine. Safe for use by several threads. */
public final class EngineImages {
    private static final int NOT_FOUND = 404;

    private final EngineConnection engine;
    private final Progress progress;

    /**
     * Images of that engine.
     *
     * @param engine not closed by this
     * @param progress is told how pulls get on, on another thread
     */
    public EngineImages(EngineConnection engine, Progress progress) {
        this.engine = engine;
        this.progress = progress;
    }

    /** Is told what an engine says while it gets an image. */
    @FunctionalInterface
    public interface Progress {
        /** Takes one line that the engine said of that image. */
        void tell(String image, String line);
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

    private Optional<String> id(String reference) {
        try {
            return engine.api()
                    .get("/images/" + EngineApi.encodedImage(reference) + "/json")
                    .at("Id")
                    .text();
        } catch (RefusedException e) {
            if (e.status() == NOT_FOUND) {
                return Optional.empty();
            }
            throw new ImageNotFoundException(
                    "look up an image", reference, EngineErrors.of(e), "Check that it is written NAME[:TAG]", e);
        } catch (UncheckedIOException e) {
            throw new EngineException(
                    "look up an image",
                    reference,
                    EngineErrors.of(Objects.requireNonNull(e.getCause())),
                    "See the Docker daemon's log; if it has ended, start it again",
                    e);
        }
    }

    /** The engine's words, if it failed. */
    private Optional<String> pull(String reference) {
        // Without a tag, an engine of API 1.41 pulls every tag that there is.
        String tagged = ImageReference.tagged(reference);
        AuthConfig credentials = engine.docker().pullImageCmd(tagged).getAuthConfig();
        try {
            return new ImagePull(engine.endpoint(), engine.version().api(), tagged, Optional.ofNullable(credentials))
                    .run(line -> progress.tell(reference, line));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new WorkflowException(
                    "pull an image",
                    reference,
                    Optional.of("the thread was interrupted"),
                    "Pull it beforehand, or wait for longer",
                    e);
        }
    }
}
