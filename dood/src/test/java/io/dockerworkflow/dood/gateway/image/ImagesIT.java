package io.dockerworkflow.dood.gateway.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.model.Image;
import io.dockerworkflow.DockerSession;
import io.dockerworkflow.Endpoint;
import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.TeardownReport;
import io.dockerworkflow.dood.DoodWorkflow;
import io.dockerworkflow.dood.testsupport.Cli;
import io.dockerworkflow.dood.testsupport.EngineUnderTest;
import io.dockerworkflow.dood.testsupport.RawClient;
import io.dockerworkflow.internal.engine.EngineConnection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A session's images are its own, and the host's stay as they are. */
@Timeout(180)
class ImagesIT {

    @TempDir
    Path directory;

    @Test
    void buildWhenTwoSessionsUseTheSameTagGivesEachItsOwn() throws IOException {
        try (DockerSession one = DoodWorkflow.create().open();
                DockerSession two = DoodWorkflow.create().open()) {
            build(one, "app:1", "FROM busybox\nCMD echo one\n").ok();
            build(two, "app:1", "FROM busybox\nCMD echo two\n").ok();
            assertThat(new Cli(one).docker("run", "--rm", "app:1").ok()).isEqualTo("one");
            assertThat(new Cli(two).docker("run", "--rm", "app:1").ok()).isEqualTo("two");
        }
    }

    @Test
    void buildWhenItBuildsOnTheSessionsOwnImageFindsIt() throws IOException {
        try (DockerSession session = DoodWorkflow.create().open()) {
            build(session, "base", "FROM busybox\nRUN echo base > /base\n").ok();
            String output = build(session, "child", "ARG BASE=base\nFROM ${BASE}\nCMD cat /base\n")
                    .ok();
            assertThat(output).contains("Successfully tagged child:latest").doesNotContain("io.dockerworkflow", "dw-");
            assertThat(output).contains("Step 3/3 : CMD cat /base");
            assertThat(new Cli(session).docker("run", "--rm", "child").ok()).isEqualTo("base");
            assertThat(new Cli(session).docker("history", "--no-trunc", "child").ok())
                    .doesNotContain("io.dockerworkflow");
        }
    }

    @Test
    void tagWhenItIsOneOfTheHostsShadowsItInTheSessionOnly() throws IOException {
        String before = hostId("busybox");
        try (DockerSession session = DoodWorkflow.create().open()) {
            build(session, "busybox", "FROM busybox\nCMD echo mine\n").ok();
            assertThat(new Cli(session).docker("run", "--rm", "busybox").ok()).isEqualTo("mine");
            assertThat(hostId("busybox")).isEqualTo(before);
            Cli cli = new Cli(session);
            cli.docker("rmi", "busybox").ok();
            assertThat(cli.docker("inspect", "-f", "{{.Id}}", "busybox").ok()).isEqualTo(before);
        }
    }

    @Test
    void diskUsageWhenImagesShareLayersCountsOwnOnceAndNoOthers() throws IOException {
        int mebibyte = 1024 * 1024;
        String large = "FROM busybox\nRUN dd if=/dev/urandom of=/large bs=1M count=16\n";
        try (DockerSession one = DoodWorkflow.create().open();
                DockerSession two = DoodWorkflow.create().open()) {
            long before = layersSize(socket(one));
            build(one, "base", large).ok();
            build(one, "first", "FROM base\nCMD echo first\n").ok();
            build(one, "second", "FROM base\nCMD echo second\n").ok();
            build(two, "other", large.replace("/large", "/other")).ok();

            long after = layersSize(socket(one));

            assertThat(after - before).isBetween(16L * mebibyte, 17L * mebibyte);
            assertThat(layersSize(EngineUnderTest.socket()) - after).isBetween(16L * mebibyte, 17L * mebibyte);
        }
    }

    private static Path socket(DockerSession session) {
        return ((Endpoint.UnixSocket) session.endpoint()).path();
    }

    private static long layersSize(Path socket) {
        String usage =
                new RawClient(socket).request("GET", "/system/df", Map.of(), "").body();
        Matcher size = Pattern.compile("\"LayersSize\":(\\d+)").matcher(usage);
        assertThat(size.find()).as(usage).isTrue();
        return Long.parseLong(size.group(1));
    }

