package io.dockerworkflow.dind;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.WaitContainerResultCallback;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Mount;
import com.github.dockerjava.api.model.MountType;
import com.github.dockerjava.api.model.WaitResponse;
import io.dockerworkflow.Child;
import io.dockerworkflow.EngineException;
import io.dockerworkflow.internal.engine.EngineErrors;
import io.dockerworkflow.internal.session.SessionScope;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The container that a session's daemon runs in, and the volume with its data. Both are children; the tracker removes them. */
final class DaemonContainer {
    private static final String NAME = "daemon";

    private final DockerClient engine;
    private final String id;
    private final DindSettings settings;

    private DaemonContainer(DockerClient engine, String id, DindSettings settings) {
        this.engine = engine;
        this.id = id;
        this.settings = settings;
    }

    /** Creates the container and does not start it. */
    static DaemonContainer create(SessionScope scope, DindSettings settings, Channel channel) {
        DockerClient engine = scope.engine().docker();
        try {
            DataVolume volume = DataVolume.make(scope, settings);
            HostConfig host = Confinement.hostConfig(
                            settings.rights(), engine.infoCmd().exec())
                    .withMounts(mounts(volume.name(), channel, scope));
            String name = volume.containerName(scope);
            try (var announcement = scope.tracker().announce(new Child(Child.Kind.CONTAINER, name))) {
                String id = engine.createContainerCmd(settings.image())
                        .withName(name)
                        .withLabels(scope.names().labels(NAME))
                        .withUser("0")
                        .withEntrypoint(channel.command())
                        .withHostConfig(host)
                        .exec()
                        .getId();
                announcement.created();
                return new DaemonContainer(engine, id, settings);
            }
        } catch (ConflictException e) {
            throw new EngineException(
                    "use a cache for a session's daemon",
                    "\"" + settings.cache().orElse("") + "\"",
                    EngineErrors.of(e),
                    "Another session uses it: wait for its end, or use a cache of another name, or none",
                    e);
        } catch (DockerException e) {
            throw failure(
                    "create the container of a Docker daemon",
                    settings,
                    EngineErrors.of(e).orElse(""),
                    e);
        }
    }

    String id() {
        return id;
    }

    /** Starts the container. */
    void start() {
        try {
            engine.startContainerCmd(id).exec();
        } catch (DockerException e) {
            throw failure(
                    "start the container of a Docker daemon",
                    settings,
                    EngineErrors.of(e).orElse(""),
                    e);
        }
    }

    /** Watches for the container's end. Call it after the start: a container that was not started counts as ended. */
    Exit watchExit() {
        return engine.waitContainerCmd(id).exec(new Exit());
    }

    /** The error for a daemon that did not start, with its last words and a remedy. */
    EngineException failure(String what, @Nullable Throwable cause) {
        String log = LogTail.of(engine, id);
        return failure(
                "start a Docker daemon", settings, log.isEmpty() ? what : what + "; its last words:\n" + log, cause);
    }

    private static EngineException failure(
            String operation, DindSettings settings, String words, @Nullable Throwable cause) {
        String target = "image " + settings.image() + ", " + settings.rights() + " rights";
        return new EngineException(operation, target, Optional.of(words), Diagnosis.remedy(words), cause);
    }

    private static List<Mount> mounts(String volume, Channel channel, SessionScope scope) {
        List<Mount> mounts = new ArrayList<>();
        mounts.add(new Mount().withType(MountType.VOLUME).withSource(volume).withTarget("/var/lib/docker"));
        mounts.add(bind(EnginePaths.of(scope, channel.directory()), Channel.INSIDE));
        // At this process's own path, because a client here names that path to the daemon.
        scope.options()
                .workspace()
                .ifPresent(workspace -> mounts.add(bind(EnginePaths.of(scope, workspace), workspace.toString())));
        return mounts;
    }

    /** A mount, not a bind: if the source does not exist, a mount fails, and a bind would create an empty directory. */
    private static Mount bind(Path source, String target) {
        return new Mount()
                .withType(MountType.BIND)
                .withSource(source.toString())
                .withTarget(target);
    }

    /** The end of the container. */
    static final class Exit extends WaitContainerResultCallback {
        private final CompletableFuture<Integer> code = new CompletableFuture<>();

        /** Completes with the exit code when the container has ended. */
        CompletableFuture<Integer> code() {
            return code;
        }

        @Override
        public void onNext(WaitResponse response) {
            code.complete(response.getStatusCode());
        }

        @Override
        public void onError(Throwable failure) {
            code.completeExceptionally(failure);
            onComplete();
        }
    }
}
