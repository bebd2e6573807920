package io.dockerworkflow.dood.gateway.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.BuildImageResultCallback;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.BuildResponseItem;
import io.dockerworkflow.DockerSession;
import io.dockerworkflow.Endpoint;
import io.dockerworkflow.SessionInfo;
import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.Sessions;
import io.dockerworkflow.TeardownReport;
import io.dockerworkflow.dood.DoodWorkflow;
import io.dockerworkflow.dood.HostImages;
import io.dockerworkflow.dood.testsupport.Cli;
import io.dockerworkflow.dood.testsupport.Host;
import io.dockerworkflow.dood.testsupport.LocalRegistry;
import io.dockerworkflow.dood.testsupport.NewClients;
import io.dockerworkflow.dood.testsupport.RawClient;
import io.dockerworkflow.dood.testsupport.WithRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sessions and a real registry: names and digests as their clients gave them, and the host's images as they were. */
@Timeout(180)
class RegistryIT extends WithRegistry {
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    @Test
    void pushWhenTheTagIsTheSessionsArrivesUnderTheClientsName() throws Exception {
        String app = registry.image("team/app:1");
        String id;
        try (DockerSession session = open()) {
            Cli cli = cli(session);
            build(session, app, "FROM busybox\nRUN echo pushed > /made\n");
            id = cli.docker("inspect", "-f", "{{.Id}}", app).ok();
            String pushed = cli.docker("push", app).ok();
            assertThat(pushed)
                    .contains(
                            "The push refers to repository [" + registry.image("team/app") + "]", "1: digest: sha256:")
                    .doesNotContain("dw-");
            assertThat(registry.get("_catalog")).isEqualTo("{\"repositories\":[\"team/app\"]}\n");
            assertThat(registry.get("team/app/tags/list")).isEqualTo("{\"name\":\"team/app\",\"tags\":[\"1\"]}\n");
            assertThat(registry.get("team/app/manifests/1")).contains(id);
            String digest = registry.image("team/app@" + registry.digest("team/app", "1"));
            assertThat(cli.docker("inspect", "-f", "{{.RepoTags}} {{.RepoDigests}}", app)
                            .ok())
                    .isEqualTo("[" + app + "] [" + digest + "]");
            assertThat(cli.docker("run", "--rm", digest, "cat", "/made").ok()).isEqualTo("pushed");
            assertThat(hostNames()).as("the push is over").isEmpty();
        }
        assertThat(Host.imageIds()).doesNotContain(id);
    }

    @Test
    void pullWhenAnotherSessionPushedIsTheSessionsOwnByTagAndDigest() throws Exception {
        String app = registry.image("app:1");
        try (DockerSession session = open()) {
            publish(session, "app:1", "published");
        }
        String digest = registry.image("app@" + registry.digest("app", "1"));
        DockerSession one = open();
        Cli cli = cli(one);
        String said = cli.docker("pull", app).ok();
        assertThat(said)
                .contains("1: Pulling from app", "Status: Downloaded newer image for " + app)
                .contains("Digest: " + digest.substring(digest.indexOf('@') + 1))
                .doesNotContain("dw-", digest);
        assertThat(cli.docker("pull", app).ok()).contains("Status: Image is up to date for " + app);
        assertThat(cli.docker("image", "ls", "--digests", "--format", "{{.Repository}} {{.Tag}} {{.Digest}}")
                        .ok()
                        .lines())
                .contains(registry.image("app") + " 1 " + digest.substring(digest.indexOf('@') + 1));
        for (String name : List.of(app, digest)) {
            assertThat(cli.docker("run", "--rm", "--name", "runs", name, "cat", "/made")
                            .ok())
                    .as(name)
                    .isEqualTo("published");
            assertThat(cli.docker("inspect", "-f", "{{.RepoTags}} {{.RepoDigests}}", name)
                            .ok())
                    .as(name)
                    .isEqualTo("[" + app + "] [" + digest + "]");
        }
        cli.docker("create", "--name", "shows", digest).ok();
        assertThat(cli.docker("inspect", "-f", "{{.Config.Image}}", "shows").ok())
                .isEqualTo(digest);
        assertThat(cli.docker("ps", "-a", "--format", "{{.Names}} {{.Image}}", "--filter", "ancestor=" + digest)
                        .ok())
                .startsWith("shows ");
        assertThat(hostNames()).as("the host has it under no name").isEmpty();

        try (DockerSession two = open()) {
            Cli other = cli(two);
            assertThat(other.docker("images", "-q", registry.image("app")).ok()).isEmpty();
            assertThat(other.docker("pull", digest).ok()).contains("Status: Downloaded newer image for " + digest);
            assertThat(other.docker("inspect", "-f", "{{.RepoTags}} {{.RepoDigests}}", digest)
                            .ok())
                    .isEqualTo("[] [" + digest + "]");
            assertThat(one.teardown(DEADLINE).survivors()).isEmpty();
            assertThat(other.docker("run", "--rm", digest, "cat", "/made").ok())
                    .as("what the other session has pulled is its own")
                    .isEqualTo("published");
            assertThat(other.docker("rmi", digest).ok()).contains("Untagged: " + digest, "Deleted: sha256:");
            assertThat(other.docker("inspect", digest).output()).contains("No such");
        }
    }

