package io.dockerworkflow.internal.owner;

import static org.assertj.core.api.Assertions.assertThat;

import io.dockerworkflow.Child;
import io.dockerworkflow.Child.Kind;
import io.dockerworkflow.Endpoint;
import io.dockerworkflow.internal.engine.EngineApi;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the shell that waits in a watchdog's place hands on. */
class WatchdogCodeTest {
    private static final Child ODD = new Child(Kind.IMAGE, "dw-1-$(touch x)`id`\\n*[a]\"'");
    private static final Child LONGER = new Child(Kind.IMAGE, "dw-1-app:1.0");
    private static final Child SHORTER = new Child(Kind.IMAGE, "dw-1-app:1");
    private static final Path SPACES = Path.of("/tmp/  two  ");

    @ParameterizedTest
    @ValueSource(strings = {"/bin/sh", "/bin/bash"})
    void dutyWhenOwnerHasDiedIsWhatWasNotTakenBack(String shell) throws Exception {
        CleanupList duty = new CleanupList();
        List<String> handed = handed(
                shell,
                CleanupList.add(LONGER) + "\n" + CleanupList.add(SHORTER) + "\n" + CleanupList.add(ODD) + "\n"
                        + CleanupList.add(SPACES) + "\n"
                        + CleanupList.add(Path.of("/tmp/gone")) + "\n" + CleanupList.drop(SHORTER) + "\n"
                        + CleanupList.drop(Path.of("/tmp/gone")) + "\n"
                        + CleanupList.drop(new Child(Kind.VOLUME, "never")) + "\n"
                        + "+directory /tm");

        handed.forEach(duty::accept);

        assertThat(duty.children()).containsExactly(LONGER, ODD);
        assertThat(duty.directories()).containsExactly(SPACES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/bin/sh", "/bin/bash"})
    void dutyWhenItIsLongerThanAPipeHoldsIsHandedOn(String shell) throws Exception {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 2_000; i++) {
            lines.append(CleanupList.add(new Child(Kind.IMAGE, "dw-1-" + "x".repeat(50) + i)))
                    .append('\n');
        }
        CleanupList duty = new CleanupList();

        handed(shell, lines.toString()).forEach(duty::accept);

        assertThat(duty.children()).hasSize(2_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/bin/sh", "/bin/bash"})
    void commandWhenOwnerHasEndedInOrderIsNotRun(String shell) throws Exception {
        assertThat(handed(shell, CleanupList.add(LONGER) + "\n" + CleanupList.end() + "\n"))
                .isEmpty();
    }

    /** What the command gets to read that follows the shell's wait. */
    private static List<String> handed(String shell, String told) throws IOException, InterruptedException {
        EngineApi engine = new EngineApi(new Endpoint.UnixSocket(Path.of("/nowhere")), "1.41");
        List<String> command = new ArrayList<>(
                WatchdogCode.command(true, "own.jar", engine, "a=b").subList(0, 4));
        command.set(0, shell);
        command.add("cat");
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (OutputStream input = process.getOutputStream()) {
            input.write(told.getBytes(StandardCharsets.UTF_8));
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        return output.lines().toList();
    }
}
