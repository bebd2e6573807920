package io.dockerworkflow.dood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dockerworkflow.DockerSession;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What sessions leave in the JVM that opened and closed them; {@code bin/bench soak} is the long version. */
@Timeout(180)
class ManySessionsIT {
    private static final int WARM_UP = 3;
    private static final int SESSIONS = 15;

    @Test
    void descriptorsAndThreadsWhenManySessionsCloseAreAsBefore() throws IOException {
        DoodWorkflow workflow = DoodWorkflow.create();
        use(workflow, WARM_UP);
        Map<String, Integer> before = descriptors();

        use(workflow, SESSIONS);

        // The threads of what was closed are on their way out when its closing returns.
        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
            descriptors()
                    .forEach((kind, count) -> assertThat(count)
                            .as("%s; before: %s", kind, before)
                            .isLessThanOrEqualTo(before.getOrDefault(kind, 0)));
            assertThat(threads()).isEmpty();
        });
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.matches("(dw-|docker-workflow|docker-java).*"))
                .toList();
    }

    private static void use(DoodWorkflow workflow, int times) {
        for (int i = 0; i < times; i++) {
            try (DockerSession session = workflow.open()) {
                session.docker().createVolumeCmd().withName("data").exec();
                session.docker().createContainerCmd("busybox").withName("db").exec();
            }
        }
    }

    /** How many there are of what can be leaked, by what they lead to; classes may be loaded from another file any time. */
    private static Map<String, Integer> descriptors() throws IOException {
        Map<String, Integer> kinds = new TreeMap<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path each : all) {
                try {
                    String target = Files.readSymbolicLink(each).toString();
                    if (!target.startsWith("/")) {
                        kinds.merge(target.replaceAll(":\\[[0-9]+]", ""), 1, Integer::sum);
                    }
                } catch (NoSuchFileException e) {
                    continue; // closed meanwhile
                }
            }
        }
        return kinds;
    }
}