    @Test
    void removeWhenTheTagIsTheLastOfItsRepositoryTakesItsDigest() throws Exception {
        try (DockerSession session = open()) {
            publish(session, "app:1", "one");
            Cli cli = cli(session);
            String app = registry.image("app:1");
            String digest = registry.image("app@" + registry.digest("app", "1"));
            cli.docker("tag", app, registry.image("app:2")).ok();
            assertThat(cli.docker("rmi", app).ok()).isEqualTo("Untagged: " + app);
            assertThat(cli.docker("rmi", registry.image("app:2")).ok())
                    .contains("Untagged: " + registry.image("app:2"), "Untagged: " + digest, "Deleted: sha256:")
                    .doesNotContain("dw-");
            String id = pullAndInspect(cli, app);
            assertThat(cli.docker("rmi", id).ok())
                    .contains("Untagged: " + app, "Untagged: " + digest, "Deleted: " + id);
            cli.docker("pull", app).ok();
            cli.docker("tag", app, "other").ok();
            assertThat(cli.docker("rmi", id).output()).contains("must be forced");
            assertThat(cli.docker(
                                    "save",
                                    digest,
                                    "-o",
                                    directory.resolve("saved").toString())
                            .code())
                    .isZero();
            cli.docker("load", "-i", directory.resolve("saved").toString()).ok();
        }
    }

    private static String pullAndInspect(Cli cli, String image) {
        cli.docker("pull", image).ok();
        return cli.docker("inspect", "-f", "{{.Id}}", image).ok();
    }

    @Tag("long")
    @Test
    void pullAndPushWhenOfAllTagsAreOfAllTags() throws Exception {
        String app = registry.image("app");
        try (DockerSession session = open()) {
            Cli cli = cli(session);
            for (String tag : List.of("1", "2", "latest")) {
                build(session, app + ":" + tag, "FROM busybox\nRUN echo " + tag + " > /made\n");
            }
            assertThat(cli.docker("push", "-a", app).ok()).contains("1: digest: ", "2: digest: ", "latest: digest: ");
            assertThat(hostNames()).isEmpty();
        }
        assertThat(registry.get("app/tags/list")).contains("\"1\"", "\"2\"", "\"latest\"");
        try (DockerSession session = open()) {
            Cli cli = cli(session);
            assertThat(cli.docker("pull", "-a", app).ok())
                    .contains("1: Pulling from app", "2: Pulling from app", "latest: Pulling from app")
                    .doesNotContain("dw-");
            for (String tag : List.of("1", "2", "latest")) {
                assertThat(cli.docker("run", "--rm", app + ":" + tag, "cat", "/made")
                                .ok())
                        .isEqualTo(tag);
                assertThat(cli.docker("inspect", "-f", "{{.RepoDigests}}", app + ":" + tag)
                                .ok())
                        .isEqualTo("[" + app + "@" + registry.digest("app", tag) + "]");
            }
            assertThat(hostNames()).isEmpty();
        }
    }

    @Tag("long")
    @Test
    void pullWhenTwoSessionsPullTheSameAtTheSameTimeIsEachsOwn() throws Exception {
        String app = registry.image("app:1");
        try (DockerSession session = open()) {
            publish(session, "app:1", "both");
        }
        for (int round = 0; round < 5; round++) {
            DockerSession one = open();
            try (DockerSession two = open()) {
                Process first = cli(one).start("pull", app);
                Process second = cli(two).start("pull", app);
                assertThat(Cli.result(first).ok()).contains("1: Pulling from app");
                assertThat(Cli.result(second).ok()).contains("1: Pulling from app");
                assertThat(cli(one).docker("run", "--rm", app, "cat", "/made").ok())
                        .isEqualTo("both");
                assertThat(one.teardown(DEADLINE).survivors()).isEmpty();
                assertThat(cli(two).docker("run", "--rm", "--pull", "never", app, "cat", "/made")
                                .ok())
                        .isEqualTo("both");
            }
            assertThat(hostNames()).isEmpty();
        }
    }

