package io.dockerworkflow.internal.owner;

import io.dockerworkflow.Endpoint;
import io.dockerworkflow.internal.children.ApiObjects;
import io.dockerworkflow.internal.children.Deadline;
import io.dockerworkflow.internal.children.Removal;
import io.dockerworkflow.internal.children.UnfinishedStep;
import io.dockerworkflow.internal.children.UnfinishedSteps;
import io.dockerworkflow.internal.engine.EngineApi;
import io.dockerworkflow.internal.engine.RefusedException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a watchdog runs when its owner has died: reads what there is to remove beside the owner's labelled children, until its standard
 * input ends, and removes all of it. Without a shell to wait for that it runs from the start, and the kernel ends its input.
 */
public final class WatchdogMain {
    private static final Pattern OWN_TAG = Pattern.compile("dw-[0-9a-f]{8}-.*");
    private static final Duration LIMIT = Duration.ofMinutes(5);
    /** For what a client had asked of the engine at the moment of death, and the engine made after our first look. */
    private static final long[] LATER_LOOKS = {200, 1_000, 5_000};

    private WatchdogMain() {}

    /**
     * Runs until the owner has ended, and what it left is gone.
     *
     * @param arguments the engine's DOCKER_HOST, the API version, the label to look for as name=value
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        CleanupList duty = new CleanupList();
        EngineApi engine = new EngineApi(endpoint(arguments[0]), arguments[1]);
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8), 256);
        for (String line = input.readLine(); line != null && !duty.ended(); line = input.readLine()) {
            duty.accept(line);
        }
        if (!duty.ended()) {
            perform(duty, engine, arguments[2]);
        }
    }

    private static void perform(CleanupList duty, EngineApi engine, String label) throws InterruptedException {
        UnfinishedSteps unfinished = new UnfinishedSteps(engine);
        List<UnfinishedStep> steps = UnfinishedStep.in(duty.directories());
        duty.children().forEach(unfinished::removeOn);
        unfinished.remove(steps);
        removeChildren(duty, engine, label);
        duty.directories().forEach(WatchdogMain::delete);
        removeLifelineImage(engine);
        for (long pause : LATER_LOOKS) {
            new CountDownLatch(1).await(pause, TimeUnit.MILLISECONDS);
            unfinished.remove(steps);
            removeChildren(duty, engine, label);
            removeLifelineImage(engine);
        }
    }

    private static void removeChildren(CleanupList duty, EngineApi engine, String label) {
        Deadline deadline = Deadline.in(LIMIT);
        removal(engine, label).run(duty.children(), Set.of(), deadline, deadline);
    }

    private static void removeLifelineImage(EngineApi engine) {
        try {
            LifelineImage.removeUnused(engine);
        } catch (RefusedException | UncheckedIOException e) {
            return; // Whoever opens a session next uses it, and removes it after that.
        }
    }

    private static Removal removal(EngineApi engine, String label) {
        return new Removal(
                new ApiObjects(engine), label, tag -> OWN_TAG.matcher(tag).matches(), child -> {}, Duration.ZERO);
    }

    private static Endpoint endpoint(String dockerHost) {
        if (dockerHost.startsWith("unix://")) {
            return new Endpoint.UnixSocket(Path.of(dockerHost.substring("unix://".length())));
        }
        String address = dockerHost.substring(dockerHost.indexOf("://") + 3);
        int colon = address.lastIndexOf(':');
        String host = address.substring(0, colon).replace("[", "").replace("]", "");
        return new Endpoint.Tcp(host, Integer.parseInt(address.substring(colon + 1)), Optional.empty());
    }

    /** A session's directory holds little: sockets, files with secrets. */
    private static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            // Nobody is left to tell; the directory is private and in a place that is cleared by others.
            return;
        }
    }
}
