package io.dockerworkflow.dood.gateway.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.dockerworkflow.DockerSession;
import io.dockerworkflow.dood.DoodWorkflow;
import io.dockerworkflow.dood.testsupport.Cli;
import io.dockerworkflow.dood.testsupport.Host;
import io.dockerworkflow.dood.testsupport.NewClients;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A session's image that has lost its name to another one is shown without a name, can be pruned, and goes with the session. */
@Timeout(180)
class RetaggedImagesIT {

    /** How an image comes by a name. */
    enum Way {
        COMMIT,
        CLASSIC_BUILD,
        BUILDKIT,
        LOAD,
        IMPORT,
        TAG
    }

    @TempDir
    Path directory;

    private int made;

    @ParameterizedTest
    @EnumSource(names = "TAG", mode = EnumSource.Mode.EXCLUDE)
    void imageWhenItsNameIsGivenToAnotherIsDanglingAndGoesWithAPrune(Way first) throws Exception {
        try (DockerSession session = DoodWorkflow.create().open()) {
            Cli cli = cli(session);
            give(session, "base", Way.CLASSIC_BUILD);
            List<String> nameless = retag(session, first, List.of(Way.values()));
            List<String> named = ids(cli, "images", "-q", "--no-trunc");
            assertThat(ids(cli, "images", "-q", "--no-trunc", "--filter", "dangling=true"))
                    .containsAll(nameless);
            assertThat(ids(cli, "images", "-q", "--no-trunc", "--filter", "dangling=false"))
                    .doesNotContainAnyElementsOf(nameless);
            assertThat(cli.docker("images").ok()).doesNotContain(session.id().value());
            assertThat(cli.docker("image", "prune", "-f").ok())
                    .contains(nameless)
                    .doesNotContain("dw-");
            assertThat(Host.imageIds()).doesNotContainAnyElementsOf(nameless);
            named.removeAll(nameless);
            assertThat(ids(cli, "images", "-q", "--no-trunc")).containsAll(named);
        }
    }

    @ParameterizedTest
    @EnumSource(names = "TAG", mode = EnumSource.Mode.EXCLUDE)
    void imageWhenItsNameIsGivenToAnotherGoesWithTheSession(Way first) throws Exception {
        List<String> nameless;
        List<String> others;
        List<String> before = Host.imageIds();
        try (DockerSession session = DoodWorkflow.create().open()) {
            Cli cli = cli(session);
            give(session, "base", Way.CLASSIC_BUILD);
            nameless = retag(session, first, List.of(Way.TAG));
            others = ids(cli, "images", "-q", "--no-trunc");
        }
        assertThat(Host.imageIds()).doesNotContainAnyElementsOf(nameless);
        others.removeAll(before);
        assertThat(Host.imageIds()).doesNotContainAnyElementsOf(others);
    }

    /** The tag by which the gateway holds what was loaded is in nobody's way. */
    @Test
    void loadWhenItsImageIsRemovedByNameOrIdIsGone() throws Exception {
        try (DockerSession session = DoodWorkflow.create().open()) {
            Cli cli = cli(session);
            String since = host(directory, "docker info -f '{{.SystemTime}}'");
            for (String name : List.of("retagged:name", "retagged:id")) {
                give(session, name, Way.LOAD);
                String id = cli.docker("inspect", "-f", "{{.Id}}", name).ok();
                assertThat(cli.docker("inspect", "-f", "{{.RepoTags}}", name).ok())
                        .isEqualTo("[" + name + "]");
                assertThat(ids(cli, "images", "-q", "--no-trunc", "--filter", "dangling=true"))
                        .doesNotContain(id);
                cli.docker("tag", name, "other").ok();
                assertThat(cli.docker("rmi", "other").ok()).isEqualTo("Untagged: other:latest");
                assertThat(cli.docker("rmi", name.endsWith("id") ? id : name).ok())
                        .contains("Untagged: " + name, "Deleted: " + id)
                        .doesNotContain(session.id().value());
                assertThat(Host.imageIds()).doesNotContain(id);
            }
            String until = host(directory, "docker info -f '{{.SystemTime}}'");
            assertThat(cli.docker("events", "--since", since, "--until", until, "--filter", "type=image")
                            .ok())
                    .contains("name=other:latest")
                    .doesNotContain(session.id().value());
        }
    }

    @Test
    void loadWhenAContainerUsesItsImageKeepsItsName() throws Exception {
        try (DockerSession session = DoodWorkflow.create().open()) {
            Cli cli = cli(session);
            give(session, "retagged:used", Way.LOAD);
            cli.docker("create", "--name", "user", "retagged:used", "none").ok();
            Cli.Result removed = cli.docker("rmi", "retagged:used");
            assertThat(removed.code()).isNotZero();
            assertThat(removed.output())
                    .contains("unable to remove repository reference \"retagged:used\" (must force)")
                    .doesNotContain(session.id().value());
            String id = cli.docker("inspect", "-f", "{{.Image}}", "user").ok();
            cli.docker("tag", "busybox", "retagged:used").ok();
            cli.docker("rm", "user").ok();
            assertThat(cli.docker("image", "prune", "-f").ok()).contains("deleted: " + id);
        }
    }