    @Tag("long")
    @Test
    void pushWhenSessionsPushTheSameNameAtTheSameTimeIsEachsOwn() throws Exception {
        String app = registry.image("app:1");
        List<DockerSession> sessions =
                IntStream.range(0, 3).mapToObj(any -> open()).toList();
        List<String> digests = new ArrayList<>();
        try {
            for (DockerSession session : sessions) {
                build(session, app, "FROM busybox\nRUN echo " + session.id() + " > /made\n");
            }
            List<Process> pushes = new ArrayList<>();
            for (DockerSession session : sessions) {
                pushes.add(cli(session).start("push", app));
                pushes.add(cli(session).start("push", app));
            }
            for (Process push : pushes) {
                Cli.Result result = Cli.result(push);
                assertThat(result.code()).as(result.output()).isZero();
            }
            assertThat(hostNames()).isEmpty();
            for (DockerSession session : sessions) {
                String digest = cli(session)
                        .docker("inspect", "-f", "{{index .RepoDigests 0}}", app)
                        .ok();
                digests.add(digest);
                assertThat(registry.get("app/manifests/" + digest.substring(digest.indexOf('@') + 1)))
                        .as("the digest is that of the session's image")
                        .contains(cli(session)
                                .docker("inspect", "-f", "{{.Id}}", app)
                                .ok());
            }
            assertThat(digests).doesNotHaveDuplicates().contains(registry.image("app@" + registry.digest("app", "1")));
        } finally {
            sessions.forEach(DockerSession::close);
        }
    }

    @Test
    void pullWhenTheHostHasThatTagLeavesTheHostsAsItIs() throws Exception {
        String app = registry.image("app:1");
        try (DockerSession session = open()) {
            publish(session, "app:1", "old");
            publish(session, "app:2", "new");
        }
        host("pull", app);
        leavingTheHosts(app, () -> {
            try (DockerSession session = open()) {
                Cli cli = cli(session);
                assertThat(cli.docker("pull", app).ok()).contains("Image is up to date for " + app);
                registry.retag("app", "2", "1");
                assertThat(cli.docker("run", "--rm", app, "cat", "/made").ok()).isEqualTo("old");
                assertThat(cli.docker("pull", app).ok()).contains("Downloaded newer image for " + app);
                assertThat(cli.docker("run", "--rm", app, "cat", "/made").ok()).isEqualTo("new");
                assertThat(host("run", "--rm", app, "cat", "/made")).isEqualTo("old");
                cli.docker("rmi", app).ok();
                assertThat(cli.docker("run", "--rm", "--pull", "never", app, "cat", "/made")
                                .ok())
                        .as("the host's again")
                        .isEqualTo("old");
            }
        });
    }

    @Test
    void pruneWhenTheSessionHasPulledTakesWhatNoContainerUses() throws Exception {
        String app = registry.image("app:1");
        try (DockerSession session = open()) {
            publish(session, "app:1", "unused");
        }
        String digest = registry.image("app@" + registry.digest("app", "1"));
        try (DockerSession session = open()) {
            Cli cli = cli(session);
            String id = pullAndInspect(cli, app);
            cli.docker("create", "--name", "user", app).ok();
            cli.docker("image", "prune", "-af").ok();
            assertThat(cli.docker("start", "user").ok()).isEqualTo("user");
            cli.docker("rm", "-f", "user").ok();
            assertThat(cli.docker("image", "prune", "-f").ok())
                    .as("it has a tag")
                    .isEqualTo("Total reclaimed space: 0B");
            assertThat(cli.docker("image", "prune", "-af").ok())
                    .contains("untagged: " + app, "untagged: " + digest, "deleted: " + id)
                    .doesNotContain("Total reclaimed space: 0B", "dw-");
            assertThat(Host.imageIds()).doesNotContain(id);
            assertThat(cli.docker("inspect", app).output()).contains("No such");
            cli.docker("pull", digest).ok();
            assertThat(cli.docker("image", "prune", "-f").ok())
                    .as("it has no tag")
                    .contains("untagged: " + digest, "deleted: " + id);
        }
    }

