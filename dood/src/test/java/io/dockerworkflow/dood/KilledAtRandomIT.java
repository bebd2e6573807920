package io.dockerworkflow.dood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.dockerjava.api.DockerClient;
import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.Sessions;
import io.dockerworkflow.spi.EngineConnection;
import io.dockerworkflow.spi.Labels;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes with an open session that are killed at random moments from its opening to its end. The moments come from a fixed
 * seed, and are in the test's report; {@code bin/bench faults} is the long version.
 */
class KilledAtRandomIT {
    private static final long SEED = 4;
    private static final Duration SOON = Duration.ofSeconds(30);

    private final Random random = new Random(SEED);
    private final String run = "run-" + Long.toHexString(System.nanoTime());
    private final Set<String> sessions = new TreeSet<>();
    private final Set<String> owners = new TreeSet<>();

    @TempDir
    private Path directory;

    private EngineConnection engine;

    @BeforeEach
    void connect() {
        engine = EngineConnection.open(SessionOptions.defaults());
    }

    @AfterEach
    void disconnect() {
        engine.close();
    }

    @Test
    void childrenWhenWatchedProcessIsKilledOnceAreGoneSoon(TestReporter reporter) throws Exception {
        killWithWatchdog(1, reporter);
    }

    @Tag("long")
    @Test
    void childrenWhenWatchedProcessIsKilledAtAnyMomentAreGoneSoon(TestReporter reporter) throws Exception {
        killWithWatchdog(4, reporter);
    }

    private void killWithWatchdog(int rounds, TestReporter reporter) throws Exception {
        long usual = undisturbed(true);
        for (int round = 1; round <= rounds; round++) {
            long moment = (long) (random.nextDouble() * usual);
            int made = kill(moment, true);
            reporter.publishEntry("seed " + SEED + ", round " + round, made + " things after " + moment + " ms");

            await().atMost(SOON).untilAsserted(() -> assertThat(left()).isEmpty());
        }
    }

    @Tag("long")
    @Test
    void childrenWhenUnwatchedProcessIsKilledAreGoneAfterTheNextSweep(TestReporter reporter) throws Exception {
        long usual = undisturbed(false);
        for (int round = 1; round <= 2; round++) {
            long moment = (long) (random.nextDouble() * usual);
            int made = kill(moment, false);
            reporter.publishEntry("seed " + SEED + ", round " + round, made + " things after " + moment + " ms");
        }
        // What a process leaves that dies between making its directory and saying whose it is, or while deleting it.
        Files.createDirectory(
                directory.resolve("dw-00000000"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        // A lifeline ends a moment after its owner; one that was not started yet stays for the sweep.
        await().atMost(SOON).until(() -> lifelines(false).isEmpty());

        try (var next = DoodWorkflow.create().open(SessionOptions.defaults().environment(environment()))) {
            assertThat(next.id().value()).isNotIn(sessions);
            await().atMost(SOON).untilAsserted(() -> assertThat(leftOnEngine()).isEmpty());
            await().atMost(SOON).untilAsserted(() -> assertThat(directories()).containsExactly("dw-" + next.id()));
        }
        assertThat(Sessions.list(SessionOptions.defaults()))
                .noneMatch(session -> sessions.contains(session.id().value()));
    }

    private Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.put("XDG_RUNTIME_DIR", directory.toString());
        return environment;
    }

    private long undisturbed(boolean watchdog) throws Exception {
        Process victim = start(watchdog);
        long begun = System.nanoTime();
        assertThat(victim.waitFor()).isZero();
        assertThat(left()).isEmpty();
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
    }

    /** Returns how many things there were at the moment of death. */
    private int kill(long moment, boolean watchdog) throws Exception {
        Process victim = start(watchdog);
        victim.waitFor(moment, TimeUnit.MILLISECONDS);
        int made = left().size();
        victim.destroyForcibly().waitFor();
        learn();
        return made;
    }

    /** Started when its main method is. */
    private Process start(boolean watchdog) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledAtRandomMain.class.getName(),
                        run,
                        Boolean.toString(watchdog))
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().putAll(environment());
        Process process = builder.start();
        BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
        assertThat(lines.readLine()).isEqualTo("begun");
        return process;
    }

    /** What the run's sessions have on the engine, and their directories. */
    private List<String> left() throws IOException {
        learn();
        List<String> left = leftOnEngine();
        left.addAll(directories());
        return left;
    }

    private List<String> leftOnEngine() {
        String label = KilledAtRandomMain.LABEL + "=" + run;
        DockerClient docker = engine.docker();
        List<String> left = new ArrayList<>(lifelines(true));
        docker.listContainersCmd()
                .withShowAll(true)
                .withLabelFilter(List.of(label))
                .exec()
                .forEach(each -> left.add("container " + each.getId()));
        docker.listNetworksCmd()
                .withFilter("label", List.of(label))
                .exec()
                .forEach(each -> left.add("network " + each.getName()));
        Stream.ofNullable(docker.listVolumesCmd().exec().getVolumes())
                .flatMap(List::stream)
                .filter(each -> isOurs(each.getName())
                        || each.getLabels() != null
                                && run.equals(each.getLabels().get(KilledAtRandomMain.LABEL)))
                .forEach(each -> left.add("volume " + each.getName()));
        docker.listImagesCmd().exec().stream()
                .flatMap(each -> Arrays.stream(Objects.requireNonNullElse(each.getRepoTags(), new String[0])))
                .filter(this::isOurs)
                .forEach(tag -> left.add("image " + tag));
        return left;
    }

    private List<String> lifelines(boolean evenIfNotRunning) {
        return engine
                .docker()
                .listContainersCmd()
                .withShowAll(evenIfNotRunning)
                .withLabelFilter(List.of(Labels.LIFELINE))
                .exec()
                .stream()
                .filter(each -> owners.contains(String.valueOf(each.getLabels().get(Labels.OWNER))))
                .map(each -> "lifeline " + each.getId())
                .toList();
    }

    private boolean isOurs(String name) {
        return sessions.stream().anyMatch(name::contains);
    }

    private List<String> directories() throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(directory)) {
            all.forEach(each -> names.add(each.getFileName().toString()));
        }
        return names;
    }

    /** The sessions' directories say which sessions there are, and whose. */
    private void learn() throws IOException {
        for (String name : directories()) {
            sessions.add(name.substring("dw-".length()));
            try {
                List<String> lines = Files.readAllLines(directory.resolve(name).resolve(".owner"));
                if (lines.size() == 2) {
                    owners.add(lines.get(1));
                }
            } catch (NoSuchFileException e) {
                continue; // not written yet, or deleted again
            }
        }
    }
}
