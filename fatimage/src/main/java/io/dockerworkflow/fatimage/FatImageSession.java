package io.dockerworkflow.fatimage;

import io.dockerworkflow.Step;
import io.dockerworkflow.StepResult;
import io.dockerworkflow.spi.ScopedSession;
import io.dockerworkflow.spi.SessionScope;
import io.dockerworkflow.spi.StepPlace;

/** A session without a Docker endpoint. */
final class FatImageSession extends ScopedSession {
    private final StepPlace place;

    FatImageSession(SessionScope scope, StepPlace place) {
        super(scope);
        this.place = place;
    }

    @Override
    public StepResult run(Step step) {
        return scope().run(step, place);
    }
}
