package io.dockerworkflow.internal.owner;

import static io.dockerworkflow.testsupport.Docker.docker;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dockerworkflow.Mode;
import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.internal.children.Labels;
import io.dockerworkflow.internal.children.UnfinishedStep;
import io.dockerworkflow.internal.session.SessionScope;
import io.dockerworkflow.testsupport.VictimMain;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is left on a real engine when a process with an open session dies. */
class WatchdogIT {
    private static final Duration SOON = Duration.ofSeconds(20);

    private final List<Process> processes = new ArrayList<>();

    @AfterEach
    void endProcesses() {
        processes.forEach(Process::destroyForcibly);
    }

    @Test
    void childrenWhenProcessIsKilledAreGoneSoonAfter() throws Exception {
        Process victim = victim("true", "wait");
        String session = session(victim);
        ProcessHandle watchdog = watchdog(victim);
        assertThat(left(session)).hasSize(6);

        victim.destroyForcibly().waitFor();

        await().atMost(SOON).until(() -> left(session).isEmpty());
        await().atMost(SOON).until(() -> !watchdog.isAlive());
    }

    @ParameterizedTest
    @ValueSource(strings = {"exit", "halt", "memory"})
    void childrenWhenProcessEndsByItselfAreGoneSoonAfter(String how) throws Exception {
        Process victim = victim("true", how);
        String session = session(victim);

        assertThat(victim.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(victim.exitValue()).isNotZero();

        await().atMost(SOON).until(() -> left(session).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT", "HUP"})
    void childrenWhenProcessGroupIsSignalledAreGoneSoonAfter(String signal) throws Exception {
        Process victim = victim("true", "wait");
        String session = session(victim);

        // The shell's own kill: that of procps 4.0.2 takes "-TERM -1234" for process -1, which is every process there
        // is.
        new ProcessBuilder("/bin/sh", "-c", "kill -s " + signal + " -- -" + victim.pid())
                .inheritIO()
                .start()
                .waitFor();
        assertThat(victim.waitFor(20, TimeUnit.SECONDS)).isTrue();

        await().atMost(SOON).until(() -> left(session).isEmpty());
    }

    @Test
    void childrenOfOthersWhenOneProcessIsKilledLive() throws Exception {
        Process victim = victim("true", "wait");
        Process survivor = victim("true", "wait");
        String dead = session(victim);
        String alive = session(survivor);

        victim.destroyForcibly().waitFor();
        await().atMost(SOON).until(() -> left(dead).isEmpty());

        assertThat(left(alive)).hasSize(6);
        survivor.destroyForcibly().waitFor();
        await().atMost(SOON).until(() -> left(alive).isEmpty());
    }

    @Test
    void watchdogWhileItWaitsIsSmall() throws Exception {
        Process victim = victim("true", "wait");
        String session = session(victim);
        ProcessHandle watchdog = watchdog(victim);

        long kilobytes;
        try (Stream<String> status = Files.lines(Path.of("/proc/" + watchdog.pid() + "/status"))) {
            kilobytes = status.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElseThrow();
        }
        victim.destroyForcibly().waitFor();
        await().atMost(SOON).until(() -> left(session).isEmpty());

        assertThat(kilobytes).isLessThan(8 * 1024);
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "false"})
    void stepOfABuildWhenProcessIsKilledIsGoneSoonAfter(String watchdog) throws Exception {
        Process victim = victim(watchdog, "wait");
        String session = session(victim);
        String container = docker("create", "busybox", "true").get(0);
        String image = docker("commit", container).get(0);
        docker("rm", container);
        String base = docker("inspect", "--format", "{{.Parent}}", image).get(0);
        new UnfinishedStep(base.substring("sha256:".length()), true, Optional.of(container), Instant.now())
                .note(Path.of(System.getProperty("java.io.tmpdir"), "dw-" + session), "1");

        victim.destroyForcibly().waitFor();

        // Without a watchdog, the next session's sweep does it.
        SessionScope next =
                SessionScope.open(Mode.DOOD, SessionOptions.defaults().watchdog(false));
        try {
            await().atMost(SOON).until(() -> left(session).isEmpty());
            await().atMost(SOON)
                    .until(() -> !docker("images", "-aq", "--no-trunc").contains(image));
        } finally {
            next.close();
        }
        assertThat(docker("images", "-q", "--no-trunc", "busybox")).isNotEmpty();
    }

    private Process victim(String watchdog, String how) throws IOException {
        // In a process group of its own, which setsid makes, so that a signal to the group does not reach the tests.
        Process process = new ProcessBuilder(
                        "setsid",
                        // Background jobs of a shell, as some CI runs us, have interrupts ignored, and so would their
                        // children.
                        "env",
                        "--default-signal=INT,TERM,HUP",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        VictimMain.class.getName(),
                        watchdog,
                        how)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        processes.add(process);
        return process;
    }

    private static ProcessHandle watchdog(Process victim) {
        return victim.children()
                .filter(child -> child.info().commandLine().orElse("").contains("docker-workflow-watchdog"))
                .findFirst()
                .orElseThrow();
    }

    private static String session(Process victim) throws IOException {
        BufferedReader output =
                new BufferedReader(new InputStreamReader(victim.getInputStream(), StandardCharsets.UTF_8));
        String id = output.readLine();
        assertThat(id).isNotNull().matches("[0-9a-f]{8}");
        return id;
    }

    /** Children by label or name, and the session's directory. */
    private static List<String> left(String session) {
        String label = "label=" + Labels.SESSION + "=" + session;
        List<String> left = new ArrayList<>(docker("ps", "-aq", "--filter", label));
        left.addAll(docker("network", "ls", "-q", "--filter", label));
        left.addAll(docker("volume", "ls", "-q", "--filter", "name=dw-" + session));
        File directory = new File(System.getProperty("java.io.tmpdir"), "dw-" + session);
        if (directory.exists()) {
            left.add(directory.toString());
        }
        return left;
    }
}
