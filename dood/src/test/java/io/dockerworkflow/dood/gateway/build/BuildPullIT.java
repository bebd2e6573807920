package io.dockerworkflow.dood.gateway.build;

import static org.assertj.core.api.Assertions.assertThat;

import io.dockerworkflow.DockerSession;
import io.dockerworkflow.Endpoint;
import io.dockerworkflow.dood.testsupport.Cli;
import io.dockerworkflow.dood.testsupport.Host;
import io.dockerworkflow.dood.testsupport.LocalRegistry;
import io.dockerworkflow.dood.testsupport.RawClient;
import io.dockerworkflow.dood.testsupport.WithRegistry;
import io.dockerworkflow.testsupport.Background;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code docker build --pull} with the classic builder: what the registry has, and the host's tags as they were. */
@Timeout(180)
class BuildPullIT extends WithRegistry {
    @Test
    void buildWhenTheRegistrysBaseIsNewerTakesItLeavingTheHostsTag() throws Exception {
        String base = registry.image("team/base:1");
        try (DockerSession session = open()) {
            publish(session, "team/base:1", "old");
            publish(session, "team/base:2", "new");
        }
        host("pull", base);
        registry.retag("team/base", "2", "1");
        String digest = registry.digest("team/base", "1");
        leavingTheHosts(base, () -> {
            List<CompletableFuture<String>> builds = new ArrayList<>();
            List<DockerSession> sessions = List.of(open(), open());
            try {
                for (DockerSession session : sessions) {
                    builds.add(Background.supply(() -> built(
                            session,
                            "ARG TAG=1\nFROM " + registry.image("team/base") + ":$TAG AS first\nFROM " + base + "\n"
                                    + "COPY --from=first /made /first\nCOPY --from=" + base + " /made /second\n")));
                }
                for (int i = 0; i < sessions.size(); i++) {
                    String said = builds.get(i).join();
                    Cli cli = cli(sessions.get(i));
                    assertThat(said)
                            .contains("Step 2/5 : FROM " + base, "1: Pulling from team/base", "Digest: " + digest)
                            .contains("COPY --from=" + base + " /made")
                            .doesNotContain("@sha256", "dw-");
                    assertThat(cli.docker("run", "--rm", "built", "cat", "/first", "/second")
                                    .ok())
                            .isEqualTo("new\nnew");
                    assertThat(cli.docker("run", "--rm", "--pull", "never", base, "cat", "/made")
                                    .ok())
                            .as("pulled, so the session's tag is the new one")
                            .isEqualTo("new");
                    assertThat(cli.docker("inspect", "-f", "{{.RepoTags}} {{.RepoDigests}}", base)
                                    .ok())
                            .isEqualTo("[" + base + "] [" + registry.image("team/base@" + digest) + "]");
                    assertThat(host("run", "--rm", base, "cat", "/made")).isEqualTo("old");
                }
            } finally {
                sessions.forEach(DockerSession::close);
            }
        });
    }

    @Test
    void buildWhenTheHostHasNotTheBaseLeavesNothingOfItThere() throws Exception {
        String base = registry.image("base:1");
        try (DockerSession session = open()) {
            publish(session, "base:1", "pulled");
        }
        try (DockerSession session = open()) {
            assertThat(built(session, "FROM " + base + "\n")).contains("Downloaded newer image for " + base);
            assertThat(built(session, "FROM " + base + "\n")).contains("up to date for " + base);
            assertThat(hostNames()).isEmpty();
            assertThat(cli(session).docker("run", "--rm", base, "cat", "/made").ok())
                    .isEqualTo("pulled");
        }
    }

    @Test
    void buildWhenItFailsHasTheWordsThatItHasOnTheHost() throws Exception {
        Path context = context("FROM " + registry.image("absent:1") + "\n");
        ProcessBuilder host =
                new ProcessBuilder("docker", "build", "--pull", context.toString()).redirectErrorStream(true);
        host.environment().put("DOCKER_BUILDKIT", "0");
        Cli.Result bare = Cli.result(host.start());
        try (DockerSession session = open()) {
            Cli.Result failed = cli(session).docker("build", "--pull", context.toString());
            assertThat(failed).isEqualTo(bare);
            assertThat(failed.output()).contains("not found");
        }
    }