    @Tag("long")
    @Test
    void pruneWhenTheHostHasPulledTheSameLeavesTheHosts() throws Exception {
        String app = registry.image("app:1");
        try (DockerSession session = open()) {
            publish(session, "app:1", "hosts");
        }
        String digest = registry.image("app@" + registry.digest("app", "1"));
        String[] inspect = {"inspect", "-f", "{{.Id}} {{.RepoTags}} {{.RepoDigests}}", digest};
        for (String hosts : List.of(app, digest)) {
            host("pull", hosts);
            try (DockerSession session = open();
                    DockerSession other = open()) {
                cli(other).docker("pull", app).ok();
                Cli cli = cli(session);
                cli.docker("pull", app).ok();
                String before = host(inspect);
                assertThat(cli.docker("image", "prune", "-af").ok())
                        .contains("untagged: " + app, "untagged: " + digest, "Total reclaimed space: 0B")
                        .doesNotContain("deleted:", "dw-");
                String id = session.id().value();
                assertThat(before).contains(id);
                assertThat(host(inspect))
                        .doesNotContain(id)
                        .contains(hosts, other.id().value());
                assertThat(cli.docker("image", "prune", "-af").ok()).isEqualTo("Total reclaimed space: 0B");
                assertThat(cli.docker("run", "--rm", "--pull", "never", hosts, "cat", "/made")
                                .ok())
                        .as("the host's")
                        .isEqualTo("hosts");
            } finally {
                host("rmi", hosts);
            }
        }
    }

    @Tag("long")
    @Test
    void pruneWhenItIsFilteredTakesOfThePulledWhatTheFilterLeaves() throws Exception {
        String app = registry.image("app:1");
        try (DockerSession session = open()) {
            build(session, app, "FROM busybox\nLABEL kind=test\nRUN echo made > /made\n");
            cli(session).docker("push", app).ok();
        }
        String later = Long.toString(Instant.now().getEpochSecond() + 60);
        try (DockerSession session = open()) {
            Cli cli = cli(session);
            cli.docker("pull", app).ok();
            for (List<String> keeping : List.of(
                    List.of("until=1h"),
                    List.of("until=2020-01-31"),
                    List.of("label=kind=other"),
                    List.of("label=kind", "label=absent"),
                    List.of("label=kind=test", "until=1h"),
                    List.of("label!=kind=test"),
                    List.of("label!=kind"))) {
                assertThat(prune(cli, keeping).ok()).as("%s", keeping).isEqualTo("Total reclaimed space: 0B");
                cli.docker("inspect", app).ok();
            }
            for (List<String> taking : List.of(
                    List.of("until=" + later),
                    List.of("label=kind"),
                    List.of("label=kind=test", "until=" + later),
                    List.of("label!=kind=other"),
                    List.of("label!=kind", "label!=absent"))) {
                assertThat(prune(cli, taking).ok()).as("%s", taking).contains("untagged: " + app);
                cli.docker("pull", app).ok();
            }
            assertThat(prune(cli, List.of("until=never")).output())
                    .contains("failed to parse value as time or duration");
            assertThat(prune(cli, List.of("name=app")).output()).containsIgnoringCase("invalid filter");
            cli.docker("inspect", app).ok();
        }
    }

    private static Cli.Result prune(Cli cli, List<String> filters) {
        return cli.docker(Stream.concat(
                        Stream.of("image", "prune", "-af"),
                        filters.stream().flatMap(filter -> Stream.of("--filter", filter)))
                .toArray(String[]::new));
    }

    @Test
    void pushWhenTheHostHasAnotherOfThatNameArrivesLeavingTheHosts() throws Exception {
        String app = registry.image("app:1");
        String[] inspect = {"inspect", "-f", "{{.Id}} {{.RepoTags}} {{.RepoDigests}}", app};
        host("tag", "busybox", app);
        String before = host(inspect);
        try {
            try (DockerSession session = open()) {
                Cli cli = cli(session);
                build(session, app, "FROM busybox\nRUN echo mine > /made\n");
                String id = cli.docker("inspect", "-f", "{{.Id}}", app).ok();
                assertThat(cli.docker("push", app).ok())
                        .contains(
                                "The push refers to repository [" + registry.image("app") + "]", "1: digest: sha256:");
                assertThat(registry.get("_catalog")).isEqualTo("{\"repositories\":[\"app\"]}\n");
                assertThat(registry.get("app/manifests/1")).contains(id);
                assertThat(cli.docker("inspect", "-f", "{{.RepoTags}} {{.RepoDigests}}", app)
                                .ok())
                        .isEqualTo("[" + app + "] [" + registry.image("app@" + registry.digest("app", "1")) + "]");
                String address = registry.address();
                registry.close();
                Cli.Result failed = cli.docker("push", app);
                assertThat(failed.code()).isNotZero();
                assertThat(failed.output()).contains(address).doesNotContain(address.replace(":", ":0"));
            }
            assertThat(host(inspect)).isEqualTo(before);
        } finally {
            host("rmi", app);
        }
    }

