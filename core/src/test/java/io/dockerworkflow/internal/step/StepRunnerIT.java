package io.dockerworkflow.internal.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.dockerworkflow.Child;
import io.dockerworkflow.ImageNotFoundException;
import io.dockerworkflow.InvalidStepException;
import io.dockerworkflow.Mode;
import io.dockerworkflow.SessionClosedException;
import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.Stdin;
import io.dockerworkflow.Step;
import io.dockerworkflow.StepOutcome;
import io.dockerworkflow.StepResult;
import io.dockerworkflow.WorkflowEvent;
import io.dockerworkflow.WorkflowEvent.StepOutput;
import io.dockerworkflow.WorkflowEvent.StepOutput.Stream;
import io.dockerworkflow.WorkflowEvent.StepStarted;
import io.dockerworkflow.internal.children.Labels;
import io.dockerworkflow.internal.engine.EngineConnection;
import io.dockerworkflow.internal.session.SessionScope;
import io.dockerworkflow.testsupport.Background;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class StepRunnerIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    private final ConcurrentLinkedQueue<WorkflowEvent> events = new ConcurrentLinkedQueue<>();
    private SessionScope scope;

    @BeforeEach
    void open() {
        scope = SessionScope.open(Mode.FATIMAGE, SessionOptions.defaults().listener(events::add));
    }

    @AfterEach
    void close() {
        try {
            assertThat(children()).as("what steps left before the teardown").isEmpty();
        } finally {
            scope.close();
        }
    }

    @Test
    void runWhenCommandExitsGivesItsCodeAndOutput() {
        StepResult result = run(sh("echo out; echo err >&2; exit 3"));

        assertThat(result.outcome()).isEqualTo(new StepOutcome.Exited(3));
        assertThat(result.output()).containsExactlyInAnyOrder("out", "err");
        assertThat(lines(Stream.STDOUT)).containsExactly("out");
        assertThat(lines(Stream.STDERR)).containsExactly("err");
        assertThat(result.took()).isPositive();
    }

    @Test
    void runWhenDoneHasToldEventsInOrder() {
        run(sh("echo out"));

        assertThat(events.stream().map(event -> event.getClass().getSimpleName()))
                .containsExactly("ChildCreated", "StepStarted", "StepOutput", "ChildRemoved", "StepFinished");
    }

    @Test
    void runWhenCommandKillsItselfGivesTheSignal() {
        assertThat(run(sh("kill -9 $$")).outcome()).isEqualTo(new StepOutcome.Signalled(9));
        assertThat(run(sh("kill -15 $$")).exitCode()).isEqualTo(143);
    }

    @Test
    void runWhenImageLacksTheCommandExitsWith127() {
        StepResult result = run(step("no-such-command"));

        assertThat(result.outcome()).isEqualTo(new StepOutcome.Exited(127));
        assertThat(result.output()).anyMatch(line -> line.contains("no-such-command"));
    }

    @Test
    void runWhenCommandIsNotExecutableExitsWith126() {
        assertThat(run(step("/etc")).outcome()).isEqualTo(new StepOutcome.Exited(126));
    }

    @Test
    void runWhenMemoryIsUpSaysSo() {
        StepResult result =
                run(step("awk", "BEGIN { s = \"x\"; while (1) s = s s }").memory(16L << 20));

        assertThat(result.outcome()).isEqualTo(new StepOutcome.OutOfMemory());
        assertThat(result.exitCode()).isEqualTo(137);
    }

    @Test
    void runWhenTimeIsUpEndsTheStep() {
        Duration limit = Duration.ofMillis(500);
        StepResult result = run(sh("echo begun; sleep 60").timeout(limit));

        assertThat(result.outcome()).isEqualTo(new StepOutcome.TimedOut(limit));
        assertThat(result.output()).containsExactly("begun");
        assertThat(result.took()).isBetween(limit, Duration.ofSeconds(20));
    }

    @Test
    void runWhenStepIgnoresTermKillsItAfterTheGrace() {
        StepResult result =
                run(sh("trap '' TERM; echo begun; while true; do sleep 1; done").timeout(Duration.ofSeconds(1)));

        assertThat(result.outcome()).isInstanceOf(StepOutcome.TimedOut.class);
        assertThat(result.took()).isBetween(Duration.ofSeconds(3), Duration.ofSeconds(20));
    }

    @Test
    void runWhenStepHandlesTermLetsItCleanUp() {
        StepResult result = run(sh("trap 'echo cleaned; exit' TERM; echo begun; while true; do sleep 0.1; done")
                .timeout(Duration.ofSeconds(1)));

        assertThat(result.output()).containsExactly("begun", "cleaned");
    }

    @Test
    void cancelWhenStepsRunEndsThemAndTakesMore() throws Exception {
        Future<StepResult> running = inBackground(sh("echo begun; sleep 60"));
        await().atMost(PATIENCE).until(() -> !lines(Stream.STDOUT).isEmpty());

        scope.cancel();

        assertThat(running.get().outcome()).isEqualTo(new StepOutcome.Cancelled());
        assertThat(running.get().output()).containsExactly("begun");
        assertThat(run(sh("true")).succeeded()).isTrue();
    }

    @Test
    void runWhenThreadIsInterruptedEndsTheStepAndKeepsTheFlag() throws Exception {
        CompletableFuture<StepResult> result = new CompletableFuture<>();
        CompletableFuture<Boolean> flag = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            result.complete(run(sh("sleep 60")));
            flag.complete(Thread.currentThread().isInterrupted());
        });
        thread.start();
        await().atMost(PATIENCE).until(() -> events.stream().anyMatch(StepStarted.class::isInstance));

        thread.interrupt();

        assertThat(result.get().outcome()).isEqualTo(new StepOutcome.Cancelled());
        assertThat(flag.get()).isTrue();
    }

    @Test
    void runWhenThreadWasInterruptedBeforeEndsAtOnce() {
        Thread.currentThread().interrupt();
        StepResult result = run(sh("sleep 60"));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(result.outcome()).isEqualTo(new StepOutcome.Cancelled());
    }

    @Test
    void closeWhenStepsRunCancelsThemAndTakesNoMore() throws Exception {
        Future<StepResult> running =
                inBackground(sh("trap 'echo cleaned; exit' TERM; echo begun; while true; do sleep 0.1; done"));
        await().atMost(PATIENCE).until(() -> !lines(Stream.STDOUT).isEmpty());

        scope.close();

        assertThat(running.get().outcome()).isEqualTo(new StepOutcome.Cancelled());
        assertThat(running.get().output()).containsExactly("begun", "cleaned");
        assertThatThrownBy(() -> run(sh("true"))).isInstanceOf(SessionClosedException.class);
        open();
    }

    @Test
    void closeWhenCalledByAListenerOfTheStepEndsBoth() throws Exception {
        scope.close();
        SessionScope[] own = new SessionScope[1];
        own[0] = SessionScope.open(Mode.FATIMAGE, SessionOptions.defaults().listener(event -> {
            if (event instanceof StepOutput) {
                own[0].close();
            }
        }));
        assertThat(own[0].run(sh("echo x; sleep 60"), placement(own[0])).outcome())
                .isEqualTo(new StepOutcome.Cancelled());
        open();
    }

    @Test
    void runWhenStepReadsInputBringsItAndItsEnd() {
        StepResult result = run(step("wc", "-c").stdin(Stdin.of("hällo")));

        assertThat(result.output()).containsExactly("6");
    }

    @Test
    void runWhenInputIsLargeBringsAllOfItBack() {
        byte[] line = ("0123456789abcdef".repeat(4) + "\n").getBytes(StandardCharsets.UTF_8);
        List<InputStream> parts = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            parts.add(new ByteArrayInputStream(line));
        }
        run(step("cat").stdin(Stdin.from(() -> new SequenceInputStream(Collections.enumeration(parts)))));

        assertThat(lines(Stream.STDOUT)).hasSize(100_000);
    }

    @Test
    void runWhenStepHasNoInputReadsItsEndAtOnce() {
        assertThat(run(step("wc", "-c")).output()).containsExactly("0");
    }

    @Test
    void runWhenStepDoesNotReadItsInputEndsAndClosesTheSource() throws Exception {
        CompletableFuture<Boolean> closed = new CompletableFuture<>();
        PipedInputStream endless = new PipedInputStream(new PipedOutputStream()) {
            @Override
            public void close() throws IOException {
                closed.complete(true);
                super.close();
            }
        };
        assertThat(run(step("true").stdin(Stdin.from(() -> endless))).succeeded())
                .isTrue();
        assertThat(closed.get()).isTrue();
    }

    @Test
    void runWhenImageHasAnEntrypointRunsTheCommandInItsPlace() throws Exception {
        String image = image("ENTRYPOINT [\"/bin/false\"]\nCMD [\"swallowed\"]\n");
        try {
            StepResult result = scope.run(Step.of("echo", "hello").image(image), placement());
            assertThat(result.output()).containsExactly("hello");
            assertThat(result.succeeded()).isTrue();
        } finally {
            scope.engine().docker().removeImageCmd(image).exec();
        }
    }

    @Test
    void runWhenWorkspaceIsGivenMountsItAtTheSamePathAndWorksInIt() throws Exception {
        Path workspace = Files.createDirectory(directory.resolve("a:b c"));
        Files.writeString(workspace.resolve("in"), "content");

        StepResult result =
                run(sh("pwd; cat in; mkdir sub; echo made > sub/out").workspace(workspace));

        assertThat(result.output()).containsExactly(workspace.toString(), "content");
        assertThat(workspace.resolve("sub/out")).hasContent("made");
        assertThat(Files.getOwner(workspace.resolve("sub/out"))).isEqualTo(Files.getOwner(workspace));
        assertThat(run(step("pwd").workspace(workspace).workingDirectory("sub")).output())
                .containsExactly(workspace + "/sub");
    }

    @Test
    void runWhenUserIsANumberGivesItAHomeAndAName() throws Exception {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
        StepResult result =
                run(sh("id -u; id -g; whoami; echo $HOME; cd; pwd; touch x && stat -c %u x; ls -lda ~ | cut -c1-10;"
                                + "touch " + directory + "/made")
                        .workspace(directory)
                        .user("1000:1001"));

        assertThat(result.output())
                .containsExactly("1000", "1001", "step", "/home/step", "/home/step", "1000", "drwxr-xr-x");
        assertThat(Files.getAttribute(directory.resolve("made"), "unix:uid")).isEqualTo(1000);
        assertThat(Files.getAttribute(directory.resolve("made"), "unix:gid")).isEqualTo(1001);
    }

    @Test
    void runWhenStepSetsItsHomeKeepsIt() {
        assertThat(run(sh("echo $HOME").user("1000").environment("HOME", "/tmp"))
                        .output())
                .containsExactly("/tmp");
    }

    @Test
    void runWhenUserIsUnknownSaysSo() {
        for (Step step : List.of(sh("true"), sh("true").secret("a", "b"))) {
            assertThatThrownBy(() -> run(step.user("nobody-knows")))
                    .isInstanceOf(InvalidStepException.class)
                    .hasMessage("Could not run a step (sh -c true): the image busybox does not know the user"
                            + " \"nobody-knows\". Name one that it knows, or give the user and group as numbers.");
        }
    }

    @Test
    void runWhenSecretsAreGivenOnlyItsUserCanReadAndNobodySeesThem() throws Exception {
        PipedOutputStream untilInspected = new PipedOutputStream();
        PipedInputStream input = new PipedInputStream(untilInspected);
        Step step =
                sh("cd /run/secrets; stat -c '%a %u %n' *; cat token; echo; cat token >&2; echo >&2; env; cat /proc/self/cmdline; cat")
                        .user("1000:1000")
                        .stdin(Stdin.from(() -> input))
                        .secret("token", "hunter2-very-secret")
                        .secret("key.pem", "-----BEGIN\nabcdefgh\n-----END\n");
        Future<StepResult> running = inBackground(step);
        await().atMost(PATIENCE).until(() -> !lines(Stream.STDERR).isEmpty());
        String id = onlyContainer();
        String inspected =
                scope.engine().docker().inspectContainerCmd(id).exec().toString();

        untilInspected.close();
        StepResult result = running.get();

        assertThat(result.succeeded()).isTrue();
        assertThat(inspected).contains("1000:1000").doesNotContain("hunter2");
        assertThat(result.output())
                .contains("400 1000 key.pem", "400 1000 token", "***")
                .noneMatch(line -> line.contains("hunter2"));
        assertThat(events.toString()).doesNotContain("hunter2");
    }

    @Test
    void runWhenCallerIsRootLeavesTheImagesHome() {
        StepResult result = run(sh("id -u; cat /run/secrets/a").user("0:0").secret("a", "bcd"));
        assertThat(result.output()).containsExactly("0", "***");
    }

    @Test
    void runWhenImageIsNowhereSaysSo() {
        assertThatThrownBy(() -> scope.run(Step.of("true").image("localhost:1/none:1"), placement()))
                .isInstanceOf(ImageNotFoundException.class)
                .hasMessageStartingWith("Could not find an image (localhost:1/none:1): ");
    }

    @Test
    void runWhenWorkspaceDoesNotExistSaysSoAndMakesNothing() {
        assertThatThrownBy(() -> run(sh("true").workspace(Path.of("/no/such/dir"))))
                .isInstanceOf(InvalidStepException.class)
                .hasMessage("Could not run a step (sh -c true): its workspace /no/such/dir does not exist. Create the"
                        + " directory, or name another one.");
        assertThat(events).isEmpty();
    }

    @Test
    void runWhenStepHasNoImageSaysSo() {
        assertThatThrownBy(() -> scope.run(Step.of("true"), placement()))
                .isInstanceOf(InvalidStepException.class)
                .hasMessage("Could not run a step (true): it names no image. Say in which image it runs, for instance"
                        + " .image(\"busybox\").");
    }

    @Test
    void runWhenOutputIsLargeTellsAllOfItInOrder() {
        scope.close();
        AtomicLong told = new AtomicLong();
        AtomicLong wrong = new AtomicLong();
        scope = SessionScope.open(Mode.FATIMAGE, SessionOptions.defaults().listener(event -> {
            if (event instanceof StepOutput output
                    && !output.line()
                            .equals("line " + told.incrementAndGet()
                                    + " of a step that has a lot to say, and says it")) {
                wrong.incrementAndGet();
            }
        }));
        StepResult result = run(sh("seq 1 300000 | sed 's/.*/line & of a step that has a lot to say, and says it/'"));

        assertThat(told).hasValue(300_000);
        assertThat(wrong).hasValue(0);
        assertThat(result.output()).hasSize(1000).last().asString().startsWith("line 300000 ");
    }

    @Test
    void runWhenManyRunAtOnceKeepsThemApart() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(20);
        List<Future<StepResult>> results = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            Step step = sh("echo begun " + i + "; sleep 1; echo ended " + i);
            results.add(pool.submit(() -> run(step)));
        }
        for (int i = 0; i < 20; i++) {
            assertThat(results.get(i).get().output()).containsExactly("begun " + i, "ended " + i);
        }
        pool.shutdown();
    }

    @Test
    void runWhenContainerIsKilledByOthersGivesTheSignal() throws Exception {
        Future<StepResult> running = inBackground(sh("echo begun; sleep 60"));
        await().atMost(PATIENCE).until(() -> !lines(Stream.STDOUT).isEmpty());
        scope.engine().docker().killContainerCmd(onlyContainer()).exec();

        assertThat(running.get().outcome()).isEqualTo(new StepOutcome.Signalled(9));
    }

    private StepResult run(Step step) {
        return scope.run(step.image("busybox"), placement());
    }

    private Future<StepResult> inBackground(Step step) {
        return Background.supply(() -> run(step));
    }

    private StepPlacement placement() {
        return placement(scope);
    }

    private static StepPlacement placement(SessionScope scope) {
        return new StepPlacement(
                scope.engine(),
                Optional.empty(),
                scope.names()::engineName,
                scope.names().labels(),
                List.of(),
                Map.of(),
                Optional.empty());
    }

    private static Step sh(String script) {
        return step("sh", "-c", script);
    }

    private static Step step(String... command) {
        return Step.of(command).image("busybox");
    }

    private List<String> lines(Stream stream) {
        return events.stream()
                .filter(StepOutput.class::isInstance)
                .map(StepOutput.class::cast)
                .filter(output -> output.stream() == stream)
                .map(StepOutput::line)
                .toList();
    }

    private String onlyContainer() {
        assertThat(children()).hasSize(1);
        return children().get(0).name();
    }

    private List<Child> children() {
        try (EngineConnection engine = EngineConnection.open(SessionOptions.defaults())) {
            return engine
                    .docker()
                    .listContainersCmd()
                    .withShowAll(true)
                    .withLabelFilter(Map.of(Labels.SESSION, scope.id().value()))
                    .exec()
                    .stream()
                    .map(container -> new Child(Child.Kind.CONTAINER, container.getId()))
                    .toList();
        }
    }

    private String image(String instructions) throws Exception {
        Path context = Files.createDirectory(directory.resolve("context"));
        Files.writeString(context.resolve("Dockerfile"), "FROM busybox\n" + instructions);
        return scope.engine().docker().buildImageCmd(context.toFile()).start().awaitImageId();
    }
}
