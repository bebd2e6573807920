package io.dockerworkflow.fatimage;

import io.dockerworkflow.Step;
import io.dockerworkflow.StepResult;
import io.dockerworkflow.internal.session.ScopedSession;
import io.dockerworkflow.internal.session.SessionScope;
import io.dockerworkflow.internal.step.StepPlacement;

/** A session without a Docker endpoint. */
final class FatImageSession extends ScopedSession {
    private final StepPlacement placement;

    FatImageSession(SessionScope scope, StepPlacement placement) {
        super(scope);
        this.placement = placement;
    }

    @Override
    public StepResult run(Step step) {
        return scope().run(step, placement);
    }
}
