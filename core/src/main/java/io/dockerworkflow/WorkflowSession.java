package io.dockerworkflow;

import java.time.Duration;

/**
 * The scope of one build: opened, used, closed. Safe for use by several threads; {@link #cancel}, {@link #teardown} and
 * {@link #close} may be called from any thread at any time.
 */
public interface WorkflowSession extends AutoCloseable {

    /** The id that names this session on its engine. */
    SessionId id();

    /** The mode of the workflow that opened it. */
    Mode mode();

    /**
     * Runs one step in a container of its own and waits for its end. All of its output has reached the listener when this
     * returns. Interrupting the thread ends the step, whose outcome is then {@link StepOutcome.Cancelled}; the thread's
     * interrupt flag stays set.
     *
     * @throws InvalidStepException if the step cannot be run as it is given; nothing was started
     * @throws ImageNotFoundException if its image is neither on the engine nor to be pulled
     * @throws SessionClosedException after {@link #close} or {@link #teardown}
     * @throws WorkflowException if the engine fails
     */
    StepResult run(Step step);

    /**
     * Ends the steps that are running, also while their images are being pulled; their outcome is then
     * {@link StepOutcome.Cancelled}. In a {@link DockerSession}, ends what its clients pull, push and build as well: in DooD they
     * are told why, in DinD their connections end. The session stays open.
     */
    void cancel();

    /**
     * Ends the session: running steps are cancelled, every child is removed, connections are closed. Only the first call
     * does so; later calls and concurrent ones wait for it and return the same report.
     *
     * @param deadline how long the removal of children may take at most
     * @return what was removed, and what survived and why
     */
    TeardownReport teardown(Duration deadline);

    /**
     * {@link #teardown} with the deadline of {@link SessionOptions#teardownDeadline()}. Idempotent: a second call does
     * nothing.
     *
     * @throws TeardownException if a child survived, unless an earlier call has said so
     */
    @Override
    void close();
}