    @Test
    void buildWhenTheRegistryWantsCredentialsGivesThoseOfTheClient() throws Exception {
        try (LocalRegistry guarded = LocalRegistry.start(directory.resolve("guarded"), true);
                DockerSession session = open()) {
            Cli cli = cli(session);
            String base = guarded.image("base:1");
            cli.docker("tag", "busybox", base).ok();
            cli.dockerWithInput(
                            LocalRegistry.PASSWORD,
                            "login",
                            "-u",
                            LocalRegistry.USER,
                            "--password-stdin",
                            guarded.address())
                    .ok();
            cli.docker("push", base).ok();
            cli.docker("rmi", base).ok();
            assertThat(built(session, "FROM " + base + "\n"))
                    .contains("1: Pulling from base", "Digest: ")
                    .doesNotContain("@sha256");
            cli.docker("logout", guarded.address()).ok();
            Cli.Result denied =
                    cli.docker("build", "--pull", context("FROM " + base + "\n").toString());
            assertThat(denied.code()).isNotZero();
            assertThat(denied.output()).contains("no basic auth credentials");
        }
    }

    @Test
    void buildWhenTheDockerfileIsLargeOrPackedIsReadToItsEnd() throws Exception {
        String base = registry.image("base:1");
        try (DockerSession session = open()) {
            publish(session, "base:1", "pulled");
            Path context = context("FROM " + base + "\nCOPY after /after\n" + "# a comment\n".repeat(20_000));
            byte[] after = new byte[3_000_000];
            new Random(1).nextBytes(after);
            Files.write(context.resolve("after"), after);
            Files.write(context.resolve("before"), after);
            Path packed = directory.resolve("context.tgz");
            Host.run(context, List.of("tar", "czf", packed.toString(), "before", "Dockerfile", "after"));
            Cli cli = cli(session);
            for (boolean fromInput : new boolean[] {false, true}) {
                Process build = cli.start("build", "--pull", "-t", "built", fromInput ? "-" : context.toString());
                try (OutputStream input = build.getOutputStream()) {
                    if (fromInput) {
                        Files.copy(packed, input);
                    }
                }
                Cli.result(build).ok();
                assertThat(cli.docker("run", "--rm", "built", "sha256sum", "/after")
                                .ok())
                        .isEqualTo(
                                Host.run(context, List.of("sha256sum", "after")).replace("after", "/after"));
                cli.docker("rmi", "built").ok();
            }
        }
    }

    @Test
    void buildWhenItsDockerfileIsNotSeenIsRefused() throws Exception {
        Path context = context("FROM busybox\n");
        Files.move(context.resolve("Dockerfile"), context.resolve("other"));
        Files.createSymbolicLink(context.resolve("Dockerfile"), Path.of("other"));
        Path archive = directory.resolve("context.tar");
        Host.run(context, List.of("tar", "cf", archive.toString(), "."));
        try (DockerSession session = open()) {
            Process build = cli(session).start("build", "--pull", "-");
            try (OutputStream input = build.getOutputStream()) {
                Files.copy(archive, input);
            }
            assertThat(Cli.result(build).output()).contains("must find it in the context as a file");
            assertThat(new RawClient(((Endpoint.UnixSocket) session.endpoint()).path())
                            .request("POST", "/build?pull=1&remote=http://127.0.0.1:1/context.tar", Map.of(), "")
                            .body())
                    .contains("cannot relay a build of the remote context");
        }
    }

    private String built(DockerSession session, String dockerfile) {
        return cli(session)
                .docker("build", "--pull", "-t", "built", context(dockerfile).toString())
                .ok();
    }

    private Path context(String dockerfile) {
        try {
            Path context = Files.createTempDirectory(directory, "context");
            Files.writeString(context.resolve("Dockerfile"), dockerfile);
            return context;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
