package io.dockerworkflow.examples.cli;

import io.dockerworkflow.DockerSession;
import io.dockerworkflow.WorkflowException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A command of this machine that uses a session. */
final class HostCommand {
    private static final int GRACE_SECONDS = 10;

    private final List<String> command;

    HostCommand(List<String> command) {
        this.command = List.copyOf(command);
    }

    /**
     * Runs the command with this process's streams and waits for its end.
     *
     * @return its exit code
     * @throws InterruptedException if this thread was interrupted; the command has been ended
     * @throws WorkflowException if it cannot be started
     */
    int run(DockerSession session) throws InterruptedException {
        Process process = start(session);
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            end(process);
            throw e;
        }
    }

    private Process start(DockerSession session) {
        try {
            return session.configure(new ProcessBuilder(command).inheritIO()).start();
        } catch (IOException e) {
            throw new NotStarted(command.get(0), e);
        }
    }

    /**
     * With Ctrl-C the terminal has told the whole process group, but a plain kill reaches only this process, so what runs is
     * asked to end in any case.
     */
    private static void end(Process process) throws InterruptedException {
        List<ProcessHandle> family = Stream.concat(
                        Stream.of(process.toHandle()), process.toHandle().descendants())
                .toList();
        family.forEach(ProcessHandle::destroy);
        if (!process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS)) {
            family.forEach(ProcessHandle::destroyForcibly);
            process.waitFor();
        }
    }

    /** The command is not there, or cannot be executed. */
    static final class NotStarted extends WorkflowException {
        private static final long serialVersionUID = 1L;

        NotStarted(String program, IOException cause) {
            super(
                    "start the command",
                    program,
                    Optional.ofNullable(cause.getMessage()),
                    "Give the path of a program, or a name that is on PATH",
                    cause);
        }

        /** As a shell would report it. */
        int exitCode() {
            Throwable cause = getCause();
            String words = cause == null ? "" : String.valueOf(cause.getMessage());
            return words.contains("error=2,") ? ExitCodes.NOT_FOUND : ExitCodes.NOT_EXECUTABLE;
        }
    }
}
