package io.dockerworkflow.examples.benchmark.faults;

import io.dockerworkflow.examples.benchmark.measure.Figures;
import io.dockerworkflow.examples.benchmark.measure.Machine;
import io.dockerworkflow.examples.benchmark.measure.Report;
import io.dockerworkflow.examples.benchmark.measure.Table;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** {@code bin/bench faults}: processes with open sessions, killed at random moments, and what is left of them. */
public final class FaultsBenchmark {
    /** The modes, which can be asked for one by one. */
    public static final Set<String> PARTS = Set.of("dood", "dind", "fatimage");

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
        try (EngineContents contents = new EngineContents(engine, directory)) {
            for (String mode : modes.stream().sorted().toList()) {
                for (boolean watchdog : new boolean[] {true, false}) {
                    leaks += rounds(mode, watchdog, contents, table);
                }
            }
        }
        report.section(
                "Killed at a random moment",
                "Each round starts a JVM that opens a session, makes what the mode can (containers, networks, volumes,"
                        + " tags and a build by the classic builder with the docker CLI, docker-java and a step), and closes the session; it is killed with"
                        + " SIGKILL at a moment between its start and its usual end (seed " + seed
                        + "). With the watchdog, the time is from the kill until the engine and the directory of sockets"
                        + " hold exactly what they held before, and still do a second later. Without it, from the next"
                        + " open of a session. A leak is anything left after 60 s.",
                table);
        return leaks == 0;
    }

    private int rounds(String mode, boolean watchdog, EngineContents contents, Table table) {
        FaultRound round = new FaultRound(engine, directory, mode, watchdog, contents);
        long usual = round.undisturbed();
        Random random = new Random(seed);
        List<Double> cleanups = new ArrayList<>();
        int killed = 0;
        int leaks = 0;
        Set<String> before = contents.things();
        for (int number = 1; number <= rounds; number++) {
            long moment = (long) (random.nextDouble() * usual);
            FaultRound.Result result = round.killed(moment, before);
            // A machine that is busy with other things makes "usual" a guess.
            usual = Math.min(usual, result.ended());
            String outcome = "ended by itself before";
            if (result.ended() == Long.MAX_VALUE) {
                killed++;
                outcome = "nothing to remove";
            }
            if (result.made() > 0) {
                cleanups.add(result.cleanup());
                outcome = result.made() + " things gone after " + Math.round(result.cleanup()) + " ms";
            }
            if (!result.leaked().isEmpty()) {
                leaks++;
                outcome = "LEAK: " + result.leaked();
                before = contents.things();
            }
            report.progress(mode + (watchdog ? ", watchdog" : ", next open") + ", round " + number + " of " + rounds
                    + ", killed after " + moment + " ms: " + outcome);
        }
        Collections.sort(cleanups);
        table.row(
                mode,
                watchdog ? "yes" : "no, next open",
                Integer.toString(killed),
                Integer.toString(cleanups.size()),
                Integer.toString(leaks),
                cleanups.isEmpty() ? "" : Math.round(cleanups.get(cleanups.size() / 2)) + " ms",
                cleanups.isEmpty() ? "" : Math.round(cleanups.get(cleanups.size() - 1)) + " ms");
        return leaks;
    }
}
