package io.dockerworkflow.examples.quickstart;

// snippet: first-program
import io.dockerworkflow.DockerSession;
import io.dockerworkflow.Step;
import io.dockerworkflow.dood.DoodWorkflow;

class FirstProgram {
    public static void main(String[] args) {
        try (DockerSession session = DoodWorkflow.create().open()) {
            String build = "docker run -d --name db busybox sleep 60 && docker ps";
            Step step = Step.of("sh", "-c", build).image("docker:dind");
            session.run(step).orThrow().output().forEach(System.out::println);
        }
    }
}
// end
