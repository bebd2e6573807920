package io.dockerworkflow.examples.benchmark.sessions;

import com.github.dockerjava.api.DockerClient;
import io.dockerworkflow.DockerSession;
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
