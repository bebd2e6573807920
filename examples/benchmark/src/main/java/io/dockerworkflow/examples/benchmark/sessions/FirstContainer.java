package io.dockerworkflow.examples.benchmark.sessions;

import com.github.dockerjava.api.DockerClient;
import io.dockerworkflow.DockerSession;
import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.Stdin;
import io.dockerworkflow.Step;
import io.dockerworkflow.WorkflowEvent;
import io.dockerworkflow.dood.DoodWorkflow;
import io.dockerworkflow.examples.benchmark.measure.ChildProgram;
import java.io.IOException;
import org.testcontainers.containers.GenericContainer;

/** Programs that run one container, say so, and remove it when their input ends. */
final class FirstContainer {
    private FirstContainer() {}

    /** With a session. */
    static final class InSession {
        private InSession() {}

        public static void main(String[] arguments) throws IOException {
            try (DockerSession session = DoodWorkflow.create().open()) {
                DockerClient docker = session.docker();
                String id = docker.createContainerCmd(Fleet.IMAGE)
                        .withCmd(Fleet.program())
                        .withName("first")
                        .exec()
                        .getId();
                docker.startContainerCmd(id).exec();
                running();
            }
        }
    }

    /** As a step of a session, which waits for the end of the input by itself. */
    static final class AsStep {
        private AsStep() {}

        public static void main(String[] arguments) throws IOException {
            try (DockerSession session = DoodWorkflow.create()
                    .open(SessionOptions.defaults().listener(event -> {
                        if (event instanceof WorkflowEvent.StepStarted) {
                            System.out.println("running");
                            System.out.flush();
                        }
                    }))) {
                session.run(Step.of("cat").image(Fleet.IMAGE).stdin(Stdin.from(() -> System.in)));
            }
        }
    }

    /** With Testcontainers. */
    static final class InTestcontainers {
        private InTestcontainers() {}

        public static void main(String[] arguments) throws IOException {
            try (GenericContainer<?> container = new GenericContainer<>(Fleet.IMAGE).withCommand(Fleet.program())) {
                container.start();
                running();
            }
        }
    }

    private static void running() throws IOException {
        System.out.println("running");
        System.out.flush();
        ChildProgram.serve(order -> order);
    }
}
