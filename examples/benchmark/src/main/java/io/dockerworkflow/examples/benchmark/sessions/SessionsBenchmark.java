package io.dockerworkflow.examples.benchmark.sessions;

import io.dockerworkflow.examples.benchmark.measure.Bound;
import io.dockerworkflow.examples.benchmark.measure.ChildProgram;
import io.dockerworkflow.examples.benchmark.measure.Command;
import io.dockerworkflow.examples.benchmark.measure.Figures;
import io.dockerworkflow.examples.benchmark.measure.Machine;
import io.dockerworkflow.examples.benchmark.measure.Report;
import io.dockerworkflow.examples.benchmark.measure.Samples;
import io.dockerworkflow.examples.benchmark.measure.Table;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.DoubleSupplier;

/** {@code bin/bench sessions}: what sessions cost from start to end, beside the docker CLI and Testcontainers. */
public final class SessionsBenchmark {
    /** The parts, which can be asked for one by one. */
    public static final Set<String> PARTS = Set.of("fleet", "cold");

    private final Path engine;
    private final int rounds;
    private final Report report;

    /** @param rounds how often each way is measured, after once for nothing */
    public SessionsBenchmark(Path engine, int rounds, Report report) {
        this.engine = engine;
        this.rounds = rounds;
        this.report = report;
    }

    /** Measures these parts. */
    public void run(Set<String> parts) {
        report.paragraph(Machine.description(engine) + ", load before: " + Figures.plain(Machine.load()));
        if (parts.contains("fleet")) {
            try (ChildProgram testcontainers =
                    ChildProgram.start(TestcontainersProgram.class, engine, TestcontainersProgram.ENVIRONMENT)) {
                fleets(List.of(
                        new CliFleet(engine), new SessionFleet(engine), new TestcontainersFleet(testcontainers)));
            }
        }
        if (parts.contains("cold")) {
            cold();
        }
    }

    private void fleets(List<Fleet> fleets) {
        Map<String, List<Double>> starts = new LinkedHashMap<>();
        Map<String, List<Double>> stops = new LinkedHashMap<>();
        for (int round = 0; round <= rounds; round++) {
            for (Fleet fleet : turned(fleets, round)) {
                report.progress("round " + round + " of " + rounds + ": " + fleet.name());
                fleet.prepare();
                double start = fleet.start();
                double stop = fleet.stop();
                if (round > 0) {
                    starts.computeIfAbsent(fleet.name(), any -> new ArrayList<>())
                            .add(start);
                    stops.computeIfAbsent(fleet.name(), any -> new ArrayList<>())
                            .add(stop);
                }
            }
        }
        String reference = fleets.get(0).name();
        report.section(
                "Closing " + Fleet.CONTAINERS + " running containers",
                Fleet.NETWORKS + " networks and " + Fleet.VOLUMES + " volumes between them. The session's time includes"
                        + " their removal and the proof that nothing is left; the docker CLI's is that of one docker rm -fv of"
                        + " the containers, Testcontainers' that of stopping the containers one after the other."
                        + method(),
                table("docker rm -fv", reference, stops, Bound.ratio(1.1)));
        report.section(
                "Starting " + Fleet.CONTAINERS + " containers at once",
                "The session's through its docker() client; the docker CLI's are as many docker run -d at once."
                        + method(),
                table("docker run -d", reference, starts, Bound.ratio(1.1)));
    }

    private void cold() {
        Map<String, DoubleSupplier> ways = new LinkedHashMap<>();
        ways.put(
                "Testcontainers", () -> cold(FirstContainer.InTestcontainers.class, TestcontainersProgram.ENVIRONMENT));
        ways.put("session, step", () -> cold(FirstContainer.AsStep.class, Map.of()));
        ways.put("session, docker()", () -> cold(FirstContainer.InSession.class, Map.of()));
        ways.put("docker CLI", this::coldCli);
        Map<String, List<Double>> times = new LinkedHashMap<>();
        ways.keySet().forEach(way -> times.put(way, new ArrayList<>()));
        for (int round = 0; round <= rounds; round++) {
            report.progress("round " + round + " of " + rounds + ": first containers");
            for (String way : turned(List.copyOf(ways.keySet()), round)) {
                double time = Objects.requireNonNull(ways.get(way)).getAsDouble();
                if (round > 0) {
                    Objects.requireNonNull(times.get(way)).add(time);
                }
            }
        }
        report.section(
                "First container running",
                "From the start of the process: a JVM's main method that opens a session and runs a step or uses its docker(),"
                        + " or uses Testcontainers (Ryuk off, which makes it faster), until its container runs; docker run -d from its start to its end. The bound is Testcontainers' time, the goal"
                        + " half of it."
                        + method(),
                table("Testcontainers", "Testcontainers", times, Bound.ratio(1)));
    }

    private double cold(Class<?> program, Map<String, String> environment) {
        long begun = System.nanoTime();
        try (ChildProgram child = ChildProgram.start(program, engine, environment)) {
            child.answer();
            return (System.nanoTime() - begun) / 1e6;
        }
    }

    private double coldCli() {
        String name = "dw-bench-" + ProcessHandle.current().pid() + "-first";
        List<String> words = new ArrayList<>(List.of("run", "-d", "--name", name, Fleet.IMAGE));
        Collections.addAll(words, Fleet.program());
        double milliseconds =
                Command.docker(engine, words.toArray(String[]::new)).milliseconds();
        Command.docker(engine, "rm", "-fv", name).run();
        return milliseconds;
    }

    private String method() {
        return " Median of " + rounds
                + " rounds (least to greatest) after one for nothing; ratios are taken within each" + " round.";
    }

    private static Table table(String than, String reference, Map<String, List<Double>> times, Bound bound) {
        Table table = new Table("way", "time", "to " + than, "bound");
        Samples base = new Samples(Objects.requireNonNull(times.get(reference)));
        times.forEach((way, values) -> {
            Samples samples = new Samples(values);
            Samples ratio = samples.per(base);
            table.row(
                    way,
                    Figures.spread(samples, " ms"),
                    way.equals(reference) ? "" : Figures.spread(ratio, "x"),
                    way.startsWith("session") ? bound.judge(ratio.median()) : "");
        });
        return table;
    }

    /** The same, beginning with another one, so that nobody is always the one after the same other. */
    private static <T> List<T> turned(List<T> all, int round) {
        List<T> turned = new ArrayList<>(all);
        Collections.rotate(turned, round);
        return turned;
    }
}