    @Test
    void pushWhenOfAllTagsAndTheHostHasAnotherImageOfOneIsRefused() throws Exception {
        String app = registry.image("app:1");
        host("tag", "busybox", app);
        try (DockerSession session = open()) {
            build(session, app, "FROM busybox\nRUN echo mine > /made\n");
            Cli.Result pushed = cli(session).docker("push", "-a", registry.image("app"));
            assertThat(pushed.code()).isNotZero();
            assertThat(pushed.output())
                    .contains("the host has another image called " + app, "push its tags one by one");
            assertThat(host("inspect", "-f", "{{.Id}}", app)).isEqualTo(host("inspect", "-f", "{{.Id}}", "busybox"));
        } finally {
            host("rmi", app);
        }
    }

    @Test
    void transferWhenTheRegistryRefusesSaysSoInTheClientsNames() throws Exception {
        try (DockerSession session = open()) {
            Cli cli = cli(session);
            publish(session, "app:1", "there");
            for (String absent : List.of("app:none", "none:1")) {
                Cli.Result pulled = cli.docker("pull", registry.image(absent));
                assertThat(pulled.code()).isNotZero();
                assertThat(pulled.output())
                        .contains("manifest for " + registry.image(absent) + " not found: manifest unknown")
                        .doesNotContain("dw-");
            }
            String digest = "@sha256:" + "0".repeat(64);
            assertThat(cli.docker("pull", registry.image("app" + digest)).output())
                    .contains("manifest for " + registry.image("app" + digest) + " not found");
            assertThat(cli.docker("push", registry.image("absent:1")).output())
                    .contains("An image does not exist locally with the tag: " + registry.image("absent"));
            assertThat(cli.docker("tag", "busybox", registry.image("app" + digest))
                            .output())
                    .contains("refusing to create a tag with a digest reference");
            assertThat(cli.docker("run", "--pull", "never", "--rm", registry.image("app" + digest))
                            .output())
                    .contains("No such image: " + registry.image("app" + digest));
        }
    }

    @Tag("long")
    @Test
    void registryWhenItWantsCredentialsGetsThoseOfTheClient() throws Exception {
        try (LocalRegistry guarded = LocalRegistry.start(directory.resolve("guarded"), true);
                DockerSession session = open()) {
            Cli cli = cli(session);
            String app = guarded.image("app:1");
            cli.docker("tag", "busybox", app).ok();
            for (List<String> command : List.of(List.of("push", app), List.of("pull", app))) {
                Cli.Result denied = cli.docker(command.toArray(String[]::new));
                assertThat(denied.code()).isNotZero();
                assertThat(denied.output())
                        .contains("no basic auth credentials")
                        .doesNotContain("dw-");
            }
            String login = "login -u " + LocalRegistry.USER + " --password-stdin " + guarded.address();
            assertThat(cli.dockerWithInput("wrong", login.split(" ")).output()).contains("401 Unauthorized");
            assertThat(cli.dockerWithInput(LocalRegistry.PASSWORD, login.split(" "))
                            .ok())
                    .contains("Login Succeeded");
            cli.docker("push", app).ok();
            assertThat(guarded.get("app/tags/list")).contains("[\"1\"]");
            cli.docker("rmi", app).ok();
            cli.docker("pull", app).ok();
            assertThat(cli.docker("run", "--rm", "--pull", "never", app, "echo", "runs")
                            .ok())
                    .isEqualTo("runs");
            assertThat(cli.docker("manifest", "inspect", "--insecure", app).ok())
                    .contains("\"schemaVersion\": 2");
            cli.docker("logout", guarded.address()).ok();
        }
    }

