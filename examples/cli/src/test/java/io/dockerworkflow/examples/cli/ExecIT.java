package io.dockerworkflow.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dockerworkflow.examples.cli.Cli.Ended;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code docker-workflow exec}, with the docker CLI as the client. */
class ExecIT {

    private static String[] arguments(String mode, String... command) {
        List<String> arguments = new ArrayList<>(List.of("exec", "--verbose", "--mode", mode));
        if (mode.equals("dind")) {
            arguments.addAll(List.of("--seed", "busybox"));
        }
        arguments.add("--");
        arguments.addAll(List.of(command));
        return arguments.toArray(String[]::new);
    }

    @ParameterizedTest
    @ValueSource(strings = {"dood", "dind"})
    void sessionsWhenOpenAtOnceEachHaveTheirOwnDb(String mode) {
        String script = "docker run -d --name db busybox sleep 600 >/dev/null && echo up && cat >/dev/null"
                + " && docker ps --format '{{.Names}}'";
        try (Cli one = Cli.start(Map.of(), arguments(mode, "sh", "-c", script));
                Cli other = Cli.start(Map.of(), arguments(mode, "sh", "-c", script))) {
            one.awaitOutput("up");
            other.awaitOutput("up");
            one.write("");
            other.write("");
            for (Cli cli : List.of(one, other)) {
                Ended ended = cli.end();
                assertThat(ended.code()).as(ended.err()).isZero();
                assertThat(ended.lines()).containsExactly("up", "db");
                assertThat(Cli.left(cli.session())).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"dood", "dind"})
    void inputWhenPipedReachesContainerAndEndsIt(String mode) {
        Ended ended = Cli.run(Map.of(), "hi\n", arguments(mode, "docker", "run", "-i", "--rm", "busybox", "cat"));

        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ended.out()).isEqualTo("hi\n");
    }

    @ParameterizedTest
    @CsvSource({"dood, INT, 130", "dood, TERM, 143", "dind, INT, 130", "dind, TERM, 143"})
    void signalWhenSentTearsDownAndExitsWithItsNumber(String mode, String signal, int code) throws Exception {
        String script = "docker run -d --name db busybox sleep 600 >/dev/null && echo up && sleep 600";
        try (Cli cli = Cli.start(Map.of(), arguments(mode, "sh", "-c", script))) {
            cli.awaitOutput("up");
            String session = cli.session();
            assertThat(Cli.left(session)).isNotEmpty();

            cli.signal(signal);

            Ended ended = cli.end();
            assertThat(ended.code()).as(ended.err()).isEqualTo(code);
            assertThat(Cli.left(session)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"dood", "dind"})
    void variablesWhenCallerSetsThemDoNotReachTheCommand(String mode) {
        Map<String, String> callers = Map.of(
                "DOCKER_HOST", "unix:///var/run/docker.sock",
                "DOCKER_CONTEXT", "elsewhere",
                "DOCKER_TLS_VERIFY", "1",
                "DOCKER_TLS", "1",
                "DOCKER_CERT_PATH", "/nowhere",
                "DOCKER_API_VERSION", "1.24");

        Ended ended = Cli.run(callers, "", arguments(mode, "sh", "-c", "env | grep ^DOCKER_; docker ps --quiet"));

        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ended.lines())
                .singleElement()
                .asString()
                .startsWith("DOCKER_HOST=unix:///")
                .doesNotContain("/var/run/");
    }

    @ParameterizedTest
    @CsvSource({"dood, exit 7, 7", "dood, kill -9 $$, 137", "dind, exit 7, 7"})
    void codeWhenCommandEndsIsPassedOn(String mode, String script, int code) {
        Ended ended = Cli.run(arguments(mode, "sh", "-c", script));

        assertThat(ended.code()).as(ended.err()).isEqualTo(code);
    }

    @Test
    void optionsWhenTheyBelongToTheCommandAreNotTaken() {
        Ended ended = Cli.run("exec", "--mode", "dood", "sh", "-c", "echo \"$@\"", "sh", "--mode", "x", "-v");

        assertThat(ended.out()).isEqualTo("--mode x -v\n");
    }

    @Test
    void policyWhenTrustedAllowsWhatGuardedForbids() {
        String[] hostsProcesses = {"--", "docker", "run", "--rm", "--pid=host", "busybox", "true"};

        Ended guarded = Cli.run(with(hostsProcesses, "exec", "--mode", "dood"));
        Ended trusted = Cli.run(with(hostsProcesses, "exec", "--mode", "dood", "--policy", "trusted"));

        assertThat(guarded.code()).isEqualTo(125);
        assertThat(guarded.err()).contains("pid");
        assertThat(trusted.code()).as(trusted.err()).isZero();
    }

    @Test
    void allowWhenItNamesTheRuleOfTheRefusalAllowsJustThat() {
        String[] hostsProcesses = {"--", "docker", "run", "--rm", "--pid=host", "busybox", "true"};

        Ended allowed = Cli.run(with(hostsProcesses, "exec", "--mode", "dood", "--allow", "host-namespaces=pid"));
        Ended other = Cli.run(with(hostsProcesses, "exec", "--mode", "dood", "--allow", "host-namespaces=net"));
        Ended none = Cli.run(with(hostsProcesses, "exec", "--mode", "dood", "--allow", "everything"));

        assertThat(allowed.code()).as(allowed.err()).isZero();
        assertThat(other.err()).contains("or --allow host-namespaces=pid");
        assertThat(none.code()).isEqualTo(2);
        assertThat(none.err()).contains("There is no rule \"everything\" to allow; there are privileged, ");
    }

    private static String[] with(String[] end, String... beginning) {
        return Stream.concat(Stream.of(beginning), Stream.of(end)).toArray(String[]::new);
    }

    @Test
    void rootlessWhenAskedForIsGranted() {
        Ended ended = Cli.run(
                "exec", "--mode", "dind", "--rootless", "--", "docker", "info", "--format", "{{.SecurityOptions}}");

        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ended.out()).contains("name=rootless");
    }

    @Test
    void privilegedWhenAskedForIsGranted() {
        Ended ended =
                Cli.run("exec", "--mode", "dind", "--privileged", "--", "docker", "info", "--format", "{{.Driver}}");

        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ended.out()).isEqualTo("overlay2\n");
    }
}
