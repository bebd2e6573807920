package io.dockerworkflow.dind;

import io.dockerworkflow.Endpoint;
import io.dockerworkflow.EngineException;
import io.dockerworkflow.WorkflowException;
import io.dockerworkflow.internal.engine.EngineImages;
import io.dockerworkflow.internal.session.SessionScope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Starts a session's daemon and waits until it answers. */
final class DaemonStart {
    private final SessionScope scope;
    private final DindSettings settings;

    DaemonStart(SessionScope scope, DindSettings settings) {
        this.scope = scope;
        this.settings = settings;
    }

    /** Returns the running daemon. */
    Daemon run() {
        requireLocalEngine();
        ensureImages();
        Channel channel = Channel.make(scope.directory().resolve("daemon"), settings.rights());
        DaemonContainer container = DaemonContainer.create(scope, settings, channel);
        try (DaemonSocket answers = DaemonSocket.watch(channel.socket(), "dw-" + scope.id() + "-daemon-ready")) {
            container.start();
            awaitReady(container, answers);
        }
        return new Daemon(container.id(), new Endpoint.UnixSocket(channel.socket()));
    }

    /** Gets all images before anything is created, so that a missing image fails at once. */
    private void ensureImages() {
        EngineImages images = new EngineImages(scope.engine(), scope.events()::tellImageProgress);
        images.ensure(settings.image());
        settings.seeds().forEach(images::ensure);
    }

    private void requireLocalEngine() {
        Endpoint endpoint = scope.engine().endpoint();
        if (!(endpoint instanceof Endpoint.UnixSocket)) {
            throw new EngineException(
                    "open a DinD session",
                    endpoint.dockerHost(),
                    Optional.of(
                            "the session's daemon is reached through a Unix socket in a directory that this machine and "
                                    + "the engine share, and this engine is reached through the network"),
                    "Use an engine on this machine through its Unix socket, or mode dood, which works with engines "
                            + "elsewhere",
                    null);
        }
    }

    private void awaitReady(DaemonContainer container, DaemonSocket answers) {
        DaemonContainer.Exit exit = container.watchExit();
        try {
            exit.awaitStarted();
            CompletableFuture.anyOf(answers.answered(), exit.code())
                    .get(settings.startDeadline().toMillis(), TimeUnit.MILLISECONDS);
            if (!answers.answered().isDone()) {
                throw container.failure("it ended with exit code " + exit.code().join(), null);
            }
        } catch (TimeoutException e) {
            throw container.failure(
                    "it did not answer within " + settings.startDeadline().toMillis() / 1000.0 + " s", e);
        } catch (ExecutionException e) {
            throw container.failure("waiting for it failed: " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new WorkflowException(
                    "start a Docker daemon",
                    "image " + settings.image(),
                    Optional.of("the thread was interrupted"),
                    "Open the session again",
                    e);
        } finally {
            close(exit);
        }
    }

    private static void close(DaemonContainer.Exit exit) {
        try {
            exit.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
