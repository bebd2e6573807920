package io.dockerworkflow.dood.testsupport;

import static org.assertj.core.api.Assertions.assertThat;

import io.dockerworkflow.DockerSession;
import io.dockerworkflow.Endpoint;
import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.dood.DoodWorkflow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Tests with a registry of their own, of which nothing is to be left on the host. */
public abstract class WithRegistry {
    @TempDir
    public Path directory;

    public LocalRegistry registry;

    @BeforeEach
    void start() throws IOException {
        registry = LocalRegistry.start(directory.resolve("registry"), false);
    }

    /** Whatever the test is about, nothing of it is on the host. */
    @AfterEach
    void stop() throws Exception {
        List<String> left = hostNames();
        registry.close();
        for (String name : left) {
            host("rmi", name);
        }
        assertThat(left).as("left on the host").isEmpty();
    }

    /** Another one than the machine's own, if that is to be asked. */
    public Optional<Endpoint.UnixSocket> engine() {
        return Optional.empty();
    }

    public final DockerSession open() {
        SessionOptions options = SessionOptions.defaults();
        return DoodWorkflow.create().open(engine().map(options::engine).orElse(options));
    }

    /** With no one's credentials but the test's, and the classic builder. */
    public final Cli cli(DockerSession session) {
        return new Cli(
                session, Map.of("DOCKER_CONFIG", directory.resolve("client").toString(), "DOCKER_BUILDKIT", "0"));
    }

    public final void build(DockerSession session, String tag, String dockerfile) throws IOException {
        Path context = Files.createTempDirectory(directory, "context");
        Files.writeString(context.resolve("Dockerfile"), dockerfile);
        cli(session).docker("build", "-t", tag, context.toString()).ok();
    }

    /** Pushes an image that says something, under that name. */
    public final void publish(DockerSession session, String name, String words) throws IOException {
        build(session, registry.image(name), "FROM busybox\nRUN echo " + words + " > /made\n");
        cli(session).docker("push", registry.image(name)).ok();
    }

    /** On the engine itself, past every session. */
    public final String host(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("docker"));
        engine().ifPresent(engine -> command.addAll(List.of("-H", engine.dockerHost())));
        command.addAll(List.of(arguments));
        return Host.run(Path.of("."), command);
    }

    /**
     * Does something that is to leave a name of the host's alone: at no moment is it another image's.
     *
     * @param name of an image that the host has, and has no more afterwards
     */
    public final void leavingTheHosts(String name, Action action) throws Exception {
        String[] inspect = {"inspect", "-f", "{{.Id}} {{.RepoTags}} {{.RepoDigests}}", name};
        String before = host(inspect);
        String since = host("info", "-f", "{{.SystemTime}}");
        try {
            action.run();
            assertThat(host(inspect)).isEqualTo(before);
            String until = host("info", "-f", "{{.SystemTime}}");
            assertThat(host(Cli.imageEvents(since, until, "{{json .}}")))
                    .as("at no time was the host's tag another image")
                    .doesNotContain("\"name\":\"" + name + "\"");
        } finally {
            host("rmi", name);
        }
    }

    /** A part of a test. */
    public interface Action {
        void run() throws Exception;
    }

    /** What the engine has under names of this test's registry: tags and digests, and none of sessions. */
    public final List<String> hostNames() throws Exception {
        List<String> ids =
                host("images", "-aq", "--no-trunc").lines().distinct().toList();
        String[] inspect = Stream.concat(
                        Stream.of(
                                "inspect",
                                "-f",
                                "{{range .RepoTags}}{{println .}}{{end}}{{range .RepoDigests}}{{println .}}{{end}}"),
                        ids.stream())
                .toArray(String[]::new);
        return host(inspect)
                .lines()
                .filter(name -> name.startsWith(registry.address()) || name.contains("pushing"))
                .toList();
    }
}
