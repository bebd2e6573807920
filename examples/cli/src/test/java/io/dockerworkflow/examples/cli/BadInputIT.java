package io.dockerworkflow.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dockerworkflow.examples.cli.Cli.Ended;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the command line says to those who got something wrong. */
class BadInputIT {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"dood", "dind", "fatimage"})
    void engineWhenAbsentIsNamed(String mode) {
        Path socket = directory.resolve("docker.sock");

        Ended ended = Cli.run(
                Map.of("DOCKER_HOST", "unix://" + socket),
                "",
                "run",
                "--mode",
                mode,
                "--image",
                "busybox",
                "--",
                "true");

        assertThat(ended.code()).isEqualTo(125);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err())
                .startsWith("docker-workflow: Could not connect to the engine (unix://" + socket + "): ")
                .doesNotContain("Exception", "\tat ");
    }

    @Test
    void modeWhenUnknownIsNamedWithThoseThereAre() {
        Ended ended = Cli.run("exec", "--mode", "dnid", "--", "true");

        assertThat(ended.code()).isEqualTo(125);
        assertThat(ended.err())
                .isEqualTo("docker-workflow: Could not find a mode (\"dnid\"). Use one of: dind, dood, fatimage.\n");
    }

    @Test
    void traceWhenVerboseIsShown() {
        Ended ended = Cli.run("exec", "--verbose", "--mode", "dnid", "--", "true");

        assertThat(ended.code()).isEqualTo(125);
        assertThat(ended.err())
                .startsWith("io.dockerworkflow.UnknownModeException: ")
                .contains("\tat ");
    }

    @Test
    void modeWhenFatImageIsRefusedByExec() {
        Ended ended = Cli.run("exec", "--mode", "fatimage", "--", "true");

        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err())
                .startsWith(
                        "docker-workflow: Mode fatimage has no Docker that a command on this machine could use. Use mode dood or dind,"
                                + " or run a step in the image with `docker-workflow run --mode fatimage`\n");
    }

    @Test
    void optionWhenOfAnotherModeIsRefused() {
        Ended ended = Cli.run("exec", "--mode", "dood", "--seed", "busybox", "--", "true");

        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err()).startsWith("docker-workflow: --seed is for mode dind only, not for mode dood\n");
    }

    @Test
    void commandWhenMissingIsAskedFor() {
        Ended ended = Cli.run("exec", "--mode", "dood");

        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err()).startsWith("docker-workflow: Missing required parameter: 'COMMAND'\n");
    }

    @Test
    void programWhenItDoesNotExistIsNamed() {
        Ended ended = Cli.run("exec", "--mode", "dood", "--", "no-such-program");

        assertThat(ended.code()).isEqualTo(127);
        assertThat(ended.err()).contains("Could not start the command (no-such-program): ");
    }

    @Test
    void programWhenItIsNotExecutableIsNamed() {
        Ended ended = Cli.run("exec", "--mode", "dood", "--", directory.toString());

        assertThat(ended.code()).isEqualTo(126);
        assertThat(ended.err()).contains("Could not start the command (" + directory + "): ");
    }

    @Test
    void imageWhenNotGivenIsAskedFor() {
        Ended ended = Cli.run("run", "--mode", "dood", "--", "true");

        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err()).startsWith("docker-workflow: No image: name the step's image with --image\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"dood", "fatimage"})
    void imageWhenThereIsNoneIsNamed(String mode) {
        Ended ended = Cli.run("run", "--mode", mode, "--image", "127.0.0.1:1/no-such-image:1", "--", "true");

        assertThat(ended.code()).isEqualTo(125);
        assertThat(ended.err())
                .startsWith("docker-workflow: Could not find an image (127.0.0.1:1/no-such-image:1): ")
                .contains("Check its name");
    }

    @Test
    void workspaceWhenMissingIsNamed() {
        Path missing = directory.resolve("nowhere");

        Ended ended =
                Cli.run("run", "--mode", "dood", "--image", "busybox", "--workspace", missing.toString(), "--", "true");

        assertThat(ended.code()).isEqualTo(125);
        assertThat(ended.err()).startsWith("docker-workflow: Could not ").contains(missing.toString());
    }

    @Test
    void timeoutWhenNotATimeIsExplained() {
        Ended ended = Cli.run("run", "--mode", "dood", "--image", "busybox", "--timeout", "soon", "--", "true");

        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err()).startsWith("docker-workflow: --timeout is a time as 90s, 15m or 1h30m, not soon\n");
    }

    @Test
    void secretWhenItsFileIsMissingIsExplained() {
        Ended ended = Cli.run(
                "run",
                "--mode",
                "dood",
                "--image",
                "busybox",
                "--secret",
                "token=" + directory.resolve("no"),
                "--",
                "true");

        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err())
                .startsWith("docker-workflow: Cannot read the file of secret token: " + directory.resolve("no") + "\n");
    }
}
