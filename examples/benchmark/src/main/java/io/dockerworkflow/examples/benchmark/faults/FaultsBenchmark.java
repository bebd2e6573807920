package io.dockerworkflow.examples.benchmark.faults;

import io.dockerworkflow.DockerWorkflows;
import io.dockerworkflow.Endpoint;
import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.UnknownModeException;
import io.dockerworkflow.WorkflowSession;
import io.dockerworkflow.examples.benchmark.measure.Figures;
import io.dockerworkflow.examples.benchmark.measure.Machine;
import io.dockerworkflow.examples.benchmark.measure.Report;
import io.dockerworkflow.examples.benchmark.measure.Table;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** {@code bin/bench faults}: processes with open sessions, killed at random moments, and what is left of them. */
public final class FaultsBenchmark {
    /** The modes, which can be asked for one by one. */
    public static final Set<String> PARTS = Set.of("dood", "dind", "fatimage");

    private static final long LIMIT_MILLIS = 60_000;
    private static final long POLL_MILLIS = 20;

    private final Path engine;
    private final Path directory;
    private final int rounds;
    private final long seed;
    private final Report report;

    /**
     * @param engine an engine that nobody else uses meanwhile
     * @param directory an empty directory with a short path, for the sessions' directories
     * @param rounds how many processes are killed in each mode, with a watchdog and without
     * @param seed what the moments are made from
     */
    public FaultsBenchmark(Path engine, Path directory, int rounds, long seed, Report report) {
        this.engine = engine;
        this.directory = directory;
        this.rounds = rounds;
        this.seed = seed;
        this.report = report;
    }

    /** Kills, and reports; true if nothing was left in any round. */
    public boolean run(Set<String> modes) {
        report.paragraph(Machine.description(engine) + ", load before: " + Figures.plain(Machine.load()));
        Table table = new Table(
                "mode",
                "watchdog",
                "killed",
                "of these with something to remove",
                "leaks",
                "cleanup, median",
                "slowest");
        int leaks = 0;
        for (String mode : modes.stream().sorted().toList()) {
            if (!isThere(mode)) {
                report.progress("no mode " + mode + " on the class path");
                continue;
            }
            for (boolean watchdog : new boolean[] {true, false}) {
                leaks += rounds(mode, watchdog, table);
            }
        }
        report.section(
                "Killed at a random moment",
                "Each round starts a JVM that opens a session, makes containers, networks, volumes and tags with the docker"
                        + " CLI, docker-java and a step, and closes the session; it is killed with SIGKILL at a moment"
                        + " between its start and its usual end (seed " + seed
                        + "). With the watchdog, the time is from the"
                        + " kill until the engine and the directory of sockets hold exactly what they held before."
                        + " Without it, from the next open of a session. A leak is anything left after "
                        + LIMIT_MILLIS / 1000 + " s.",
                table);
        return leaks == 0;
    }

    private EngineState state() {
        return EngineState.of(engine, directory);
    }

    private static boolean isThere(String mode) {
        try {
            return DockerWorkflows.named(mode).mode().id().equals(mode);
        } catch (UnknownModeException e) {
            return false;
        }
    }

    private int rounds(String mode, boolean watchdog, Table table) {
        long usual = undisturbed(mode, watchdog);
        Random random = new Random(seed);
        List<Double> cleanups = new ArrayList<>();
        int leaks = 0;
        for (int round = 1; round <= rounds; round++) {
            long moment = (long) (random.nextDouble() * usual);
            EngineState before = state();
            // A machine that is busy with other things makes "usual" a guess.
            usual = Math.min(usual, kill(mode, watchdog, moment));
            long begun = System.nanoTime();
            Set<String> left = state().since(before);
            String outcome = "nothing to remove";
            if (!left.isEmpty()) {
                boolean clean = watchdog ? awaitClean(before) : cleanByNextOpen(before, left);
                double millis = (System.nanoTime() - begun) / 1e6;
                cleanups.add(millis);
                outcome = left.size() + " things gone after " + Math.round(millis) + " ms";
                if (!clean) {
                    leaks++;
                    outcome = "LEAK: " + state().since(before);
                }
            }
            report.progress(mode + (watchdog ? ", watchdog" : ", next open") + ", round " + round + " of " + rounds
                    + ", killed after " + moment + " ms: " + outcome);
        }
        Collections.sort(cleanups);
        table.row(
                mode,
                watchdog ? "yes" : "no, next open",
                Integer.toString(rounds),
                Integer.toString(cleanups.size()),
                Integer.toString(leaks),
                cleanups.isEmpty() ? "" : Math.round(cleanups.get(cleanups.size() / 2)) + " ms",
                cleanups.isEmpty() ? "" : Math.round(cleanups.get(cleanups.size() - 1)) + " ms");
        return leaks;
    }

    /** How long a session of that mode takes when nobody kills it. */
    private long undisturbed(String mode, boolean watchdog) {
        Process victim = start(mode, watchdog);
        long begun = System.nanoTime();
        try {
            if (victim.waitFor() != 0) {
                throw new IllegalStateException("A session in mode " + mode + " fails even when nobody kills it");
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
    }

    /** Returns after how long the session ended by itself, if it did before that moment. */
    private long kill(String mode, boolean watchdog, long moment) {
        Process victim = start(mode, watchdog);
        long begun = System.nanoTime();
        try {
            if (victim.waitFor(moment, TimeUnit.MILLISECONDS)) {
                return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
            }
            victim.destroyForcibly().waitFor();
            return Long.MAX_VALUE;
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** Started when its main method is. */
    private Process start(String mode, boolean watchdog) {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Victim.class.getName(),
                        mode,
                        Boolean.toString(watchdog))
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("DOCKER_HOST", "unix://" + engine);
        builder.environment().put("XDG_RUNTIME_DIR", directory.toString());
        try {
            Process process = builder.start();
            BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
            if (!"begun".equals(lines.readLine())) {
                throw new IllegalStateException("A JVM with a session does not start");
            }
            return process;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean cleanByNextOpen(EngineState before, Set<String> left) {
        SessionOptions options = SessionOptions.defaults()
                .engine(new Endpoint.UnixSocket(engine))
                .environment(Map.of("XDG_RUNTIME_DIR", directory.toString()))
                .watchdog(false);
        try (WorkflowSession next = DockerWorkflows.named("dood").open(options)) {
            report.progress("session " + next.id() + " is open");
            // The lifelines' image is this session's, too, as long as it is open.
            Set<String> others = new LinkedHashSet<>(left);
            others.removeIf(thing -> thing.contains(" dw-lifeline:"));
            awaitUntil(() -> Collections.disjoint(state().things(), others));
        }
        return awaitClean(before);
    }

    private boolean awaitClean(EngineState before) {
        return awaitUntil(() -> state().since(before).isEmpty());
    }

    private static boolean awaitUntil(BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LIMIT_MILLIS);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                return false;
            }
            try {
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
        }
        return true;
    }

    private static IllegalStateException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IllegalStateException("Interrupted", e);
    }
}
