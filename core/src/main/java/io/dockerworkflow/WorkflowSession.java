package io.dockerworkflow;

import java.time.Duration;

/**
 * The scope of one build. It is opened, used and closed. Safe for use by several threads: {@link #cancel},
 * {@link #teardown} and {@link #close} may be called from any thread at any time.
 */
public interface WorkflowSession extends AutoCloseable {

    /** The id that names this session on its engine. */
    SessionId id();

    /** The mode of the workflow that opened this session. */
    Mode mode();

    /**
     * Runs one step in a container of its own and waits for its end. When this method returns, all of the step's output has
     * reached the listener. Interrupting the thread ends the step with the outcome {@link StepOutcome.Cancelled}; the
     * thread's interrupt flag stays set.
     *
     * @throws InvalidStepException if the step's settings cannot be run; nothing was started
     * @throws ImageNotFoundException if the step's image is not on the engine, and the engine cannot pull it
     * @throws SessionClosedException after {@link #close} or {@link #teardown}
     * @throws WorkflowException if the engine fails
     */
    StepResult run(Step step);

    /**
     * Ends the running steps, also while their images are being pulled. Their outcome is {@link StepOutcome.Cancelled}. In a
     * {@link DockerSession}, also ends the pulls, pushes and builds of its clients: in DooD the clients get the reason, in DinD
     * their connections end. The session stays open.
     */
    void cancel();

    /**
     * Ends the session: cancels running steps, removes every child, closes connections. Only the first call of this method
     * or of {@link #close} does so. Concurrent calls wait for it, and later calls return the same report. An interrupt does
     * not end the wait; the thread's interrupt flag stays set.
     *
     * <p>A child that survives is no error here: it is in the report. If a step failed, {@link SessionOptions#keepOnFailure()} may
     * keep all children instead; they are in the report, too.
     *
     * @param deadline how long the removal of children may take at most
     * @return which children were removed, which survived and why
     * @throws WorkflowException if a part of the session other than a child could not be closed, such as a step or a
     *     connection. The children were removed or reported all the same; another call returns the report. Only the first
     *     caller that learns of the session's end gets this exception
     * @throws IllegalStateException if a {@link WorkflowListener} calls it on the thread that runs the teardown, which
     *     would wait for itself
     */
    TeardownReport teardown(Duration deadline);

    /**
     * Ends the session like {@link #teardown}, with the deadline of {@link SessionOptions#teardownDeadline()}. Idempotent:
     * after another call has ended the session, and has returned its report or thrown its failure, this method does
     * nothing. During the teardown it waits for the end; on the thread that runs the teardown it returns at once.
     *
     * @throws TeardownException if a child survived; a part of the session that could not be closed is a suppressed exception
     * @throws WorkflowException if every child is gone, but another part of the session could not be closed, such as a step
     *     or a connection
     */
    @Override
    void close();
}
