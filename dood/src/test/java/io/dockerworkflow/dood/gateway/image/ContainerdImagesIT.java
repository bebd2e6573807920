package io.dockerworkflow.dood.gateway.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dockerworkflow.DockerSession;
import io.dockerworkflow.Endpoint;
import io.dockerworkflow.dood.testsupport.Cli;
import io.dockerworkflow.dood.testsupport.NewClients;
import io.dockerworkflow.dood.testsupport.WithRegistry;
import io.dockerworkflow.testsupport.NewestEngine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** On an engine that keeps its images as containerd does: each step of a build stays, and the engine pushes what it builds. */
@Timeout(180)
class ContainerdImagesIT extends WithRegistry {
    private static final Endpoint.UnixSocket ENGINE = NewestEngine.withContainerdImages();

    @Override
    public Optional<Endpoint.UnixSocket> engine() {
        return Optional.of(ENGINE);
    }

    @Test
    void pushWhenTheEngineDoesItIsOfTheNameThatItsClientGave() throws Exception {
        String app = registry.image("built:1");
        Path context = context("FROM busybox\nRUN echo pushed > /made\n");
        Files.writeString(
                context.resolve("compose.yaml"),
                "services: {one: {build: ., image: '" + registry.image("composed:1") + "'}}\n");
        List<String> before = images();
        try (DockerSession session = open()) {
            NewClients clients = new NewClients(session);
            Path metadata = directory.resolve("metadata.json");
            assertThat(clients.docker(
                                    context,
                                    "buildx",
                                    "build",
                                    "--push",
                                    "--metadata-file",
                                    metadata.toString(),
                                    "-t",
                                    app,
                                    ".")
                            .ok())
                    .contains("pushing manifest for " + app)
                    .doesNotContain("dw-");
            assertThat(Files.readString(metadata)).contains(registry.digest("built", "1"));
            clients.docker(context, "compose", "build", "--push").ok();
            assertThat(registry.get("composed/tags/list")).contains("\"1\"");
            assertThat(cli(session)
                            .docker("run", "--rm", "--pull", "never", app, "cat", "/made")
                            .ok())
                    .as("the session has it, too")
                    .isEqualTo("pushed");
            assertThat(hostNames()).isEmpty();
        }
        assertThat(images()).isEqualTo(before);
        try (DockerSession session = open()) {
            assertThat(cli(session).docker("run", "--rm", app, "cat", "/made").ok())
                    .endsWith("pushed");
        }
    }

    @Tag("long")
    @Test
    void stepsOfClassicBuildsGoWithTheSession() throws Exception {
        Path context = context("FROM busybox AS first\nRUN echo 1 > /one\nRUN echo 2 > /two\nFROM first\n"
                + "ARG FAILS=1\nRUN echo 3 > /three\nRUN test -f /absent || exit $FAILS\n");
        List<String> before = images();
        try (DockerSession session = open()) {
            Cli cli = cli(session);
            cli.docker("build", "--build-arg", "FAILS=0", "-t", "built", context.toString())
                    .ok();
            assertThat(cli.docker("build", "-q", context.toString()).code()).isNotZero();
            // Nothing but its last step has a name: that goes at the same moment as what it is made of.
            cli.docker(
                            "build",
                            "-q",
                            context("FROM busybox\nRUN echo 4 > /four\nENV MADE=1\n")
                                    .toString())
                    .ok();
            assertThat(images()).hasSizeGreaterThan(before.size() + 3);
            assertThat(cli.docker("images", "-aq").ok().lines().count())
                    .as("the steps")
                    .isGreaterThan(cli.docker("images", "-q").ok().lines().count());
            cli.docker("image", "prune", "-f").ok();
            assertThat(cli.docker("images", "--filter", "dangling=true").ok()).doesNotContain("dw-");
        }
        assertThat(images()).isEqualTo(before);
    }

    @Tag("long")
    @Test
    void tagWhenTheHostGivesItDuringABuildStays() throws Exception {
        String base = registry.image("base:1");
        try (DockerSession session = open()) {
            publish(session, "base:1", "base");
        }
        try (DockerSession session = open()) {
            Process build = cli(session)
                    .start("build", context("FROM " + base + "\nRUN sleep 4\n").toString());
            await().atMost(Duration.ofSeconds(30)).until(() -> hostNames().contains(base));
            host("tag", "busybox", base);
            Cli.result(build).ok();
        }
        assertThat(host("inspect", "-f", "{{.Id}}", base)).isEqualTo(host("inspect", "-f", "{{.Id}}", "busybox"));
        host("rmi", base);
    }

    private Path context(String dockerfile) throws Exception {
        Path context = Files.createTempDirectory(directory, "context");
        Files.writeString(context.resolve("Dockerfile"), dockerfile);
        return context;
    }

    private List<String> images() throws Exception {
        return host("images", "-aq", "--no-trunc").lines().sorted().toList();
    }
}
