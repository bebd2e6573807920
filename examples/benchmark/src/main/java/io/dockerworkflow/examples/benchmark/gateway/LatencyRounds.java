package io.dockerworkflow.examples.benchmark.gateway;

import io.dockerworkflow.examples.benchmark.measure.Samples;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Measures latency with JMH, one peer after the other and that again in each round.
 *
 * @param rounds how often
 * @param iterations how many seconds each peer is measured for in a round
 * @param warmUp how many requests each peer gets before, because a JVM compiles what is used often
 */
record LatencyRounds(int rounds, int iterations, int warmUp) {
    private static final double MIDDLE = 50;
    private static final int CONNECTIONS = 20;

    /** The median latency of each round in microseconds, by peer. */
    Map<Peer, Samples> microseconds(Map<Peer, String> targets) {
        targets.forEach(this::warm);
        Map<Peer, List<Double>> values = new LinkedHashMap<>();
        for (int round = 0; round < rounds; round++) {
            targets.forEach((peer, target) ->
                    values.computeIfAbsent(peer, any -> new ArrayList<>()).add(once(peer, target)));
        }
        Map<Peer, Samples> samples = new LinkedHashMap<>();
        values.forEach((peer, each) -> samples.put(peer, new Samples(each)));
        return samples;
    }

    /** Over many connections: a JVM compiles anew what it has compiled for a single one, once another is opened. */
    private void warm(Peer peer, String target) {
        try {
            for (int connection = 0; connection < CONNECTIONS; connection++) {
                warmOver(SocketChannel.open(UnixDomainSocketAddress.of(peer.socket())), target);
            }
        } catch (IOException e) {
            throw new IllegalStateException("Cannot get " + target + " from " + peer.name(), e);
        }
    }

    private void warmOver(SocketChannel channel, String target) throws IOException {
        try (KeepAliveClient client = new KeepAliveClient(channel, target)) {
            for (int i = 0; i < warmUp / CONNECTIONS; i++) {
                client.get();
            }
        }
    }

    private double once(Peer peer, String target) {
        Options options = new OptionsBuilder()
                .include(LatencyBenchmark.class.getName())
                .param("socket", peer.socket().toString())
                .param("target", target)
                .forks(1)
                .warmupIterations(1)
                .warmupTime(TimeValue.seconds(1))
                .measurementIterations(iterations)
                .measurementTime(TimeValue.seconds(1))
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT)
                .build();
        try {
            RunResult result = new Runner(options).runSingle();
            return result.getPrimaryResult().getStatistics().getPercentile(MIDDLE) / 1000;
        } catch (RunnerException e) {
            throw new IllegalStateException("JMH cannot measure " + peer.name() + " with " + target, e);
        }
    }
}
