package io.dockerworkflow.dood.gateway.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.api.exception.NotFoundException;
import io.dockerworkflow.DockerSession;
import io.dockerworkflow.Endpoint;
import io.dockerworkflow.ImageNotFoundException;
import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.Step;
import io.dockerworkflow.dood.DoodWorkflow;
import io.dockerworkflow.dood.HostImages;
import io.dockerworkflow.dood.testsupport.Cli;
import io.dockerworkflow.dood.testsupport.EngineUnderTest;
import io.dockerworkflow.dood.testsupport.NewClients;
import io.dockerworkflow.dood.testsupport.RawClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Images of the host that a session does not see are not there for it, by whatever name, id or way. */
@Timeout(180)
class HostImagesIT {
    private static final String HIDDEN = "docker:dind";

    @TempDir
    Path directory;

    private DockerSession open(HostImages images) {
        return DoodWorkflow.create()
                .hostImages(images)
                .open(SessionOptions.defaults().workspace(directory));
    }

    @Test
    void imageWhenHiddenDoesNotExistForAnyCommand() throws Exception {
        List<String> before = hostImages();
        try (DockerSession none = open(HostImages.none());
                DockerSession only = open(HostImages.only("busybox"))) {
            notThere(none, "busybox");
            notThere(only, HIDDEN);
            Cli cli = new Cli(none);
            assertThat(cli.docker("images", "-aq").ok()).isEmpty();
            assertThat(cli.docker("info", "--format", "{{.Images}}").ok()).isEqualTo("0");
            assertThat(cli.docker("system", "df", "--format", "{{.TotalCount}}").ok())
                    .startsWith("0");
            assertThat(none.docker().listImagesCmd().withShowAll(true).exec()).isEmpty();
            assertThatThrownBy(() -> none.docker().inspectImageCmd("busybox").exec())
                    .isInstanceOf(NotFoundException.class)
                    .hasMessageContaining("No such image: busybox");
            assertThat(new Cli(only)
                            .docker("images", "--format", "{{.Repository}}:{{.Tag}}")
                            .ok())
                    .isEqualTo("busybox:latest");
        }
        assertThat(hostImages()).isEqualTo(before);
    }

    /** By name, by id, and by the beginning of the id. */
    private static void notThere(DockerSession session, String image) throws Exception {
        Cli cli = new Cli(session);
        String id = host("inspect", "-f", "{{.Id}}", image);
        for (String name : List.of(image, "docker.io/library/" + image, id, id.substring("sha256:".length(), 20))) {
            List<List<String>> commands = List.of(
                    List.of("image", "inspect", name),
                    List.of("history", name),
                    List.of("save", name),
                    List.of("tag", name, "stolen"),
                    List.of("rmi", name),
                    List.of("images", "-f", "since=" + name),
                    List.of("images", "-f", "before=" + name),
                    List.of("create", "--pull", "never", name, "true"),
                    List.of("run", "--pull", "never", "--rm", name, "true"));
            for (List<String> command : commands) {
                Cli.Result result = cli.docker(command.toArray(String[]::new));
                assertThat(result.output())
                        .as("docker %s", command)
                        // The latter is what engines say of a name to save.
                        .matches("(?is).*(no such image|reference does not exist).*")
                        .doesNotContain("dw-", session.id().value());
                assertThat(result.code()).as("docker %s", command).isNotZero();
            }
        }
        assertThat(cli.docker("push", image).output())
                .contains("does not exist locally with the tag: " + image.replace(":dind", ""))
                .doesNotContain("dw-");
    }

    @Test
    void imageWhenAllowedIsReadByNameAndIdAndByASteps() throws Exception {
        try (DockerSession session = open(HostImages.only("busy*"))) {
            String id = host("inspect", "-f", "{{.Id}}", "busybox");
            Cli cli = new Cli(session);
            assertThat(cli.docker("run", "--rm", "busybox", "echo", "by name").ok())
                    .isEqualTo("by name");
            assertThat(cli.docker("run", "--rm", id, "echo", "by id").ok()).isEqualTo("by id");
            assertThat(session.run(Step.of("echo", "a step").image("busybox"))
                            .orThrow()
                            .output())
                    .containsExactly("a step");
            assertThatThrownBy(() -> session.run(Step.of("true").image(HIDDEN)))
                    .isInstanceOf(ImageNotFoundException.class);
            assertThat(cli.docker("history", "-q", "busybox").ok()).isNotEmpty();
            assertThat(cli.docker("tag", "busybox", "mine").code()).isZero();
            assertThat(cli.docker("images", "-q", "mine").ok()).isNotEmpty();
        }
    }

