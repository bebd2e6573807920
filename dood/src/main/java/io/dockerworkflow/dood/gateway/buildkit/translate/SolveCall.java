package io.dockerworkflow.dood.gateway.buildkit.translate;

import io.dockerworkflow.WorkflowException;
import io.dockerworkflow.dood.gateway.buildkit.wire.GrpcRefusal;
import io.dockerworkflow.dood.gateway.buildkit.wire.GrpcStatus;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** One call of {@code Control/Solve}, and the names that it gives. */
final class SolveCall {
    private final BuildImages images;
    private final SolveTranslator requests;
    private final ResponseTranslator answers;
    private final AtomicReference<Optional<BuildImages.Naming>> naming = new AtomicReference<>(Optional.empty());

    SolveCall(BuildImages images, SolveTranslator requests, ResponseTranslator answers) {
        this.images = images;
        this.requests = requests;
        this.answers = answers;
    }

    byte[] request(byte[] request) {
        SolveTranslator.Translated translated = requests.solve(request);
        if (!translated.names().isEmpty()) {
            try {
                naming.set(Optional.of(images.naming(translated.names())));
            } catch (WorkflowException e) {
                throw new GrpcRefusal(GrpcStatus.UNAVAILABLE, String.valueOf(e.getMessage()));
            }
        }
        return translated.request();
    }

    /** The names must be known before the client can ask for them. */
    byte[] answer(byte[] answer) {
        Optional<BuildImages.Naming> names = naming.getAndSet(Optional.empty());
        names.ifPresent(BuildImages.Naming::given);
        names.ifPresent(BuildImages.Naming::finish);
        return answers.solve(answer);
    }

    /** The call is over, however it ended. */
    void finish() {
        naming.getAndSet(Optional.empty()).ifPresent(BuildImages.Naming::finish);
    }
}