    /** As it is when the host has pulled what the session has pushed. */
    @Test
    void pruneWhenTheHostHasANameForTheSessionsImageLeavesItThere() throws IOException {
        try (DockerSession session = DoodWorkflow.create().open();
                EngineConnection engine = EngineConnection.open(SessionOptions.defaults())) {
            build(session, "app", "FROM busybox\nRUN echo app > /app\n").ok();
            Cli cli = new Cli(session);
            String hosts = "hosts-" + session.id();
            engine.docker()
                    .tagImageCmd(cli.docker("inspect", "-f", "{{.Id}}", "app").ok(), hosts, "1")
                    .exec();
            try {
                cli.docker("image", "prune", "-af").ok();
                assertThat(hostTags()).contains(hosts + ":1");
            } finally {
                engine.docker().removeImageCmd(hosts + ":1").exec();
            }
            cli.docker("image", "prune", "-af").ok();
            assertThat(hostTags()).noneMatch(tag -> tag.contains(session.id().value()));
        }
    }

    /** The classic builder gives stages no name; they are the session's all the same, and can be looked into. */
    @Test
    void buildWhenItHasStagesOrFailsLeavesNothingBehind() throws IOException {
        Set<String> before = hostIds();
        DockerSession session = DoodWorkflow.create().open();
        String stage;
        try (session) {
            String said = build(
                            session,
                            "app",
                            "FROM busybox AS made\nRUN echo made-" + session.id() + " > /made\n"
                                    + "FROM busybox\nCOPY --from=made /made /app\n")
                    .ok();
            Cli cli = new Cli(session);
            assertThat(cli.docker("run", "--rm", "app", "cat", "/app").ok()).isEqualTo("made-" + session.id());
            stage = said.substring(0, said.indexOf("Step 3/"))
                    .lines()
                    .filter(line -> line.startsWith(" ---> "))
                    .reduce((first, last) -> last.substring(" ---> ".length()))
                    .orElseThrow();
            assertThat(cli.docker("run", "--rm", stage, "cat", "/made").ok()).isEqualTo("made-" + session.id());
            assertThat(cli.docker("images", "-q").ok()).contains(stage);
            assertThat(cli.docker("images").ok()).doesNotContain("stage");
            Cli.Result failed =
                    build(session, "none", "FROM busybox\nRUN echo " + session.id() + " > /left\nRUN exit 3\n");
            assertThat(failed.code()).isNotZero();
            assertThat(hostIds().size()).isGreaterThan(before.size() + 2);
        }
        assertThat(hostIds()).containsExactlyInAnyOrderElementsOf(before).noneMatch(id -> id.contains(stage));
    }

    @Test
    void pruneWhenTheHostHasAContainerOfTheSessionsImageLeavesItThere() throws IOException {
        try (DockerSession session = DoodWorkflow.create().open();
                EngineConnection engine = EngineConnection.open(SessionOptions.defaults())) {
            Cli cli = new Cli(session);
            cli.docker("create", "--name", "base", "busybox").ok();
            // Unlike what the classic builder makes, a commit has the session's labels, and so have containers of it.
            cli.docker("commit", "base", "app").ok();
            cli.docker("rm", "base").ok();
            cli.docker("create", "--name", "mine", "app").ok();
            String hosts = engine.docker()
                    .createContainerCmd(
                            cli.docker("inspect", "-f", "{{.Id}}", "app").ok())
                    .exec()
                    .getId();
            try {
                Cli.Result pruned = cli.docker("container", "prune", "-f");
                assertThat(pruned.code()).isNotZero();
                assertThat(pruned.output()).contains("a stopped container of the host's", "by name");
                assertThat(cli.docker("info", "-f", "{{.Containers}}").ok()).isEqualTo("1");
                assertThat(cli.docker("ps", "-aq").ok().lines()).hasSize(1);
                engine.docker().inspectContainerCmd(hosts).exec();
            } finally {
                engine.docker().removeContainerCmd(hosts).exec();
            }
            assertThat(cli.docker("container", "prune", "-f").ok()).contains("Deleted Containers:");
        }
    }

    @Test
    void removeWhenTheImageIsTheHostsIsRefused() {
        try (DockerSession session = DoodWorkflow.create().open()) {
            Cli.Result removed = new Cli(session).docker("rmi", "-f", "busybox");
            assertThat(removed.code()).isNotZero();
            assertThat(removed.output()).contains("the image is the host's");
        }
        assertThat(hostId("busybox")).isNotEmpty();
    }

