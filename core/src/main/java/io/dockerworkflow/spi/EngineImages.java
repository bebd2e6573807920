package io.dockerworkflow.spi;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.AuthConfig;
import io.dockerworkflow.Endpoint;
import io.dockerworkflow.ImageNotFoundException;
import io.dockerworkflow.WorkflowEvent.ImageProgress;
import io.dockerworkflow.WorkflowException;
import java.util.Optional;

/** Makes sure that images are on an engine. Safe for use by several threads. */
public final class EngineImages {
    private final DockerClient docker;
    private final Endpoint endpoint;
    private final String api;
    private final SessionEvents events;

    /**
     * Images of that engine.
     *
     * @param engine not closed by this
     * @param events where progress is told
     */
    public EngineImages(EngineConnection engine, SessionEvents events) {
        this(engine.docker(), engine.endpoint(), engine.version().api(), events);
    }

    /**
     * Images of what a client talks to, which may be a gateway.
     *
     * @param api the API version for requests that do not go through the client
     */
    EngineImages(DockerClient docker, Endpoint endpoint, String api, SessionEvents events) {
        this.docker = docker;
        this.endpoint = endpoint;
        this.api = api;
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
        // Without a tag, an engine of API 1.41 pulls every tag that there is.
        String tagged = withTag(reference);
        AuthConfig credentials = docker.pullImageCmd(tagged).getAuthConfig();
        try {
            return new ImagePull(endpoint, api, tagged, Optional.ofNullable(credentials))
                    .run(line -> events.tell(new ImageProgress(events.session(), reference, line)));
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