    @Test
    void registryWhenDockerJavaUsesItHasTheNamesThatItGave() throws Exception {
        String app = registry.image("app");
        try (DockerSession session = open()) {
            DockerClient docker = session.docker();
            docker.tagImageCmd("busybox", app, "7").exec();
            docker.pushImageCmd(app).withTag("7").start().awaitCompletion(60, TimeUnit.SECONDS);
            docker.removeImageCmd(app + ":7").exec();
            docker.pullImageCmd(app).withTag("7").start().awaitCompletion(60, TimeUnit.SECONDS);
            String digest = app + "@" + registry.digest("app", "7");
            assertThat(docker.inspectImageCmd(app + ":7").exec().getRepoDigests())
                    .contains(digest);
            assertThat(docker.inspectImageCmd(digest).exec().getRepoTags()).contains(app + ":7");
            assertThatThrownBy(
                            () -> docker.pullImageCmd(app).withTag("8").start().awaitCompletion(60, TimeUnit.SECONDS))
                    .isInstanceOf(NotFoundException.class)
                    .hasMessageContaining("manifest for " + app + ":8 not found");
            RawClient raw = new RawClient(((Endpoint.UnixSocket) session.endpoint()).path());
            assertThat(raw.request("GET", "/distribution/" + app + ":7/json", Map.of(), "")
                            .body())
                    .contains(registry.digest("app", "7"), "\"Platforms\"");
            assertThat(raw.request("GET", "/distribution/" + app + ":8/json", Map.of(), "")
                            .text())
                    .contains("404", "manifest unknown");
        }
    }

    @Tag("long")
    @Test
    void buildWhenTheClassicBuilderPullsABaseTakesItIntoTheSession() throws Exception {
        try (DockerSession session = open()) {
            publish(session, "one:1", "1");
            publish(session, "two:1", "2");
            publish(session, "three:1", "3");
        }
        String dockerfile = "ARG BASE\nFROM " + registry.image("one:1") + " AS first\nFROM ${BASE} AS second\n"
                + "RUN cp /made /two\nFROM " + registry.image("one:1") + "\nCOPY --from=second /two /two\n"
                + "COPY --from=" + registry.image("three:1") + " /made /three\nRUN cat /made /two /three > /all\n";
        for (boolean quiet : new boolean[] {false, true}) {
            DockerSession session = open();
            Cli cli = cli(session);
            Path context = Files.createTempDirectory(directory, "context");
            Files.writeString(context.resolve("Dockerfile"), dockerfile);
            List<String> command = new ArrayList<>(List.of("build", "-t", "all", "--build-arg"));
            command.add("BASE=" + registry.image("two:1"));
            if (quiet) {
                command.add("-q");
            }
            command.add(context.toString());
            String said = cli.docker(command.toArray(String[]::new)).ok();
            String id = cli.docker("inspect", "-f", "{{.Id}}", "all").ok();
            if (quiet) {
                assertThat(said.lines().filter(line -> !line.contains("DEPRECATED") && !line.isBlank()))
                        .contains(id)
                        .noneMatch(line -> line.contains("Step "));
            } else {
                assertThat(said).contains("Status: Downloaded newer image for " + registry.image("two:1"));
            }
            assertThat(cli.docker("run", "--rm", "all", "cat", "/all").ok()).isEqualTo("1\n2\n3");
            assertThat(hostNames()).as("quiet: " + quiet).isEmpty();
            for (String base : List.of("one", "two", "three")) {
                assertThat(cli.docker("inspect", "-f", "{{.RepoTags}} {{.RepoDigests}}", registry.image(base + ":1"))
                                .ok())
                        .isEqualTo("[" + registry.image(base + ":1") + "] ["
                                + registry.image(base + "@" + registry.digest(base, "1")) + "]");
            }
            TeardownReport report = session.teardown(DEADLINE);
            assertThat(report.survivors()).isEmpty();
        }
    }

    @Tag("long")
    @Test
    void buildWhenTwoSessionsPullOneBaseAtTheSameTimeSucceedsInBoth() throws Exception {
        try (DockerSession session = open()) {
            publish(session, "base:1", "base");
        }
        Path context = Files.createTempDirectory(directory, "context");
        Files.writeString(context.resolve("Dockerfile"), "FROM " + registry.image("base:1") + "\nRUN cp /made /copy\n");
        for (int round = 0; round < 3; round++) {
            try (DockerSession one = open();
                    DockerSession two = open()) {
                List<Process> builds = new ArrayList<>();
                for (DockerSession session : List.of(one, two)) {
                    builds.add(cli(session).start("build", "--no-cache", "-t", "app", context.toString()));
                }
                for (Process build : builds) {
                    assertThat(Cli.result(build).ok()).contains("Successfully tagged app:latest");
                }
                assertThat(hostNames()).isEmpty();
                assertThat(one.teardown(DEADLINE).survivors()).isEmpty();
                assertThat(cli(two).docker("run", "--rm", "app", "cat", "/copy").ok())
                        .isEqualTo("base");
            }
        }
    }

