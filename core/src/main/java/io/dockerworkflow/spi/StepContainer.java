package io.dockerworkflow.spi;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.exception.NotModifiedException;
import io.dockerworkflow.Endpoint;
import io.dockerworkflow.EngineException;
import io.dockerworkflow.InvalidStepException;
import io.dockerworkflow.WorkflowException;
import io.dockerworkflow.internal.http.RawConnection;
import io.dockerworkflow.internal.http.RawHttp;
import io.dockerworkflow.internal.step.AccountFile;
import io.dockerworkflow.internal.step.StepFiles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A step's container on its engine. Safe for use by several threads. */
final class StepContainer {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(30);
    private static final int BODY_LIMIT = 64 * 1024;

    private final DockerClient docker;
    private final Endpoint endpoint;
    private final String api;
    private final String id;
    private final String name;

    private StepContainer(StepPlace place, String api, String id, String name) {
        this.docker = place.docker();
        this.endpoint = place.endpoint();
        this.api = api;
        this.id = id;
        this.name = name;
    }

    /**
     * Creates the container.
     *
     * @param api the API version for requests that do not go through docker-java
     * @param name its engine name
     * @throws ConflictException if the name is in use
     * @throws InvalidStepException if the engine refuses what the command says
     */
    static StepContainer create(CreateContainerCmd command, StepPlace place, String api, String name) {
        String id = requesting(
                "create the step's container",
                name,
                () -> command.withName(name).exec().getId());
        return new StepContainer(place, api, id, name);
    }

    String name() {
        return name;
    }

    /** The user that the container runs as, in the engine's words; empty for root. */
    String user() {
        return asking(
                "inspect the step's container",
                name,
                () -> Optional.ofNullable(docker.inspectContainerCmd(id)
                                .exec()
                                .getConfig()
                                .getUser())
                        .orElse(""));
    }

    /** The image's file of users or groups; empty if there is none. */
    AccountFile accounts(String path) {
        return asking("read " + path + " of the image", name, () -> {
            try (InputStream archive =
                    docker.copyArchiveFromContainerCmd(id, path).exec()) {
                return StepFiles.accountsIn(archive).orElse(AccountFile.of(""));
            } catch (NotFoundException e) {
                return AccountFile.of("");
            } catch (IOException e) {
                throw failed("read " + path + " of the image", name, e);
            }
        });
    }

    /** Unpacks an archive in the container's root directory. */
    void unpack(byte[] archive) {
        requesting(
                "put files into the step's container",
                name,
                () -> docker.copyArchiveToContainerCmd(id)
                        .withRemotePath("/")
                        .withTarInputStream(new ByteArrayInputStream(archive))
                        .exec());
    }

    /**
     * Connects to the container's streams. Before its start, so that none of its output is lost. On a connection of our own,
     * because docker-java's cannot be half-closed.
     */
    RawConnection attach(boolean stdin) {
        String path = "/attach?stream=1&stdout=1&stderr=1&stdin=" + (stdin ? 1 : 0);
        RawConnection connection = null;
        try {
            connection = RawConnection.open(endpoint, CONNECT_TIMEOUT);
            RawHttp.Response response =
                    post(connection, path, Map.of("Upgrade", "tcp", "Connection", "Upgrade", "Content-Length", "0"));
            // Engines answer 101; some proxies before them 200 with the raw stream, as engines once did.
            if (response.status() != 101 && response.status() != 200) {
                throw new IOException(
                        response.status() + " " + new String(response.body(BODY_LIMIT), StandardCharsets.UTF_8));
            }
            return connection;
        } catch (IOException e) {
            throw closing(connection, failed("attach to the step's container", name, e));
        }
    }

    void start() {
        requesting("start the step", name, () -> docker.startContainerCmd(id).exec());
    }

    /** Ends the container: SIGTERM, and SIGKILL after the grace. Returns when it has ended. */
    void stop(Duration grace) {
        try {
            docker.stopContainerCmd(id)
                    .withTimeout(Math.toIntExact(grace.toSeconds()))
                    .exec();
        } catch (NotFoundException | NotModifiedException e) {
            // it has ended already
        }
    }

    /** Waits for the container's end. */
    void awaitEnd() {
        try (RawConnection connection = RawConnection.open(endpoint, CONNECT_TIMEOUT)) {
            RawHttp.Response response = post(connection, "/wait", Map.of("Content-Length", "0", "Connection", "close"));
            byte[] body = response.body(BODY_LIMIT);
            if (response.status() != 200) {
                throw new IOException(new String(body, StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw failed("wait for the step's end", name, e);
        }
    }

    /** How the container stands. */
    ContainerState state() {
        return asking(
                "inspect the step's container",
                name,
                () -> docker.inspectContainerCmd(id).exec().getState());
    }

    /**
     * Removes the container and its anonymous volumes, running or not.
     *
     * @return whether it was this call that did; the teardown, for instance, may be faster
     */
    boolean remove() {
        try {
            docker.removeContainerCmd(id)
                    .withForce(true)
                    .withRemoveVolumes(true)
                    .exec();
            return true;
        } catch (NotFoundException | ConflictException e) {
            return false; // gone, or going: "removal is already in progress"
        }
    }

    private RawHttp.Response post(RawConnection connection, String path, Map<String, String> headers)
            throws IOException {
        return RawHttp.request(connection, "POST", "/v" + api + "/containers/" + id + path, headers);
    }

    private static WorkflowException closing(@Nullable RawConnection connection, WorkflowException failure) {
        if (connection != null) {
            try {
                connection.close();
            } catch (IOException e) {
                failure.addSuppressed(e);
            }
        }
        return failure;
    }

    /** For what the step may have caused itself: there the engine's refusal is the step's fault. */
    private static <T> T requesting(String operation, String name, Supplier<T> call) {
        return asking(operation, name, () -> {
            try {
                return call.get();
            } catch (ConflictException e) {
                throw e;
            } catch (DockerException e) {
                if (e.getHttpStatus() < 400 || e.getHttpStatus() >= 500) {
                    throw e;
                }
                throw new InvalidStepException(
                        operation, name, EngineWords.of(e), "Change what the step asks for, as the engine says", e);
            }
        });
    }

    private static <T> T asking(String operation, String name, Supplier<T> call) {
        try {
            return call.get();
        } catch (ConflictException | WorkflowException e) {
            throw e;
        } catch (RuntimeException e) {
            throw failed(operation, name, e);
        }
    }

    static EngineException failed(String operation, String name, Exception failure) {
        return new EngineException(
                operation,
                name,
                EngineWords.of(failure),
                "See the Docker daemon's log; if it has ended, start it again",
                failure);
    }
}
