package io.dockerworkflow.fatimage;

import io.dockerworkflow.Mode;
import io.dockerworkflow.SessionId;
import io.dockerworkflow.Step;
import io.dockerworkflow.StepResult;
import io.dockerworkflow.TeardownReport;
import io.dockerworkflow.WorkflowSession;
import io.dockerworkflow.spi.SessionScope;
import io.dockerworkflow.spi.StepPlace;
import java.time.Duration;

/** A session without a Docker of its own. */
final class FatImageSession implements WorkflowSession {
    private final SessionScope scope;
    private final StepPlace place;

    FatImageSession(SessionScope scope, StepPlace place) {
        this.scope = scope;
        this.place = place;
    }

    @Override
    public SessionId id() {
        return scope.id();
    }

    @Override
    public Mode mode() {
        return Mode.FATIMAGE;
    }

    @Override
    public StepResult run(Step step) {
        return scope.run(step, place);
    }

    @Override
    public void cancel() {
        scope.cancel();
    }

    @Override
    public TeardownReport teardown(Duration deadline) {
        return scope.teardown(deadline);
    }

    @Override
    public void close() {
        scope.close();
    }
}
