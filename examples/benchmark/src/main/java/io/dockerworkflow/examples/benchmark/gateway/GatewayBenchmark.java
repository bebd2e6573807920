package io.dockerworkflow.examples.benchmark.gateway;

import io.dockerworkflow.examples.benchmark.measure.Bound;
import io.dockerworkflow.examples.benchmark.measure.Command;
import io.dockerworkflow.examples.benchmark.measure.Figures;
import io.dockerworkflow.examples.benchmark.measure.Machine;
import io.dockerworkflow.examples.benchmark.measure.Report;
import io.dockerworkflow.examples.benchmark.measure.Samples;
import io.dockerworkflow.examples.benchmark.measure.Table;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

/** {@code bin/bench gateway}: what the session's endpoint costs, beside the bare engine, HAProxy and socat. */
public final class GatewayBenchmark {
    /** The parts, which can be asked for one by one. */
    public static final Set<String> PARTS = Set.of("latency", "turns", "bulk", "streams", "heap");

    private static final int CONTAINERS = 3;

    private final Path engine;
    private final GatewaySizes sizes;
    private final Report report;

    public GatewayBenchmark(Path engine, GatewaySizes sizes, Report report) {
        this.engine = engine;
        this.sizes = sizes;
        this.report = report;
    }

    /** Measures these parts; processes and files go to that directory. */
    public void run(Set<String> parts, Path directory) throws IOException {
        report.paragraph(Machine.description(engine) + ", load before: " + Figures.plain(Machine.load()));
        try (Peers peers = Peers.open(engine, directory)) {
            if (parts.contains("turns")) {
                // First of all: the gateway is in this JVM, and whatever passes it has it compiled.
                turns(peers, 0, "Added latency, in turns: a young JVM");
            }
            if (parts.contains("latency")) {
                latency(
                        peers,
                        new LatencyRounds(sizes.rounds(), sizes.seconds(), sizes.warmUp())::microseconds,
                        "Added latency",
                        "JMH, one request after the other over a connection that stays open, median of "
                                + sizes.rounds() + " rounds (least to greatest), after " + sizes.warmUp()
                                + " requests for nothing; \"added\" is to the bare engine in the same round.");
            }
            if (parts.contains("turns")) {
                turns(peers, sizes.warmUp(), "Added latency, in turns: compiled");
            }
            if (parts.contains("bulk")) {
                bulk(peers, directory);
            }
            if (parts.contains("streams")) {
                streams(peers);
            }
        }
        if (parts.contains("heap")) {
            heap();
        }
    }

    private void turns(Peers peers, int warmUp, String title) {
        latency(
                peers,
                targets -> PairedLatency.microseconds(engine, targets, warmUp, sizes.turns()),
                title,
                "One request to each way, in an order drawn by lot each time, over connections that stay open, "
                        + sizes.turns() + " times after " + warmUp
                        + " for nothing: what else the machine does hits all ways alike.");
    }

    private void latency(
            Peers peers, Function<Map<Peer, String>, Map<Peer, Samples>> measure, String title, String method) {
        Table table = new Table("request", "way", "p50", "added", "bound: HAProxy's");
        String filter = URLEncoder.encode("{\"label\":[\"" + peers.session().label() + "\"]}", StandardCharsets.UTF_8);
        latency(peers, measure, table, "/_ping", "/_ping", "/_ping");
        latency(
                peers,
                measure,
                table,
                "/containers/json, none",
                "/containers/json?filters=" + filter,
                "/containers/json");
        for (int i = 0; i < CONTAINERS; i++) {
            docker(peers.gateway(), "run", "-d", "--init", "--name", "c" + i, "busybox", "sleep", "3600");
        }
        String some = "/containers/json, " + CONTAINERS;
        latency(peers, measure, table, some, "/containers/json?filters=" + filter, "/containers/json");
        // No engine knows the parameter; to the gateway it makes two questions of one.
        latency(
                peers,
                measure,
                table,
                some + ", never the last one again",
                "/containers/json?turn=1&filters=" + filter + " /containers/json?turn=2&filters=" + filter,
                "/containers/json?turn=1 /containers/json?turn=2");
        for (int i = 0; i < CONTAINERS; i++) {
            docker(peers.gateway(), "rm", "-f", "c" + i);
        }
        report.section(
                title,
                method
                        + " The bare engine and HAProxy are asked for the session's containers by its label, so that all list the"
                        + " same.",
                table);
    }

