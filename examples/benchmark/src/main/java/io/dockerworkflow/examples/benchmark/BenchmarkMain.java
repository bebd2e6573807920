package io.dockerworkflow.examples.benchmark;

import io.dockerworkflow.examples.benchmark.faults.FaultsBenchmark;
import io.dockerworkflow.examples.benchmark.faults.SoakBenchmark;
import io.dockerworkflow.examples.benchmark.gateway.GatewayBenchmark;
import io.dockerworkflow.examples.benchmark.gateway.GatewaySizes;
import io.dockerworkflow.examples.benchmark.measure.Report;
import io.dockerworkflow.examples.benchmark.sessions.SessionsBenchmark;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code bin/bench}: measures, and prints tables. */
public final class BenchmarkMain {
    private static final String USAGE = """
            usage: bin/bench gateway [--quick] [--rounds=N] [latency] [turns] [bulk] [streams] [heap]
                   bin/bench sessions [--quick] [--rounds=N] [fleet] [cold]
                   bin/bench faults [--quick] [--rounds=N] [dood] [dind] [fatimage]
                   bin/bench soak [--quick]

            Prints Markdown tables of what the library costs beside the bare engine and other programs,
            measured in turns in one run. With --quick, too little to draw conclusions from.
            Nobody else may use the engine of "faults" and "soak" meanwhile. They end with exit code 1 if anything
            stays on it.
            Parts named after the program are measured alone. The engine is the one at DOCKER_HOST, which
            has to be a Unix socket, or else at /var/run/docker.sock.
            """;

    private static final int ROUNDS = 5;
    private static final int QUICK_ROUNDS = 1;
    private static final int FAULTS = 34;
    private static final int QUICK_FAULTS = 3;
    private static final long SEED = 4;
    private static final int SOAK = 1_000;
    private static final int QUICK_SOAK = 50;

    private BenchmarkMain() {}

    /** Ends with exit code 0, also if a bound is missed: a benchmark is no test. 1: something was left. 2: wrong usage. */
    public static void main(String[] arguments) throws IOException {
        Set<String> words = new LinkedHashSet<>(List.of(arguments));
        boolean quick = words.remove("--quick");
        Optional<Integer> rounds = words.stream()
                .filter(word -> word.matches("--rounds=[1-9][0-9]{0,2}"))
                .findFirst()
                .map(word -> Integer.valueOf(word.substring("--rounds=".length())));
        words.removeIf(word -> word.startsWith("--rounds="));
        String program = words.isEmpty() ? "" : words.iterator().next();
        words.remove(program);
        // Somebody else's JMH on this machine is no reason to fail: rounds are compared with each other.
        System.setProperty("jmh.ignoreLock", "true");
        Path directory = Files.createTempDirectory("dw-bench-");
        try {
            GatewaySizes sizes = quick ? GatewaySizes.QUICK : GatewaySizes.FULL;
            Report report = new Report(System.out, System.err);
            switch (program) {
                case "gateway" ->
                    new GatewayBenchmark(engine(), rounds.map(sizes::withRounds).orElse(sizes), report)
                            .run(parts(words, GatewayBenchmark.PARTS), directory);
                case "sessions" ->
                    new SessionsBenchmark(engine(), rounds.orElse(quick ? QUICK_ROUNDS : ROUNDS), report)
                            .run(parts(words, SessionsBenchmark.PARTS));
                case "faults" -> {
                    if (!new FaultsBenchmark(
                                    engine(), directory, rounds.orElse(quick ? QUICK_FAULTS : FAULTS), SEED, report)
                            .run(parts(words, FaultsBenchmark.PARTS))) {
                        System.exit(1);
                    }
                }
                case "soak" -> {
                    if (!new SoakBenchmark(engine(), directory, quick ? QUICK_SOAK : SOAK, report).run()) {
                        System.exit(1);
                    }
                }
                default -> usage();
            }
        } finally {
            delete(directory);
        }
    }

    private static Set<String> parts(Set<String> asked, Set<String> known) {
        if (!known.containsAll(asked)) {
            usage();
        }
        return asked.isEmpty() ? known : asked;
    }

    private static Path engine() {
        String host = System.getenv().getOrDefault("DOCKER_HOST", "unix:///var/run/docker.sock");
        if (!host.startsWith("unix://")) {
            System.err.println(
                    "bench: DOCKER_HOST is " + host + ", but proxies are put in front of a Unix socket only");
            System.exit(2);
        }
        return Path.of(host.substring("unix://".length()));
    }

    private static void usage() {
        System.err.print(USAGE);
        System.exit(2);
    }

    private static void delete(Path directory) throws IOException {
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, java.io.IOException failure) throws IOException {
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