    @Test
    void imageWhenTheSessionMadeItIsThereWhateverIsHidden() throws Exception {
        Path archive = directory.resolve("busybox.tar");
        host("save", "-o", archive.toString(), "busybox");
        try (DockerSession session = open(HostImages.none())) {
            Cli cli = new Cli(session);
            // No registry is asked successfully, so what the host has under that name stays hidden.
            assertThat(cli.docker("pull", "busybox").code()).isNotZero();
            assertThat(cli.docker("images", "-q").ok()).isEmpty();
            assertThat(cli.docker("load", "-i", archive.toString()).ok()).isEqualTo("Loaded image: busybox:latest");
            assertThat(cli.docker("images", "--format", "{{.Repository}}:{{.Tag}}")
                            .ok())
                    .isEqualTo("busybox:latest");
            assertThat(cli.docker("run", "--name", "work", "busybox", "touch", "/made")
                            .code())
                    .isZero();
            String commit = cli.docker("commit", "work").ok();
            assertThat(cli.docker("run", "--rm", commit, "ls", "/made").ok()).isEqualTo("/made");
            build(cli, "FROM busybox\nRUN echo built > /built\n", "-t", "app").ok();
            assertThat(cli.docker("run", "--rm", "app", "cat", "/built").ok()).isEqualTo("built");
            assertThat(cli.docker("history", "app").ok()).doesNotContain("dw-");
        }
    }

    @Test
    void imageWhenLoadedWithoutATagIsTheSessionsById() throws Exception {
        Path archive = directory.resolve("untagged.tar");
        String id = host("inspect", "-f", "{{.Id}}", "busybox");
        host("save", "-o", archive.toString(), id);
        try (DockerSession session = open(HostImages.none())) {
            Cli cli = new Cli(session);
            assertThat(cli.docker("load", "-i", archive.toString()).ok()).contains(id);
            assertThat(cli.docker("run", "--rm", id, "echo", "loaded").ok()).isEqualTo("loaded");
            assertThat(cli.docker("images", "-q", "--no-trunc").ok()).isEqualTo(id);
        }
    }

    @Test
    void buildWhenItsDockerfileNamesAHiddenImageIsToldThatThereIsNone() throws Exception {
        try (DockerSession session = open(HostImages.only("busybox"))) {
            Cli cli = new Cli(session);
            String id = host("inspect", "-f", "{{.Id}}", HIDDEN);
            for (String dockerfile : List.of(
                    "FROM docker:dind\n",
                    "FROM \\\n docker:dind\n",
                    "ARG BASE=docker:dind\nFROM ${BASE}\n",
                    "ARG BASE\nFROM ${BASE:-docker:dind}\n",
                    "FROM --platform=linux/amd64 docker.io/library/docker:dind AS base\n",
                    "FROM " + id + "\n",
                    "FROM busybox\nCOPY --from=docker:dind /bin/sh /dind\n",
                    "FROM busybox\nRUN : <<FROM\nFROM docker:dind\nFROM busybox\n")) {
                Cli.Result result = build(cli, dockerfile);
                assertThat(result.code()).as(dockerfile).isNotZero();
                assertThat(result.output()).as(dockerfile).contains("No such image");
            }
            Path linked = Files.createTempDirectory(directory, "linked");
            Files.writeString(linked.resolve("other"), "FROM docker:dind\n");
            Files.createSymbolicLink(linked.resolve("Dockerfile"), Path.of("other"));
            String tar = directory.resolve("linked.tar").toString();
            command("tar", "-cf", tar, "-C", linked.toString(), ".");
            assertThat(post(session, "/build", Path.of(tar)))
                    .contains("Cannot locate specified Dockerfile: Dockerfile");
            // The name that a classic builder falls back to.
            Files.delete(linked.resolve("Dockerfile"));
            Files.move(linked.resolve("other"), linked.resolve("dockerfile"));
            command("tar", "-cf", tar, "-C", linked.toString(), ".");
            assertThat(post(session, "/build", Path.of(tar))).contains("No such image: docker:dind");
            assertThat(post(session, "/build?remote=http://127.0.0.1:1/x.tar", Path.of(tar)))
                    .contains("where images of the host are hidden");

            build(cli, "# syntax=none\nFROM scratch\nCOPY Dockerfile /\n", "-t", "scratched")
                    .ok();
            build(
                            cli,
                            "FROM busybox AS one\nRUN echo 1 > /one\nFROM busybox\nCOPY --from=0 /one /\nCOPY --from=one /one /two\n",
                            "--cache-from",
                            HIDDEN,
                            "-t",
                            "two")
                    .ok();
            assertThat(cli.docker("run", "--rm", "two", "cat", "/one", "/two").ok())
                    .isEqualTo("1\n1");
        }
    }