    @Tag("long")
    @Test
    void registryWhenTheHostsImagesAreHiddenGivesTheSessionItsOwn() throws Exception {
        String app = registry.image("app:1");
        Path archive = directory.resolve("busybox.tar");
        host("save", "-o", archive.toString(), "busybox");
        try (DockerSession session =
                DoodWorkflow.create().hostImages(HostImages.none()).open(SessionOptions.defaults())) {
            Cli cli = cli(session);
            cli.docker("load", "-i", archive.toString()).ok();
            cli.docker("tag", "busybox", app).ok();
            cli.docker("push", app).ok();
            cli.docker("rmi", app, "busybox").ok();
            assertThat(cli.docker("images", "-aq").ok()).isEmpty();
            String digest = registry.image("app@" + registry.digest("app", "1"));
            cli.docker("pull", digest).ok();
            assertThat(cli.docker("images", "--format", "{{.Repository}} {{.Tag}}")
                            .ok())
                    .isEqualTo(registry.image("app") + " <none>");
            assertThat(cli.docker("run", "--rm", digest, "echo", "hidden").ok()).isEqualTo("hidden");
            Cli.Result pushed = cli.docker("push", "-a", registry.image("app"));
            assertThat(pushed.code()).isNotZero();
            assertThat(pushed.output()).doesNotContain("dw-");
            build(session, "child", "FROM " + digest + "\nRUN echo child > /made\n");
            assertThat(cli.docker("run", "--rm", "child", "cat", "/made").ok()).isEqualTo("child");
        }
    }

    @Test
    void buildWhenItIsQuietAndFailsSaysWhatItHasDone() throws Exception {
        try (DockerSession session = open()) {
            Path context = Files.createTempDirectory(directory, "context");
            Files.writeString(context.resolve("Dockerfile"), "FROM busybox\nRUN echo so far && false\n");
            List<BuildResponseItem> said = new ArrayList<>();
            assertThatThrownBy(() -> session.docker()
                            .buildImageCmd(context.toFile())
                            .withQuiet(true)
                            .exec(new BuildImageResultCallback() {
                                @Override
                                public void onNext(BuildResponseItem item) {
                                    said.add(item);
                                    super.onNext(item);
                                }
                            })
                            .awaitImageId())
                    .hasMessageContaining("returned a non-zero code: 1");
            assertThat(said).extracting(BuildResponseItem::getStream).contains("so far\n");
        }
    }

    @Tag("long")
    @Test
    void buildWhenTheHostHasTheBaseMeanwhileLeavesItThere() throws Exception {
        String base = registry.image("base:1");
        try (DockerSession session = open()) {
            publish(session, "base:1", "base");
        }
        try (DockerSession session = open()) {
            Path context = Files.createTempDirectory(directory, "context");
            Files.writeString(context.resolve("Dockerfile"), "FROM " + base + "\nRUN sleep 4\n");
            Process build = cli(session).start("build", context.toString());
            await().atMost(DEADLINE).until(() -> hostNames().contains(base));
            host("tag", "busybox", base);
            Cli.result(build).ok();
            assertThat(host("inspect", "-f", "{{.Id}}", base)).isEqualTo(host("inspect", "-f", "{{.Id}}", "busybox"));
        } finally {
            host("rmi", base);
        }
    }

    @Tag("long")
    @Test
    void buildxWhenItsBaseIsNobodysLeavesNoImage() throws Exception {
        String base = registry.image("base:1");
        try (DockerSession session = open()) {
            publish(session, "base:1", "base");
        }
        try (DockerSession session = open()) {
            Path context = Files.createTempDirectory(directory, "context");
            Files.writeString(
                    context.resolve("Dockerfile"),
                    "ARG BASE\nFROM ${BASE} AS first\nFROM busybox\nCOPY --from=first /made /first\nCOPY --from="
                            + registry.image("base@" + registry.digest("base", "1")) + " /made /second\n");
            new NewClients(session)
                    .docker(context, "buildx", "build", "--build-arg", "BASE=" + base, "-t", "app", ".")
                    .ok();
            assertThat(hostNames()).isEmpty();
            assertThat(cli(session)
                            .docker("run", "--rm", "app", "cat", "/first", "/second")
                            .ok())
                    .isEqualTo("base\nbase");
            cli(session)
                    .docker("pull", registry.image("base@" + registry.digest("base", "1")))
                    .ok();
            new NewClients(session)
                    .docker(context, "buildx", "build", "--build-arg", "BASE=" + base, "-t", "app", ".")
                    .ok();
        }
    }

