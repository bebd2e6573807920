package io.dockerworkflow.examples.benchmark.gateway;

import io.dockerworkflow.examples.benchmark.measure.Command;
import io.dockerworkflow.examples.benchmark.measure.Samples;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;

/**
 * Measures the docker CLI, from the start of its process to the end, while it moves much.
 *
 * @param peers the ways to the engine
 * @param rounds how often each is used, after once for nothing
 */
record BulkTransfers(List<Peer> peers, int rounds) {

    /** How long {@code docker save} takes, in milliseconds. */
    Map<Peer, Samples> save(String image) {
        return measure(peer -> Command.docker(peer.socket(), "save", image).milliseconds());
    }

    /** How long a build takes which does nothing but take its context, in milliseconds. */
    Map<Peer, Samples> build(BulkFixture fixture) {
        return measure(peer -> {
            Command build = Command.docker(
                    peer.socket(),
                    "build",
                    "--no-cache",
                    "-q",
                    fixture.context().toString());
            long begun = System.nanoTime();
            String image = build.run();
            double milliseconds = (System.nanoTime() - begun) / 1e6;
            Command.docker(peer.socket(), "rmi", image).run();
            return milliseconds;
        });
    }

    /** How long a build with BuildKit takes, for which the client sends the whole context again, in milliseconds. */
    Map<Peer, Samples> buildx(BulkFixture fixture) {
        return measure(peer -> {
            fixture.touchContext();
            Command build = Command.docker(
                    peer.socket(), "buildx", "build", "-q", fixture.context().toString(), "-f", fixture.dockerfile());
            long begun = System.nanoTime();
            String image = build.run();
            double milliseconds = (System.nanoTime() - begun) / 1e6;
            Command.docker(peer.socket(), "rmi", image).run();
            return milliseconds;
        });
    }

    private Map<Peer, Samples> measure(ToDoubleFunction<Peer> once) {
        Map<Peer, List<Double>> values = new LinkedHashMap<>();
        peers.forEach(peer -> values.put(peer, new ArrayList<>()));
        for (Peer peer : peers) {
            // For nothing: what is warm then is warm for all.
            double ignored = once.applyAsDouble(peer);
        }
        List<Peer> order = new ArrayList<>(peers);
        for (int round = 0; round < rounds; round++) {
            for (Peer peer : order) {
                Objects.requireNonNull(values.get(peer)).add(once.applyAsDouble(peer));
            }
            // Nobody is always the one after the same other, whose writes the disk may be busy with still.
            Collections.rotate(order, 1);
        }
        Map<Peer, Samples> samples = new LinkedHashMap<>();
        values.forEach((peer, each) -> samples.put(peer, new Samples(each)));
        return samples;
    }
}