    @Test
    void buildxWhenItsDockerfileNamesAHiddenImageIsRefused() throws Exception {
        try (DockerSession session = open(HostImages.only("busybox"))) {
            Path context = Files.createTempDirectory(directory, "context");
            for (String dockerfile : List.of(
                    "FROM docker:dind\nRUN echo hidden\n",
                    "FROM busybox\nCOPY --from=docker:dind /bin/sh /dind\n",
                    "FROM busybox\nRUN --mount=from=docker:dind,target=/dind true\n",
                    "# syntax=docker:dind\nFROM busybox\n")) {
                Cli.Result result = buildx(session, context, dockerfile);
                assertThat(result.code()).as(dockerfile).isNotZero();
                assertThat(result.output())
                        .as(dockerfile)
                        .containsAnyOf("denied by policy", "docker:dind: not found")
                        .doesNotContain("dw-");
            }
            assertThat(buildx(session, context, "FROM busybox\n", "--build-context", "busybox=docker-image://" + HIDDEN)
                            .output())
                    .contains("not found");
            buildx(
                            session,
                            context,
                            "FROM busybox\nRUN echo built > /built\n",
                            "-t",
                            "app",
                            "--cache-from",
                            "type=registry,ref=" + HIDDEN)
                    .ok();
            buildx(session, context, "FROM app\nRUN cat /built\n", "-t", "child")
                    .ok();
            assertThat(new Cli(session)
                            .docker("run", "--rm", "child", "cat", "/built")
                            .ok())
                    .isEqualTo("built");
        }
    }

    private Cli.Result build(Cli cli, String dockerfile, String... options) throws IOException {
        Path context = Files.createTempDirectory(directory, "context");
        Files.writeString(context.resolve("Dockerfile"), dockerfile);
        List<String> command = new ArrayList<>(List.of("build"));
        command.addAll(List.of(options));
        command.add(context.toString());
        return cli.docker(command.toArray(String[]::new));
    }

    private static Cli.Result buildx(DockerSession session, Path context, String dockerfile, String... options)
            throws IOException {
        Files.writeString(context.resolve("Dockerfile"), dockerfile);
        List<String> command = new ArrayList<>(List.of("buildx", "build", "--progress", "plain"));
        command.addAll(List.of(options));
        command.add(".");
        return new NewClients(session).docker(context, command.toArray(String[]::new));
    }

    private static String post(DockerSession session, String target, Path body) throws IOException {
        byte[] archive = Files.readAllBytes(body);
        String head = "POST /v" + EngineUnderTest.version().api() + target
                + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-tar\r\nContent-Length: " + archive.length
                + "\r\nConnection: close\r\n\r\n";
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
        request.writeBytes(archive);
        return new RawClient(((Endpoint.UnixSocket) session.endpoint()).path())
                .send(request.toByteArray(), false, Duration.ofSeconds(60))
                .text();
    }

    /** On the engine itself, past every session. */
    private static String host(String... arguments) throws Exception {
        return command(Stream.concat(Stream.of("docker"), Stream.of(arguments)).toArray(String[]::new));
    }

    private static List<String> hostImages() throws Exception {
        return host("images", "--no-trunc", "--format", "{{.ID}} {{.Repository}}:{{.Tag}}")
                .lines()
                .filter(line -> line.matches(".* (busybox|docker|alpine):.*"))
                .sorted()
                .toList();
    }

    private static String command(String... command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
