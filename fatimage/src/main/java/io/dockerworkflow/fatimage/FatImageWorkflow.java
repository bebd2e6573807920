package io.dockerworkflow.fatimage;

import io.dockerworkflow.DockerWorkflow;
import io.dockerworkflow.Mode;
import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.WorkflowSession;
import io.dockerworkflow.internal.owner.Owners;
import io.dockerworkflow.internal.session.SessionScope;
import java.util.Optional;

/**
 * Steps run in one image that carries all the tools of the build. There is no Docker in it: its sessions offer none to your
 * program, and a step that calls {@code docker} is told so and fails.
 *
 * <p>An image that was {@linkplain FatImage#built built} stays on the engine when the session ends, as the cache for the
 * next one. It carries the label {@value #CACHE_LABEL}, so {@code docker image ls --filter label=...} finds all of them.
 *
 * <p>Immutable and safe for use by several threads.
 */
public final class FatImageWorkflow implements DockerWorkflow {
    /** The label of every image that this mode has built; its value is the tag made from the content. */
    public static final String CACHE_LABEL = ImageBuild.CACHE_LABEL;

    private final Optional<FatImage> image;
    private final Owners owners = new Owners();

    private FatImageWorkflow(Optional<FatImage> image) {
        this.image = image;
    }

    /** A workflow that uses each step's own image, so that the steps of a {@code DockerSession} run here unchanged. */
    public static FatImageWorkflow create() {
        return new FatImageWorkflow(Optional.empty());
    }

    /** A workflow that runs every step in this image, whatever image the step names. */
    public static FatImageWorkflow create(FatImage image) {
        return new FatImageWorkflow(Optional.of(image));
    }

    @Override
    public Mode mode() {
        return Mode.FATIMAGE;
    }

    /**
     * Opens a session, once the image is there: pulls, builds and checks it where that was not done before.
     *
     * @throws io.dockerworkflow.EngineException if no engine answers, or it refuses
     * @throws io.dockerworkflow.ImageNotFoundException if the named image is neither on the engine nor to be pulled
     * @throws io.dockerworkflow.WorkflowException if the image cannot be built, or lacks a tool
     */
    @Override
    public WorkflowSession open(SessionOptions options) {
        SessionScope scope = SessionScope.open(owners, Mode.FATIMAGE, options);
        try {
            Optional<String> name = image.map(chosen -> new ImageSupply(scope).supply(chosen));
            return scope.opened(new FatImageSession(scope, StepPlaces.in(name, scope)));
        } catch (RuntimeException | Error e) {
            throw scope.undo(e);
        }
    }
}