    @Test
    void saveAndLoadWhenTheTagsAreTheSessionsCarryLogicalNames() throws IOException {
        Path archive = directory.resolve("images.tar");
        try (DockerSession one = DoodWorkflow.create().open();
                DockerSession two = DoodWorkflow.create().open()) {
            build(one, "saved:1", "FROM busybox\nCMD echo saved\n").ok();
            new Cli(one).docker("save", "-o", archive.toString(), "saved:1").ok();
            assertThat(new Cli(two).docker("load", "-i", archive.toString()).ok())
                    .isEqualTo("Loaded image: saved:1");
            assertThat(new Cli(two).docker("run", "--rm", "saved:1").ok()).isEqualTo("saved");
            assertThat(hostTags()).noneMatch(tag -> tag.startsWith("saved"));
        }
    }

    @Test
    void commitAndTagWhenDoneShowLogicalNamesAndAreRemovedAtTheEnd() {
        DockerSession session = DoodWorkflow.create().open();
        Cli cli = new Cli(session);
        cli.docker("run", "--name", "work", "busybox", "touch", "/made").ok();
        cli.docker("commit", "work", "localhost:5000/team/result:v1").ok();
        cli.docker("tag", "localhost:5000/team/result:v1", "short").ok();
        assertThat(cli.docker("images", "--format", "{{.Repository}}:{{.Tag}}")
                        .ok()
                        .lines())
                .contains("localhost:5000/team/result:v1", "short:latest");
        assertThat(cli.docker("run", "--rm", "short", "ls", "/made").ok()).isEqualTo("/made");
        String until = String.valueOf(Instant.now().getEpochSecond() + 1);
        assertThat(cli.docker("events", "--since", "5m", "--until", until, "--format", "{{json .}}")
                        .ok())
                .contains("\"imageRef\":\"localhost:5000/team/result:v1\"")
                .doesNotContain("dw-", "io.dockerworkflow");
        TeardownReport report = session.teardown(Duration.ofSeconds(30));
        assertThat(report.survivors()).isEmpty();
        assertThat(hostTags()).noneMatch(tag -> tag.contains(session.id().value()));
    }

    @Test
    void containerWhenItNamesAnotherSessionsImageDoesNotFindIt() throws IOException {
        try (DockerSession one = DoodWorkflow.create().open();
                DockerSession two = DoodWorkflow.create().open()) {
            build(one, "secret", "FROM busybox\nRUN echo secret > /secret\n").ok();
            String id =
                    new Cli(one).docker("inspect", "-f", "{{.Id}}", "secret").ok();
            String engineName = hostTags()
                    .filter(tag -> tag.contains(one.id().value()))
                    .findFirst()
                    .orElseThrow();
            Cli thief = new Cli(two);
            for (String name : List.of(id, id.substring("sha256:".length(), 20), engineName)) {
                assertThat(thief.docker("create", "--pull", "never", name).output())
                        .contains("No such image");
                // The engine's words for a name that is not there; 20.10 has others for save.
                assertThat(thief.docker("save", name).output())
                        .containsAnyOf("No such image", "reference does not exist");
                assertThat(thief.docker("tag", name, "stolen").output()).contains("No such image");
            }
            assertThat(thief.docker("images", "-q", "--no-trunc").ok()).doesNotContain(id);
        }
    }

    private Cli.Result build(DockerSession session, String tag, String dockerfile) throws IOException {
        Path context = Files.createTempDirectory(directory, "context");
        Files.writeString(context.resolve("Dockerfile"), dockerfile);
        return new Cli(session).docker("build", "-t", tag, context.toString());
    }

    private static String hostId(String image) {
        try (EngineConnection engine = EngineConnection.open(SessionOptions.defaults())) {
            return String.valueOf(engine.docker().inspectImageCmd(image).exec().getId());
        }
    }

    private static Set<String> hostIds() {
        try (EngineConnection engine = EngineConnection.open(SessionOptions.defaults())) {
            return engine.docker().listImagesCmd().withShowAll(true).exec().stream()
                    .map(Image::getId)
                    .collect(Collectors.toSet());
        }
    }

    private static Stream<String> hostTags() {
        try (EngineConnection engine = EngineConnection.open(SessionOptions.defaults())) {
            return engine.docker().listImagesCmd().exec().stream()
                    .flatMap(
                            image -> image.getRepoTags() == null ? Stream.empty() : Arrays.stream(image.getRepoTags()));
        }
    }
}