    @Tag("long")
    @Test
    void buildxAndComposeWhenPushingPushTheNameThatTheyWereGiven() throws Exception {
        String app = registry.image("built:1");
        Path context = Files.createTempDirectory(directory, "context");
        Files.writeString(context.resolve("Dockerfile"), "FROM busybox\nRUN echo pushed > /made\n");
        Files.writeString(
                context.resolve("compose.yaml"),
                "services: {one: {build: ., image: '" + registry.image("composed:1") + "'}}\n");
        try (DockerSession session = open()) {
            NewClients clients = new NewClients(session);
            Cli.Result built = clients.docker(
                    context,
                    "buildx",
                    "build",
                    // It names the image, and so differs between names where the engine keeps it with the image.
                    "--provenance=false",
                    "--push",
                    "-t",
                    app,
                    "-t",
                    registry.image("built:2"),
                    ".");
            assertThat(built.ok()).doesNotContain("dw-");
            clients.docker(
                            context,
                            "buildx",
                            "build",
                            "--output",
                            "type=registry,name=" + registry.image("exported:1"),
                            ".")
                    .ok();
            clients.docker(context, "compose", "build", "--push").ok();
            assertThat(registry.get("built/tags/list")).contains("\"1\"", "\"2\"");
            assertThat(registry.get("exported/tags/list")).contains("\"1\"");
            assertThat(registry.get("composed/tags/list")).contains("\"1\"");
            assertThat(cli(session)
                            .docker("inspect", "-f", "{{.RepoDigests}}", app)
                            .ok())
                    .contains(registry.digest("built", "1"));
            assertThat(hostNames()).isEmpty();
        }
        try (DockerSession session = open()) {
            assertThat(cli(session).docker("run", "--rm", app, "cat", "/made").ok())
                    .endsWith("pushed");
        }
    }

    /** The labels of the session that built it are in the image for good, and so in the host's containers. */
    @Test
    void teardownAndSweepWhenTheHostRunsAPushedImageLeaveItAlone() throws Exception {
        String app = registry.image("app:1");
        try (DockerSession session = open()) {
            publish(session, "app:1", "deployed");
            String digest = registry.image("app@" + registry.digest("app", "1"));
            host("pull", digest);
            String container = host("run", "-d", digest, "sleep", "600");
            try {
                assertThat(cli(session).docker("ps", "-aq").ok()).isEmpty();
                assertThat(cli(session).docker("stop", container).output()).contains("No such container");
                assertThat(session.teardown(DEADLINE).survivors()).isEmpty();
                Sessions.sweep(SessionOptions.defaults());
                assertThat(host("inspect", "-f", "{{.State.Running}}", container))
                        .isEqualTo("true");
                host("rm", "-f", container);
                Sessions.sweep(SessionOptions.defaults());
                assertThat(hostNames()).contains(digest);
                assertThat(Sessions.list(SessionOptions.defaults()))
                        .flatExtracting(SessionInfo::children)
                        .noneMatch(child -> child.child().name().contains(registry.address()));
            } finally {
                host("rm", "-f", container);
                host("rmi", digest);
            }
        }
    }

    /** What it has made so far has the labels of the base's session, which is over, and no name. */
    @Test
    void sweepWhenTheHostBuildsOnAPushedImageLeavesTheBuildAlone() throws Exception {
        String base = registry.image("base:1");
        try (DockerSession session = open()) {
            publish(session, "base:1", "base");
        }
        host("pull", base);
        Path context = Files.createTempDirectory(directory, "context");
        Files.writeString(context.resolve("Dockerfile"), "FROM " + base + "\nENV STEP=" + registry.address() + "\n");
        ProcessBuilder classic = new ProcessBuilder("docker", "build", "-q", context.toString());
        classic.environment().put("DOCKER_BUILDKIT", "0");
        Process build = classic.start();
        String step = new String(build.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        try {
            Sessions.sweep(SessionOptions.defaults());
            assertThat(Host.imageIds()).contains(step);
        } finally {
            host("rmi", step);
            host("rmi", base);
        }
    }
}
