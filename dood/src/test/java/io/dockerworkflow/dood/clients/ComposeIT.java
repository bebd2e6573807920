package io.dockerworkflow.dood.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.dockerworkflow.DockerSession;
import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.TeardownReport;
import io.dockerworkflow.dood.DoodWorkflow;
import io.dockerworkflow.dood.testsupport.Cli;
import io.dockerworkflow.dood.testsupport.NewClients;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The newest compose, unchanged, with the same project name in two sessions at once. */
@Timeout(300)
class ComposeIT {

    @TempDir
    Path project;

    private void write() throws IOException {
        Files.writeString(project.resolve("compose.yaml"), """
                name: shop
                services:
                  db:
                    image: busybox
                    command: sh -c 'echo $WHO > /data/who && exec httpd -f -p 80 -h /data'
                    environment: [WHO]
                    volumes: ["data:/data"]
                    networks: {back: {aliases: [database]}}
                    init: true
                    healthcheck:
                      test: ["CMD", "wget", "-q", "-O", "/dev/null", "http://127.0.0.1/who"]
                      interval: 300ms
                      timeout: 5s
                      retries: 50
                  web:
                    build: {context: ., args: [WHO]}
                    depends_on: {db: {condition: service_healthy}}
                    command: sh -c 'wget -q -O - http://db/who && exec sleep 600'
                    networks: [back, front]
                    init: true
                volumes: {data: {}}
                networks: {back: {}, front: {}}
                """);
        Files.writeString(project.resolve("Dockerfile"), """
                FROM busybox
                ARG WHO
                RUN echo $WHO > /who
                """);
    }

    private String compose(DockerSession session, String... arguments) {
        String[] command = new String[arguments.length + 3];
        System.arraycopy(new String[] {"compose", "--progress", "plain"}, 0, command, 0, 3);
        System.arraycopy(arguments, 0, command, 3, arguments.length);
        return new NewClients(session)
                .docker(project, Map.of("WHO", session.id().value()), command)
                .ok();
    }

    private static void together(List<DockerSession> sessions, Consumer<DockerSession> what) {
        ExecutorService threads = Executors.newFixedThreadPool(sessions.size());
        try {
            CompletableFuture.allOf(sessions.stream()
                            .map(session -> CompletableFuture.runAsync(() -> what.accept(session), threads))
                            .toArray(CompletableFuture<?>[]::new))
                    .join();
        } finally {
            threads.shutdownNow();
        }
    }

    private DockerSession open() {
        return DoodWorkflow.create().open(SessionOptions.defaults().workspace(project));
    }

    @Test
    void projectWhenTwoSessionsRunItHasALifeInEach() throws IOException {
        write();
        try (DockerSession one = open();
                DockerSession two = open()) {
            together(List.of(one, two), this::live);
        }
    }

    private void live(DockerSession session) {
        String who = session.id().value();
        Cli cli = new Cli(session);
        compose(session, "up", "-d", "--build");
        assertThat(compose(session, "ps", "--services").lines()).containsExactlyInAnyOrder("db", "web");
        assertThat(cli.docker("ps", "--format", "{{.Names}}").ok().lines())
                .containsExactlyInAnyOrder("shop-db-1", "shop-web-1");
        assertThat(compose(session, "exec", "-T", "web", "cat", "/who")).isEqualTo(who);
        assertThat(compose(session, "exec", "-T", "web", "wget", "-q", "-O", "-", "http://database/who"))
                .isEqualTo(who);
        assertThat(compose(session, "logs", "--no-log-prefix", "web")).contains(who);

        compose(session, "up", "-d", "--no-recreate", "--scale", "web=3");
        assertThat(compose(session, "ps", "-q", "web").lines()).hasSize(3);
        assertThat(compose(session, "exec", "-T", "--index", "3", "web", "wget", "-q", "-O", "-", "http://db/who"))
                .isEqualTo(who);
        assertThat(compose(session, "exec", "-T", "db", "nslookup", "shop-web-2"))
                .contains("Address");

        String before = compose(session, "ps", "-q", "db");
        compose(session, "up", "-d", "--force-recreate", "--scale", "web=1");
        assertThat(compose(session, "ps", "-q", "db")).isNotEqualTo(before);
        // Which of the three it keeps is compose's business, here as on a bare engine.
        assertThat(cli.docker("ps", "-a", "--format", "{{.Names}}").ok().lines())
                .hasSize(2)
                .contains("shop-db-1");
        assertThat(compose(session, "exec", "-T", "web", "wget", "-q", "-O", "-", "http://db/who"))
                .isEqualTo(who);
        assertThat(compose(session, "run", "--rm", "-T", "--no-deps", "web", "cat", "/who"))
                .contains(who);

        compose(session, "restart", "-t", "1", "web");
        compose(session, "stop", "-t", "1");
        assertThat(compose(session, "ps", "-q")).isEmpty();
        compose(session, "down", "-v", "--rmi", "local", "-t", "1");
        assertThat(cli.docker("ps", "-aq").ok()).isEmpty();
        assertThat(cli.docker("volume", "ls", "-q").ok()).isEmpty();
        assertThat(cli.docker("network", "ls", "-q", "--filter", "label=com.docker.compose.project=shop")
                        .ok())
                .isEmpty();
        assertThat(cli.docker("images", "-q", "shop-web").ok()).isEmpty();
    }

    @Test
    void projectWhenItsSessionEndsIsGoneWithoutDown() throws IOException {
        write();
        DockerSession session = open();
        compose(session, "up", "-d", "--build");
        TeardownReport report = session.teardown(Duration.ofSeconds(60));
        assertThat(report.survivors()).isEmpty();
        assertThat(report.removed()).hasSizeGreaterThanOrEqualTo(6);
    }
}
