package io.dockerworkflow.examples.benchmark.faults;

import com.sun.management.UnixOperatingSystemMXBean;
import io.dockerworkflow.DockerSession;
import io.dockerworkflow.Endpoint;
import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.dood.DoodWorkflow;
import io.dockerworkflow.examples.benchmark.measure.Report;
import io.dockerworkflow.examples.benchmark.measure.Table;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** {@code bin/bench soak}: many sessions in one JVM, one after the other, and what they leave in it and on the engine. */
public final class SoakBenchmark {
    private static final int WARM = 20;
    private static final int SETTLE_MILLIS = 3_000;

    private final Path engine;
    private final Path directory;
    private final int sessions;
    private final Report report;

    /**
     * @param engine an engine that nobody else uses meanwhile
     * @param directory an empty directory with a short path, for the sessions' directories
     * @param sessions how many
     */
    public SoakBenchmark(Path engine, Path directory, int sessions, Report report) {
        this.engine = engine;
        this.directory = directory;
        this.sessions = sessions;
        this.report = report;
    }

    private record State(int threads, long descriptors, long heapKilobytes) {
        static State now() throws InterruptedException {
            TimeUnit.MILLISECONDS.sleep(SETTLE_MILLIS);
            System.gc();
            OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
            Runtime runtime = Runtime.getRuntime();
            return new State(
                    ManagementFactory.getThreadMXBean().getThreadCount(),
                    system instanceof UnixOperatingSystemMXBean unix ? unix.getOpenFileDescriptorCount() : -1,
                    (runtime.totalMemory() - runtime.freeMemory()) / 1024);
        }
    }

    /** Opens and closes; true if the engine and the directory hold what they held before. */
    public boolean run() {
        try (EngineContents contents = new EngineContents(engine, directory)) {
            Set<String> before = contents.things();
            DoodWorkflow workflow = DoodWorkflow.create();
            use(workflow, WARM);
            State warm = State.now();
            long begun = System.nanoTime();
            for (int done = 0; done < sessions; done += 50) {
                use(workflow, Math.min(50, sessions - done));
                report.progress("soak: " + Math.min(sessions, done + 50) + " of " + sessions + " sessions");
            }
            long each = (System.nanoTime() - begun) / 1_000_000 / sessions;
            State end = State.now();
            Set<String> left = contents.since(before);
            report.section(
                    sessions + " sessions in one JVM, one after the other",
                    "Each is opened, makes a volume and a container with docker-java, and is closed; " + each
                            + " ms each. The first row is after " + WARM + " sessions. Left on the engine and in the"
                            + " directory of sockets: " + left.size() + ".",
                    new Table("", "threads", "file descriptors", "heap in use")
                            .row(
                                    "before",
                                    Integer.toString(warm.threads()),
                                    Long.toString(warm.descriptors()),
                                    warm.heapKilobytes() + " KiB")
                            .row(
                                    "after",
                                    Integer.toString(end.threads()),
                                    Long.toString(end.descriptors()),
                                    end.heapKilobytes() + " KiB"));
            return left.isEmpty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        }
    }

    private void use(DoodWorkflow workflow, int times) {
        SessionOptions options = SessionOptions.defaults()
                .engine(new Endpoint.UnixSocket(engine))
                .environment(Map.of("XDG_RUNTIME_DIR", directory.toString()));
        for (int i = 0; i < times; i++) {
            try (DockerSession session = workflow.open(options)) {
                session.docker().createVolumeCmd().withName("data").exec();
                session.docker().createContainerCmd("busybox").withName("db").exec();
            }
        }
    }
}
