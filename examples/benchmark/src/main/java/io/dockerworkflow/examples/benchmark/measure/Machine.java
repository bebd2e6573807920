package io.dockerworkflow.examples.benchmark.measure;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;

/** What figures depend on, without the names of what they were measured on. */
public final class Machine {
    private Machine() {}

    /** One line: date, processors, memory, JVM and engine. */
    public static String description(Path engine) {
        long memory = ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getTotalMemorySize();
        return String.join(
                ", ",
                LocalDate.now(ZoneOffset.UTC).toString(),
                Runtime.getRuntime().availableProcessors() + " processors",
                Math.round(memory / 1e9) + " GB",
                System.getProperty("os.arch"),
                "Java " + Runtime.version().feature(),
                "engine "
                        + Command.docker(engine, "version", "--format", "{{.Server.Version}}")
                                .run());
    }

    /** How many programs run or want to, on average over the last minute. More than the processors: figures are rough. */
    public static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }
}
