package io.dockerworkflow.testsupport;

import static io.dockerworkflow.testsupport.Docker.docker;
import static org.awaitility.Awaitility.await;

import io.dockerworkflow.Endpoint;
import io.dockerworkflow.EngineException;
import io.dockerworkflow.SessionId;
import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.internal.engine.EngineConnection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** An engine of a test's own, in a container of the usual one, that may be killed, paused and started again. */
public final class OwnEngine implements AutoCloseable {
    /** Longer than any start that was seen, on a machine that is busy with other things. */
    private static final Duration START = Duration.ofSeconds(60);

    private final String name = "dw-test-engine-" + SessionId.random();
    private final Endpoint.UnixSocket endpoint;

    private OwnEngine(Path directory) {
        this.endpoint = new Endpoint.UnixSocket(directory.resolve("docker.sock"));
    }

    /**
     * Starts one, with busybox in it.
     *
     * @param directory gets its socket
     * @param data how docker run is told of its data's place, which is /var/lib/docker
     */
    public static OwnEngine start(Path directory, String... data) throws IOException {
        OwnEngine engine = new OwnEngine(directory);
        List<String> command = new ArrayList<>(List.of(
                "run", "-d", "--privileged", "--network", "none", "--name", engine.name, "-v", directory + ":/own"));
        command.addAll(List.of(data));
        // A killed one leaves the files of its processes, whose numbers the next one's have again.
        String script = "rm -rf /run/docker* /run/containerd; exec dockerd --host unix:///own/docker.sock --group "
                + Files.getAttribute(directory, "unix:gid");
        command.addAll(List.of("--entrypoint", "sh", "docker:dind", "-c", script));
        docker(command.toArray(String[]::new));
        try {
            engine.awaitReady();
            Path image = Files.createTempFile("busybox", ".tar");
            docker("save", "-o", image.toString(), "busybox");
            engine.inside("load", "-i", image.toString());
            Files.delete(image);
            return engine;
        } catch (RuntimeException | Error e) {
            engine.close();
            throw e;
        }
    }

    public SessionOptions options() {
        return SessionOptions.defaults().engine(endpoint).watchdog(false);
    }

    /** The docker CLI as its client. */
    public List<String> inside(String... arguments) {
        List<String> command = new ArrayList<>(List.of("-H", endpoint.dockerHost()));
        command.addAll(List.of(arguments));
        return docker(command.toArray(String[]::new));
    }

    /** Runs a program beside it, in its container. */
    public void exec(String script) {
        docker("exec", name, "sh", "-c", script);
    }

    public void kill() {
        docker("kill", name);
    }

    public void startAgain() {
        docker("start", name);
        awaitReady();
    }

    public void pause() {
        docker("pause", name);
    }

    public void unpause() {
        docker("unpause", name);
    }

    private void awaitReady() {
        await().atMost(START).until(this::answers);
    }

    private boolean answers() {
        try (EngineConnection connection = EngineConnection.open(endpoint)) {
            return !connection.version().api().isEmpty();
        } catch (EngineException e) {
            return false;
        }
    }

    @Override
    public void close() {
        docker("rm", "-fv", name);
    }
}
