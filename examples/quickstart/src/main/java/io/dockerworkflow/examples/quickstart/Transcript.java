package io.dockerworkflow.examples.quickstart;

import io.dockerworkflow.DockerSession;
import io.dockerworkflow.Step;
import io.dockerworkflow.WorkflowEvent;
import io.dockerworkflow.WorkflowEvent.ImageProgress;
import io.dockerworkflow.WorkflowEvent.StepOutput;
import io.dockerworkflow.WorkflowListener;
import io.dockerworkflow.WorkflowSession;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A session with what was said and answered in it; kept until it ends, so that sessions at once do not mix their lines. */
final class Transcript implements WorkflowListener {
    private final List<String> lines = new ArrayList<>();
    private Optional<WorkflowSession> session = Optional.empty();

    Transcript of(WorkflowSession open) {
        session = Optional.of(open);
        return this;
    }

    String id() {
        return session.orElseThrow().id().toString();
    }

    /** Runs the docker CLI of this machine in the session. */
    void docker(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("docker"));
        command.addAll(List.of(arguments));
        say("$ " + command.stream().map(Transcript::quoted).collect(Collectors.joining(" ")));
        DockerSession docker = (DockerSession) session.orElseThrow();
        Process process = docker.configure(new ProcessBuilder(command))
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .forEach(this::say);
        int code = process.waitFor();
        if (code != 0) {
            throw new IOException(String.join(" ", command) + " exited with code " + code);
        }
    }

    /** Runs the step in the session. */
    void step(Step step) {
        say("step: " + step);
        session.orElseThrow().run(step).orThrow();
    }

    @Override
    public void on(WorkflowEvent event) {
        if (event instanceof StepOutput output) {
            say("  " + output.line());
        } else if (event instanceof ImageProgress progress) {
            // Of a build only its steps, not what the engine says of each.
            if (!progress.text().startsWith(" ") && !progress.text().startsWith("Removing")) {
                say(progress.text());
            }
        }
    }

    /** As one would type it. */
    private static String quoted(String word) {
        return word.matches("[\\w./:=-]+") ? word : "'" + word + "'";
    }

    private synchronized void say(String line) {
        lines.add(line);
    }

    synchronized void print() {
        session.ifPresent(open -> System.out.println("-- session " + open.id()));
        lines.forEach(line -> System.out.println("   " + line));
    }
}
