package io.dockerworkflow.internal.step;

import io.dockerworkflow.EngineException;
import io.dockerworkflow.InvalidStepException;
import io.dockerworkflow.internal.engine.EngineApi;
import io.dockerworkflow.internal.engine.EngineErrors;
import io.dockerworkflow.internal.engine.RefusedException;
import io.dockerworkflow.internal.http.RawConnection;
import io.dockerworkflow.internal.json.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A step's container on its engine. Each request but the wait for its end has a limit, which docker-java's have not on Unix
 * sockets; and docker-java would log the step's environment at debug level. Safe for use by several threads.
 */
final class StepContainer {
    private static final int NOT_MODIFIED = 304;
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;

    private final EngineApi engine;
    private final String path;
    private final String name;

    private StepContainer(EngineApi engine, String id, String name) {
        this.engine = engine;
        this.path = "/containers/" + id;
        this.name = name;
    }

    /** How a container that has ended stands: its exit code, and whether the kernel ended one of its processes for its memory. */
    record End(int code, boolean outOfMemory) {}

    /**
     * Creates the container.
     *
     * @param specification what the engine is asked for
     * @param name its engine name
     * @return the container, or empty if the name is in use
     * @throws InvalidStepException if the engine refuses what the specification says
     */
    static Optional<StepContainer> create(Map<String, Object> specification, EngineApi engine, String name) {
        return requesting("create the step's container", name, () -> {
            try {
                Json answer = engine.post("/containers/create?name=" + EngineApi.encoded(name), specification);
                return Optional.of(new StepContainer(engine, answer.text("Id"), name));
            } catch (RefusedException e) {
                if (e.status() == CONFLICT) {
                    return Optional.empty();
                }
                throw e;
            }
        });
    }

    String name() {
        return name;
    }

    /** The user that the container runs as, in the engine's words; empty for root. */
    String user() {
        return inspect().at("Config").text("User");
    }

    /** The image's file of users or groups; empty if there is none. */
    AccountFile accounts(String file) {
        String operation = "read " + file + " of the image";
        return asking(operation, name, () -> {
            try {
                byte[] archive = engine.getBytes(path + "/archive?path=" + EngineApi.encoded(file));
                return StepFiles.accountsIn(new ByteArrayInputStream(archive)).orElse(AccountFile.of(""));
            } catch (RefusedException e) {
                if (e.status() == NOT_FOUND) {
                    return AccountFile.of("");
                }
                throw e;
            } catch (IOException e) {
                throw failed(operation, name, e);
            }
        });
    }

    /** Unpacks an archive in the container's root directory. */
    void unpack(byte[] archive) {
        requesting("put files into the step's container", name, () -> {
            engine.putTar(path + "/archive?path=%2F", archive);
            return name;
        });
    }

    /** Connects to the container's streams. Before its start, so that none of its output is lost. */
    RawConnection attach(boolean stdin) {
        return asking(
                "attach to the step's container",
                name,
                () -> engine.upgrade(path + "/attach?stream=1&stdout=1&stderr=1&stdin=" + (stdin ? 1 : 0)));
    }

    void start() {
        requesting("start the step", name, () -> engine.post(path + "/start", Map.of()));
    }

    /** Ends the container: SIGTERM, and SIGKILL after the grace. Returns when it has ended. */
    void stop(Duration grace) {
        try {
            engine.patient(grace).post(path + "/stop?t=" + grace.toSeconds(), Map.of());
        } catch (RefusedException e) {
            if (e.status() != NOT_FOUND && e.status() != NOT_MODIFIED) {
                throw e;
            }
        }
    }

    /** Waits for the container's end, however long that takes. */
    void awaitEnd() {
        asking("wait for the step's end", name, () -> engine.unlimited().post(path + "/wait", Map.of()));
    }

    /** How the container, which has ended, stands. */
    End end() {
        Json state = inspect().at("State");
        return new End(
                Math.toIntExact(state.number("ExitCode")),
                state.text("OOMKilled").equals("true"));
    }

    /**
     * Removes the container and its anonymous volumes, running or not.
     *
     * @return whether it was this call that did; the teardown, for instance, may be faster
     */
    boolean remove() {
        try {
            engine.delete(path + "?force=1&v=1");
            return true;
        } catch (RefusedException e) {
            if (e.status() == NOT_FOUND || e.status() == CONFLICT) {
                return false; // gone, or going: "removal is already in progress"
            }
            throw e;
        }
    }

    private Json inspect() {
        return asking("inspect the step's container", name, () -> engine.get(path + "/json"));
    }

    /** For what the step may have caused itself: there the engine's refusal is the step's fault, but for a conflict. */
    private static <T> T requesting(String operation, String name, Supplier<T> call) {
        return asking(operation, name, () -> {
            try {
                return call.get();
            } catch (RefusedException e) {
                if (e.status() == CONFLICT || e.status() >= 500) {
                    throw e;
                }
                throw new InvalidStepException(
                        operation, name, EngineErrors.of(e), "Change what the step asks for, as the engine says", e);
            }
        });
    }

    private static <T> T asking(String operation, String name, Supplier<T> call) {
        try {
            return call.get();
        } catch (RefusedException e) {
            throw failed(operation, name, e);
        } catch (UncheckedIOException e) {
            throw failed(operation, name, Objects.requireNonNull(e.getCause()));
        }
    }

    static EngineException failed(String operation, String name, Exception failure) {
        return new EngineException(
                operation,
                name,
                EngineErrors.of(failure),
                "See the Docker daemon's log; if it has ended, start it again",
                failure);
    }
}
