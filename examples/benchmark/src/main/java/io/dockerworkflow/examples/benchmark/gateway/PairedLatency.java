package io.dockerworkflow.examples.benchmark.gateway;

import io.dockerworkflow.examples.benchmark.measure.ChildProgram;
import io.dockerworkflow.examples.benchmark.measure.Samples;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * One request to each way, in an order drawn by lot each time, thousands of times, from a JVM of its own: what else the machine does,
 * and what the way before has left in its caches, hits all alike, which it does not where each way is measured for seconds.
 */
final class PairedLatency {
    private PairedLatency() {}

    /** The median latency in microseconds, by peer. */
    static Map<Peer, Samples> microseconds(Path engine, Map<Peer, String> targets, int warmUp, int turns) {
        List<String> arguments = new ArrayList<>(List.of(String.valueOf(warmUp), String.valueOf(turns)));
        targets.forEach((peer, target) -> arguments.addAll(List.of(peer.socket().toString(), target)));
        try (ChildProgram child =
                ChildProgram.start(PairedLatency.class, engine, Map.of(), arguments.toArray(String[]::new))) {
            Map<Peer, Samples> medians = new LinkedHashMap<>();
            targets.keySet().forEach(peer -> medians.put(peer, Samples.of(Double.parseDouble(child.answer()))));
            return medians;
        }
    }

    /** Prints a median for each pair of a socket and a target that follows the numbers of turns. */
    public static void main(String[] arguments) throws IOException {
        int warmUp = Integer.parseInt(arguments[0]);
        int turns = Integer.parseInt(arguments[1]);
        List<KeepAliveClient> clients = new ArrayList<>();
        for (int i = 2; i < arguments.length; i += 2) {
            SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(arguments[i]));
            clients.add(new KeepAliveClient(channel, arguments[i + 1]));
        }
        List<Integer> order =
                new ArrayList<>(IntStream.range(0, clients.size()).boxed().toList());
        Random lots = new Random(1);
        double[][] times = new double[clients.size()][turns];
        for (int turn = -warmUp; turn < turns; turn++) {
            Collections.shuffle(order, lots);
            for (int i : order) {
                long begun = System.nanoTime();
                clients.get(i).get();
                if (turn >= 0) {
                    times[i][turn] = (System.nanoTime() - begun) / 1e3;
                }
            }
        }
        for (int i = 0; i < times.length; i++) {
            Arrays.sort(times[i]);
            System.out.println(times[i][turns / 2]);
            clients.get(i).close();
        }
    }
}
