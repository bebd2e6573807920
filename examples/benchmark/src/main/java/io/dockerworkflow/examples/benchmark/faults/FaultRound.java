package io.dockerworkflow.examples.benchmark.faults;

import io.dockerworkflow.Endpoint;
import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.WorkflowSession;
import io.dockerworkflow.dood.DoodWorkflow;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Processes with an open session that are killed, and how long what they had made is there afterwards. */
final class FaultRound {
    private static final long LIMIT_MILLIS = 60_000;
    private static final long POLL_MILLIS = 10;
    /** What was asked of the engine at the moment of death, it may make after everything else is gone. */
    private static final long SETTLED_MILLIS = 1_000;

    private final Path engine;
    private final Path directory;
    private final String mode;
    private final boolean watchdog;
    private final EngineContents contents;

    FaultRound(Path engine, Path directory, String mode, boolean watchdog, EngineContents contents) {
        this.engine = engine;
        this.directory = directory;
        this.mode = mode;
        this.watchdog = watchdog;
        this.contents = contents;
    }

    /**
     * What became of one.
     *
     * @param ended after how many milliseconds it ended by itself; the largest number if it was killed
     * @param made how many things it had made when it was killed
     * @param cleanup how many milliseconds they were there: since the kill, or since the opening of the next session
     * @param leaked what was left
     */
    record Result(long ended, int made, double cleanup, Set<String> leaked) {}

    /** How many milliseconds a process takes that nobody kills. */
    long undisturbed() {
        Process victim = start();
        long begun = System.nanoTime();
        try {
            if (victim.waitFor() != 0) {
                throw new IllegalStateException("A session in mode " + mode + " fails even when nobody kills it");
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
    }

    /** Kills one that many milliseconds after its start. */
    Result killed(long moment, Set<String> before) {
        Process victim = start();
        long begun = System.nanoTime();
        try {
            if (victim.waitFor(moment, TimeUnit.MILLISECONDS)) {
                long ended = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
                return new Result(
                        ended,
                        0,
                        0,
                        awaitClean(System.nanoTime(), () -> contents.since(before))
                                .leaked());
            }
            // Seen before the kill as well as after it: who removes it may be fast.
            Set<String> made = contents.since(before);
            long kill = System.nanoTime();
            victim.destroyForcibly();
            made.addAll(contents.since(before));
            Result cleaned = watchdog ? awaitClean(kill, () -> contents.since(before)) : cleanByNextOpen(before);
            victim.waitFor();
            return new Result(Long.MAX_VALUE, made.size(), cleaned.cleanup(), cleaned.leaked());
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** Waits until nothing is there that was not before, and some more, should anything come back. */
    private static Result awaitClean(long from, Supplier<Set<String>> left) {
        long clean = 0;
        while (true) {
            Set<String> now = left.get();
            long looked = System.nanoTime();
            if (!now.isEmpty()) {
                clean = 0;
            } else if (clean == 0) {
                clean = looked;
            }
            if (clean != 0 && looked - clean > TimeUnit.MILLISECONDS.toNanos(SETTLED_MILLIS)
                    || looked - from > TimeUnit.MILLISECONDS.toNanos(LIMIT_MILLIS)) {
                return new Result(Long.MAX_VALUE, 0, ((clean == 0 ? looked : clean) - from) / 1e6, now);
            }
            pause(POLL_MILLIS);
        }
    }

    private Result cleanByNextOpen(Set<String> before) {
        // What was asked for at the moment of death is there by then.
        pause(SETTLED_MILLIS);
        Set<String> left = contents.since(before);
        SessionOptions options = SessionOptions.defaults()
                .engine(new Endpoint.UnixSocket(engine))
                .environment(Map.of("XDG_RUNTIME_DIR", directory.toString()))
                .watchdog(false);
        // The lifelines' image is this session's, too, as long as it is open.
        for (String thing : List.copyOf(left)) {
            if (thing.contains(" dw-lifeline:")) {
                left.remove(thing);
                left.remove(thing.substring(0, thing.lastIndexOf(' ')));
            }
        }
        Result cleaned;
        long open = System.nanoTime();
        try (WorkflowSession next = DoodWorkflow.create().open(options)) {
            cleaned = awaitClean(open, () -> {
                Set<String> still = new LinkedHashSet<>(left);
                still.retainAll(contents.things());
                return still;
            });
            if (!next.mode().id().equals("dood")) {
                throw new IllegalStateException("The next session is of mode " + next.mode());
            }
        }
        Set<String> leaked =
                awaitClean(System.nanoTime(), () -> contents.since(before)).leaked();
        return new Result(Long.MAX_VALUE, 0, left.isEmpty() ? 0 : cleaned.cleanup(), leaked);
    }

    /** Started when its main method is. */
    private Process start() {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Victim.class.getName(),
                        mode,
                        Boolean.toString(watchdog))
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("DOCKER_HOST", "unix://" + engine);
        builder.environment().put("XDG_RUNTIME_DIR", directory.toString());
        try {
            Process process = builder.start();
            BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
            if (!"begun".equals(lines.readLine())) {
                throw new IllegalStateException("A JVM with a session does not start");
            }
            return process;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void pause(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static IllegalStateException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IllegalStateException("Interrupted", e);
    }
}
