package io.dockerworkflow.examples.benchmark.sessions;

import io.dockerworkflow.examples.benchmark.measure.Command;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** The docker CLI on the bare engine: {@code docker run -d}, one process for each container, and one {@code docker rm -fv}. */
final class CliFleet implements Fleet {
    private final Path engine;
    private final String prefix = "dw-bench-" + ProcessHandle.current().pid() + "-";

    CliFleet(Path engine) {
        this.engine = engine;
    }

    @Override
    public String name() {
        return "docker CLI";
    }

    @Override
    public void prepare() {
        for (int i = 0; i < NETWORKS; i++) {
            docker("network", "create", "--label", "dw-bench=1", prefix + "n" + i);
        }
        for (int i = 0; i < VOLUMES; i++) {
            docker("volume", "create", "--label", "dw-bench=1", prefix + "v" + i);
        }
    }

    @Override
    public double start() {
        return AtOnce.milliseconds(CONTAINERS, i -> {
            List<String> words = new ArrayList<>(List.of("run", "-d", "--label", "dw-bench=1"));
            words.addAll(List.of("--name", prefix + "c" + i));
            words.addAll(List.of("--network", prefix + "n" + i % NETWORKS));
            words.addAll(List.of("-v", prefix + "v" + i % VOLUMES + ":/data", IMAGE));
            words.addAll(Arrays.asList(Fleet.program()));
            docker(words.toArray(String[]::new));
        });
    }

    @Override
    public double stop() {
        List<String> words = new ArrayList<>(List.of("rm", "-fv"));
        IntStream.range(0, CONTAINERS).forEach(i -> words.add(prefix + "c" + i));
        double milliseconds =
                Command.docker(engine, words.toArray(String[]::new)).milliseconds();
        for (int i = 0; i < NETWORKS; i++) {
            docker("network", "rm", prefix + "n" + i);
        }
        for (int i = 0; i < VOLUMES; i++) {
            docker("volume", "rm", prefix + "v" + i);
        }
        return milliseconds;
    }

    private void docker(String... words) {
        Command.docker(engine, words).run();
    }
}
