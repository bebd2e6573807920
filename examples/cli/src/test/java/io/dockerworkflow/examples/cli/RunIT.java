package io.dockerworkflow.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dockerworkflow.examples.cli.Cli.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code docker-workflow run}. */
class RunIT {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"dood", "dind", "fatimage"})
    void stepWhenRunHasItsWorkspaceAndTellsItsStreamsApart(String mode) throws IOException {
        Files.writeString(directory.resolve("in"), "from the workspace\n");

        Ended ended = Cli.run(
                "run",
                "--mode",
                mode,
                "--image",
                "busybox",
                "--workspace",
                directory.toString(),
                "--env",
                "A=b c",
                "--",
                "sh",
                "-c",
                "cat in; echo \"$A\" >&2; echo made >out; exit 4");

        assertThat(ended.code()).as(ended.err()).isEqualTo(4);
        assertThat(ended.out()).isEqualTo("from the workspace\n");
        assertThat(ended.err()).isEqualTo("b c\n");
        assertThat(directory.resolve("out")).hasContent("made");
        assertThat(Files.getOwner(directory.resolve("out"))).isEqualTo(Files.getOwner(directory));
    }

    @Test
    void secretWhenGivenIsAFileAndMasked() throws IOException {
        Path file = Files.writeString(directory.resolve("token"), "s3cr3t-t0ken\n");

        Ended ended = Cli.run(
                "run",
                "--mode",
                "dood",
                "--image",
                "busybox",
                "--secret",
                "token=" + file,
                "--",
                "sh",
                "-c",
                "wc -c </run/secrets/token; cat /run/secrets/token");

        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ended.lines()).hasSize(2).first().isEqualTo("12");
        assertThat(ended.out() + ended.err()).doesNotContain("s3cr3t");
    }

    @Test
    void timeoutWhenOverEndsTheStepWith124() {
        Ended ended = Cli.run("run", "--mode", "dood", "--image", "busybox", "--timeout", "1s", "--", "sleep", "600");

        assertThat(ended.code()).isEqualTo(124);
        assertThat(ended.err()).isEqualTo("docker-workflow: the step was ended after its time limit of 1.0 s\n");
    }

    @Test
    void inputWhenInteractiveReachesTheStep() {
        Ended ended =
                Cli.run(Map.of(), "hi\n", "run", "--mode", "dood", "--image", "busybox", "--interactive", "--", "cat");

        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ended.out()).isEqualTo("hi\n");
    }

    @Test
    void userWhenGivenRunsTheStep() {
        Ended ended = Cli.run(
                "run", "--mode", "dood", "--image", "busybox", "--user", "1234:2345", "--", "sh", "-c", "id -u; id -g");

        assertThat(ended.lines()).as(ended.err()).containsExactly("1234", "2345");
    }

    @ParameterizedTest
    @CsvSource({"INT, 130", "TERM, 143"})
    void signalWhenSentEndsTheStep(String signal, int code) throws Exception {
        try (Cli cli = Cli.start(
                Map.of(),
                "run",
                "--verbose",
                "--mode",
                "dood",
                "--image",
                "busybox",
                "--",
                "sh",
                "-c",
                "echo up; sleep 600")) {
            cli.awaitOutput("up");
            String session = cli.session();

            cli.signal(signal);

            assertThat(cli.end().code()).isEqualTo(code);
            assertThat(Cli.left(session)).isEmpty();
        }
    }

    @Test
    void fatImageWhenBuiltFromContextRunsStepAndLacksNothing() throws IOException {
        Files.writeString(directory.resolve("Dockerfile"), "FROM busybox\n");

        Ended ended = Cli.run(
                "run", "--mode", "fatimage", "--context", directory.toString(), "--tool", "tar", "--", "echo", "hello");
        Ended lacking = Cli.run(
                "run", "--mode", "fatimage", "--context", directory.toString(), "--tool", "mvn", "--", "echo", "hello");

        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ended.out()).isEqualTo("hello\n");
        assertThat(lacking.code()).isEqualTo(125);
        assertThat(lacking.err()).contains("it lacks mvn. Install them in the image");
    }
}
