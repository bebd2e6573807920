package io.dockerworkflow.dood.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.dockerjava.api.command.BuildImageResultCallback;
import com.github.dockerjava.api.model.Container;
import io.dockerworkflow.DockerSession;
import io.dockerworkflow.dood.DoodWorkflow;
import io.dockerworkflow.testsupport.Background;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestcontainersIT {
    private static final String LABEL = "org.testcontainers";

    @TempDir
    private Path directory;

    @Test
    void testcontainersWithoutRyukWhenSessionsShareNamesWorksInEach() {
        Map<String, String> settings = Map.of("TESTCONTAINERS_RYUK_DISABLED", "true");
        twice(session -> {
            assertWorked(run(session, settings));
            assertThat(containers(session))
                    .as("nobody but the session cleans up")
                    .hasSize(2);
        });
    }

    @Test
    void testcontainersWithRyukWhenSessionsShareNamesReapsInEach() {
        twice(session -> {
            buildRyuk(session);
            assertWorked(run(session, Map.of("TESTCONTAINERS_RYUK_CONTAINER_IMAGE", "stand-in/ryuk:1")));
            await("Ryuk to remove the containers through the socket that it was given")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> containers(session), List::isEmpty);
        });
    }

    private static void assertWorked(String output) {
        assertThat(output).contains("published=true", "exec=hi", "copied=payload", "reached=hello", "name=/server");
    }

    private interface Use {
        void in(DockerSession session) throws Exception;
    }

    private static void twice(Use use) {
        CompletableFuture<Void> other = Background.run(() -> once(use));
        once(use);
        other.orTimeout(180, TimeUnit.SECONDS).join();
    }

    private static void once(Use use) {
        try (DockerSession session = DoodWorkflow.create().open()) {
            use.in(session);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Container> containers(DockerSession session) {
        return session
                .docker()
                .listContainersCmd()
                .withShowAll(true)
                .withLabelFilter(Map.of(LABEL, "true"))
                .exec()
                .stream()
                .filter(container -> !container.getNames()[0].startsWith("/testcontainers-ryuk"))
                .toList();
    }

    /** Ryuk itself is in no registry that tests reach; this does its work with the docker CLI. */
    private void buildRyuk(DockerSession session) throws IOException {
        Path context = Files.createTempDirectory(directory, "ryuk");
        Files.writeString(context.resolve("reap"), """
                #!/bin/sh
                while read filters; do echo ACK; done
                # All but this container itself, whose short id is its host name.
                docker rm -fv $(docker ps -aq --filter label=org.testcontainers=true | grep -v "$(cat /etc/hostname)")
                """);
        Files.writeString(context.resolve("Dockerfile"), """
                FROM busybox AS tools
                FROM docker:dind
                COPY --from=tools /bin/busybox /usr/local/bin/busybox
                COPY reap /usr/local/bin/reap
                RUN chmod +x /usr/local/bin/reap
                ENTRYPOINT ["sh", "-c", "echo Started; exec busybox nc -ll -p 8080 -e reap"]
                """);
        session.docker()
                .buildImageCmd(context.toFile())
                .withTags(Set.of("stand-in/ryuk:1"))
                .exec(new BuildImageResultCallback())
                .awaitImageId(120, TimeUnit.SECONDS);
    }

    private String run(DockerSession session, Map<String, String> settings) throws Exception {
        Path output = Files.createTempFile(directory, "output", ".txt");
        ProcessBuilder process = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                TestcontainersProgram.class.getName());
        session.configure(process).environment().putAll(settings);
        process.environment().put("TESTCONTAINERS_CHECKS_DISABLE", "true");
        process.redirectErrorStream(true).redirectOutput(output.toFile());
        Process program = process.start();
        try {
            assertThat(program.waitFor(120, TimeUnit.SECONDS))
                    .as("ended in time")
                    .isTrue();
            String text = Files.readString(output, StandardCharsets.UTF_8);
            assertThat(program.exitValue()).as(text).isZero();
            return text;
        } finally {
            program.destroyForcibly();
        }
    }
}
