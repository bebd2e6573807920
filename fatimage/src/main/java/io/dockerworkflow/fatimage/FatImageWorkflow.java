package io.dockerworkflow.fatimage;

import io.dockerworkflow.DockerWorkflow;
import io.dockerworkflow.Mode;
import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.WorkflowSession;
import io.dockerworkflow.internal.owner.Owners;
import io.dockerworkflow.internal.session.SessionScope;
import java.util.Optional;

/**
 * A fat image: steps run in one image with all the tools of the build. There is no Docker in it. Its sessions offer no
 * Docker to your program, and a step that calls {@code docker} gets a message that says so, and fails.
 *
 * <p>An image that was {@linkplain FatImage#built built} stays on the engine when the session ends, as the cache for the next
 * session. It carries the label {@value #CACHE_LABEL}, so {@code docker image ls --filter label=...} finds all such images.
 *
 * <p>Immutable and safe for use by several threads.
 */
public final class FatImageWorkflow implements DockerWorkflow {
    /** The label of every image that this mode has built. Its value is the tag, a digest of the content. */
    public static final String CACHE_LABEL = ImageBuild.CACHE_LABEL;

    private final Optional<FatImage> image;
    private final Owners owners = new Owners();

    private FatImageWorkflow(Optional<FatImage> image) {
        this.image = image;
    }

    /** Creates a workflow that uses each step's own image, so that the steps of a {@code DockerSession} run here unchanged. */
    public static FatImageWorkflow create() {
        return new FatImageWorkflow(Optional.empty());
    }

    /** Creates a workflow that runs every step in this image, and ignores the image that the step names. */
    public static FatImageWorkflow create(FatImage image) {
        return new FatImageWorkflow(Optional.of(image));
    }

    @Override
    public Mode mode() {
        return Mode.FATIMAGE;
    }

    /**
     * Opens a session. Pulls or builds the image first, and checks it, unless that was done before. You own the session and
     * must close it; closing it removes every child, but not a built image.
     *
     * @throws io.dockerworkflow.EngineException if no engine answers, or the engine refuses
     * @throws io.dockerworkflow.ImageNotFoundException if the named image is not on the engine, and the engine cannot pull it
     * @throws io.dockerworkflow.WorkflowException if the image cannot be built, or lacks a tool
     */
    @Override
    public WorkflowSession open(SessionOptions options) {
        SessionScope scope = SessionScope.open(owners, Mode.FATIMAGE, options);
        try {
            Optional<String> name = image.map(chosen -> new ImageSupply(scope).supply(chosen));
            return scope.opened(new FatImageSession(scope, StepPlacements.in(name, scope)));
        } catch (RuntimeException | Error e) {
            throw scope.undo(e);
        }
    }
}