    private void latency(
            Peers peers,
            Function<Map<Peer, String>, Map<Peer, Samples>> measure,
            Table table,
            String what,
            String direct,
            String inSession) {
        report.progress("latency of " + what);
        Map<Peer, String> targets = new LinkedHashMap<>();
        for (Peer peer : List.of(peers.bare(), peers.haproxy(), peers.gateway())) {
            targets.put(peer, peer.equals(peers.gateway()) ? inSession : direct);
        }
        Map<Peer, Samples> p50 = measure.apply(targets);
        Samples bare = Objects.requireNonNull(p50.get(peers.bare()));
        double haproxy =
                Objects.requireNonNull(p50.get(peers.haproxy())).less(bare).median();
        p50.forEach((peer, samples) -> {
            Samples added = samples.less(bare);
            boolean judged = peer.equals(peers.gateway());
            table.row(
                    what,
                    peer.name(),
                    Figures.spread(samples, " us"),
                    peer.equals(peers.bare()) ? "" : Figures.spread(added, " us"),
                    judged ? new Bound(haproxy, " us").judge(added.median()) : "");
        });
    }

    private void bulk(Peers peers, Path directory) {
        report.progress("making an image of " + sizes.imageMegabytes() + " MB");
        try (BulkFixture fixture =
                BulkFixture.make(engine, directory, sizes.imageMegabytes(), sizes.contextMegabytes())) {
            BulkTransfers transfers = new BulkTransfers(peers.all(), sizes.rounds());
            Table table = new Table("command", "way", "time", "to the bare engine's", "bound");
            report.progress("docker save");
            bulk(peers, table, "docker save, " + sizes.imageMegabytes() + " MB", transfers.save(fixture.image()));
            report.progress("docker build");
            bulk(peers, table, "docker build, " + sizes.contextMegabytes() + " MB", transfers.build(fixture));
            report.progress("docker buildx build");
            bulk(peers, table, "docker buildx build, " + sizes.contextMegabytes() + " MB", transfers.buildx(fixture));
            report.section(
                    "Bulk transfers",
                    "Whole runs of the docker CLI, median of " + sizes.rounds()
                            + " rounds (least to greatest); ratios are"
                            + " taken within each round. The classic builder (docker build) takes the"
                            + " context and builds nothing of it; BuildKit fetches it and finds the rest in its cache.",
                    table);
        }
    }

    private void bulk(Peers peers, Table table, String what, Map<Peer, Samples> milliseconds) {
        Samples bare = Objects.requireNonNull(milliseconds.get(peers.bare()));
        milliseconds.forEach((peer, samples) -> {
            Samples ratio = samples.per(bare);
            table.row(
                    what,
                    peer.name(),
                    Figures.spread(samples, " ms"),
                    Figures.spread(ratio, "x"),
                    peer.equals(peers.gateway()) ? Bound.ratio(1.1).judge(ratio.median()) : "");
        });
    }

    private void streams(Peers peers) throws IOException {
        Table table = new Table("way", "streams", "opened in", "line at the last after", "the gateway's threads");
        for (Peer peer : peers.all()) {
            report.progress(sizes.streams() + " streams through " + peer.name());
            String container = docker(
                    peers.gateway(), "run", "-d", "--name", "followed", "busybox", "sh", "-c", FollowStreams.PROGRAM);
            long begun = System.nanoTime();
            try (FollowStreams streams = FollowStreams.open(peer.socket(), container, sizes.streams())) {
                double opened = (System.nanoTime() - begun) / 1e6;
                double line = streams.lineMilliseconds(engine, container);
                table.row(
                        peer.name(),
                        String.valueOf(sizes.streams()),
                        Figures.plain(opened) + " ms",
                        Figures.plain(line) + " ms",
                        peer.equals(peers.gateway()) ? String.valueOf(gatewayThreads()) : "");
            }
            docker(peers.gateway(), "rm", "-f", "followed");
        }
        report.section(
                "Follow streams",
                "So many clients follow the log of one container, held open together, on one thread of this JVM; the gateway"
                        + " runs in the same JVM. Opened: each has got a first line. Then the container prints another.",
                table);
    }

    private static long gatewayThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("docker-workflow-gateway"))
                .count();
    }

    private void heap() {
        report.progress("heap of idle sessions");
        IdleSessionHeap.Figure figure = IdleSessionHeap.inOwnJvm(engine, sizes.sessions());
        Table table = new Table("sessions", "heap of each", "threads of each", "direct memory of each", "bound");
        table.row(
                String.valueOf(sizes.sessions()),
                Figures.plain(figure.heapKilobytes()) + " KB",
                Figures.plain(figure.threads()),
                Figures.plain(figure.directKilobytes()) + " KB",
                new Bound(1000, " KB").judge(figure.heapKilobytes()));
        report.section("Heap of an idle session", IdleSessionHeap.METHOD, table);
    }

    private static String docker(Peer peer, String... arguments) {
        return Command.docker(peer.socket(), arguments).run();
    }
}
