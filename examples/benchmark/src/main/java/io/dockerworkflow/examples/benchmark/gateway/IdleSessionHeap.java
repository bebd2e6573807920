package io.dockerworkflow.examples.benchmark.gateway;

import io.dockerworkflow.DockerSession;
import io.dockerworkflow.dood.DoodWorkflow;
import io.dockerworkflow.examples.benchmark.measure.ChildProgram;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;

/** How much heap one open session takes in which nothing happens. */
final class IdleSessionHeap {
    static final String METHOD =
            "In a JVM of its own: some sessions are opened, used for a ping and closed, so that classes are"
                    + " loaded; then heap in use after full collections, with that many sessions open and each pinged once, less that"
                    + " with none, divided by their number. It holds all that the session does: scope, tracker, gateway with its event"
                    + " loops, and its docker-java client.";

    private static final int WARM_UP = 3;
    private static final int COLLECTIONS = 5;

    private IdleSessionHeap() {}

    /**
     * What one session takes.
     *
     * @param heapKilobytes heap, in 1000 bytes
     * @param threads live threads
     * @param directKilobytes memory of direct buffers, in 1000 bytes
     */
    record Figure(double heapKilobytes, double threads, double directKilobytes) {
        String line() {
            return heapKilobytes + " " + threads + " " + directKilobytes;
        }

        static Figure parse(String line) {
            String[] parts = line.strip().split(" ");
            return new Figure(Double.parseDouble(parts[0]), Double.parseDouble(parts[1]), Double.parseDouble(parts[2]));
        }
    }

    private record State(long heap, int threads, long direct) {
        static State now() {
            MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
            for (int i = 0; i < COLLECTIONS; i++) {
                memory.gc();
            }
            long direct = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                    .mapToLong(BufferPoolMXBean::getMemoryUsed)
                    .sum();
            return new State(
                    memory.getHeapMemoryUsage().getUsed(),
                    ManagementFactory.getThreadMXBean().getThreadCount(),
                    direct + io.netty.util.internal.PlatformDependent.usedDirectMemory());
        }
    }

    static Figure inOwnJvm(Path engine, int sessions) {
        try (ChildProgram child =
                ChildProgram.start(IdleSessionHeap.class, engine, Map.of(), String.valueOf(sessions))) {
            return Figure.parse(child.answer());
        }
    }

    /** Prints a figure. Its argument: how many sessions. */
    public static void main(String[] arguments) {
        int count = Integer.parseInt(arguments[0]);
        open(WARM_UP).forEach(DockerSession::close);
        State before = State.now();
        Deque<DockerSession> sessions = open(count);
        State with = State.now();
        Figure figure = new Figure(
                (with.heap() - before.heap()) / 1000.0 / count,
                (double) (with.threads() - before.threads()) / count,
                (with.direct() - before.direct()) / 1000.0 / count);
        sessions.forEach(DockerSession::close);
        System.out.println(figure.line());
    }

    private static Deque<DockerSession> open(int count) {
        Deque<DockerSession> sessions = new ArrayDeque<>();
        for (int i = 0; i < count; i++) {
            DockerSession session = DoodWorkflow.create().open();
            session.docker().pingCmd().exec();
            sessions.add(session);
        }
        return sessions;
    }
}