    /** Each of the sessions has it for itself, whoever was first and whoever ends first. */
    @Test
    void loadWhenTwoSessionsLoadTheSameIsEachsOwn() throws Exception {
        DockerSession one = DoodWorkflow.create().open();
        String id;
        try (DockerSession two = DoodWorkflow.create().open()) {
            give(one, "retagged:both", Way.LOAD);
            id = cli(one).docker("inspect", "-f", "{{.Id}}", "retagged:both").ok();
            cli(two).docker(
                            "load",
                            "-i",
                            directory.resolve("archive-" + made + ".tar").toString())
                    .ok();
            cli(two).docker("tag", "busybox", "retagged:both").ok();
            one.close();
            assertThat(ids(cli(two), "images", "-q", "--no-trunc", "--filter", "dangling=true"))
                    .contains(id);
        } finally {
            one.close();
        }
        assertThat(Host.imageIds()).doesNotContain(id);
    }

    @Test
    void commitWhenItIsGivenNoNameGoesWithTheSession() throws Exception {
        String committed;
        try (DockerSession session = DoodWorkflow.create().open()) {
            Cli cli = cli(session);
            give(session, "base", Way.CLASSIC_BUILD);
            cli.docker("run", "--name", "work", "base", "touch", "/made").ok();
            committed = cli.docker("commit", "work").ok();
            assertThat(cli.docker("run", "--rm", committed, "ls", "/made").ok()).isEqualTo("/made");
            assertThat(cli.docker("inspect", committed).ok()).doesNotContain("io.dockerworkflow");
        }
        assertThat(Host.imageIds()).doesNotContain(committed);
    }

    /** Has a name be taken away in each way from an image that got it in that one; the ids of those that were left without. */
    private List<String> retag(DockerSession session, Way first, List<Way> others) throws Exception {
        Cli cli = cli(session);
        List<String> nameless = new ArrayList<>();
        for (Way second : others) {
            String name = "retagged:" + second.name().toLowerCase(Locale.ROOT);
            give(session, name, first);
            String id = cli.docker("inspect", "-f", "{{.Id}}", name).ok();
            assertThat(Host.imageIds()).contains(id);
            give(session, name, second);
            assertThat(cli.docker("inspect", "-f", "{{.Id}}", name).ok()).isNotEqualTo(id);
            nameless.add(id);
        }
        return nameless;
    }

    /** Gives a name to an image that nobody has; a tag gives it to the host's busybox. */
    private void give(DockerSession session, String name, Way way) throws Exception {
        Cli cli = cli(session);
        String words = name + " " + way + " " + made++ + " " + directory;
        Path context = Files.createTempDirectory(directory, "context");
        Files.writeString(context.resolve("words"), words);
        Files.writeString(context.resolve("Dockerfile"), "FROM busybox\nCOPY words /words\nENV MADE=" + made + "\n");
        Path archive = directory.resolve("archive-" + made + ".tar");
        switch (way) {
            case COMMIT -> {
                cli.docker("run", "--name", "made-" + made, "base", "sh", "-c", "echo " + words + " > /words")
                        .ok();
                cli.docker("commit", "made-" + made, name).ok();
                cli.docker("rm", "made-" + made).ok();
            }
            case CLASSIC_BUILD ->
                cli.docker("build", "-q", "-t", name, context.toString()).ok();
            case BUILDKIT ->
                new NewClients(session)
                        .docker(context, "buildx", "build", "-q", "-t", name, ".")
                        .ok();
            case LOAD -> {
                host(
                        context,
                        "tar -c words | docker import - loaded:" + made + " && docker tag loaded:" + made + " "
                                + name + " && docker save -o " + archive + " " + name + " && docker rmi loaded:" + made
                                + " "
                                + name);
                cli.docker("load", "-i", archive.toString()).ok();
            }
            case IMPORT -> {
                host(context, "tar -cf " + archive + " words");
                cli.docker("import", archive.toString(), name).ok();
            }
            case TAG -> cli.docker("tag", "busybox", name).ok();
        }
    }

    private static Cli cli(DockerSession session) {
        return new Cli(session, Map.of("DOCKER_BUILDKIT", "0"));
    }

    private static List<String> ids(Cli cli, String... arguments) {
        return new ArrayList<>(cli.docker(arguments).ok().lines().toList());
    }

    /** On the engine itself, past every session. */
    private static String host(Path directory, String script) throws Exception {
        return Host.run(directory, List.of("sh", "-c", script));
    }
}
