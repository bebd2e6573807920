package io.dockerworkflow.testsupport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.github.dockerjava.api.DockerClient;
import io.dockerworkflow.DockerWorkflow;
import io.dockerworkflow.Endpoint;
import io.dockerworkflow.EngineException;
import io.dockerworkflow.ImageNotFoundException;
import io.dockerworkflow.InvalidStepException;
import io.dockerworkflow.SessionClosedException;
import io.dockerworkflow.SessionId;
import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.Stdin;
import io.dockerworkflow.Step;
import io.dockerworkflow.StepFailedException;
import io.dockerworkflow.StepOutcome;
import io.dockerworkflow.StepResult;
import io.dockerworkflow.TeardownReport;
import io.dockerworkflow.WorkflowEvent;
import io.dockerworkflow.WorkflowEvent.ChildCreated;
import io.dockerworkflow.WorkflowEvent.ChildRemoved;
import io.dockerworkflow.WorkflowEvent.SessionEnded;
import io.dockerworkflow.WorkflowEvent.SessionOpened;
import io.dockerworkflow.WorkflowEvent.StepFinished;
import io.dockerworkflow.WorkflowEvent.StepOutput;
import io.dockerworkflow.WorkflowEvent.StepStarted;
import io.dockerworkflow.WorkflowSession;
import io.dockerworkflow.internal.children.Labels;
import io.dockerworkflow.internal.engine.EngineConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a session of any mode does. Each mode's integration tests have a subclass. */
@Timeout(180)
public abstract class WorkflowContract {
    private static final String IMAGE = "busybox";

    @TempDir
    private Path directory;

    private final ConcurrentLinkedQueue<WorkflowEvent> events = new ConcurrentLinkedQueue<>();

    /** The workflow; its steps have busybox. */
    public abstract DockerWorkflow workflow();

    /** Runs a step in an image that is nowhere. Overridden where steps do not choose their image. */
    public void useImageThatIsNowhere(String image) {
        try (WorkflowSession session = open()) {
            session.run(Step.of("true").image(image));
        }
    }

    @Test
    void runWhenCommandSucceedsGivesItsOutput() {
        try (WorkflowSession session = open()) {
            StepResult result = session.run(sh("echo out; echo err >&2"));

            assertThat(result.succeeded()).isTrue();
            assertThat(result.orThrow()).isSameAs(result);
            assertThat(result.output()).containsExactlyInAnyOrder("out", "err");
            assertThat(lines()).containsExactlyInAnyOrder("STDOUT out", "STDERR err");
        }
    }

    @Test
    void runWhenCommandFailsGivesItsCode() {
        try (WorkflowSession session = open()) {
            StepResult result = session.run(sh("echo broken; exit 3"));

            assertThat(result.outcome()).isEqualTo(new StepOutcome.Exited(3));
            assertThatThrownBy(result::orThrow)
                    .isInstanceOf(StepFailedException.class)
                    .hasMessage(
                            "Could not complete the step (sh -c echo broken; exit 3): it exited with code 3. The end of"
                                    + " its output:\nbroken");
        }
    }

    @Test
    void runWhenTimeIsUpEndsTheStep() {
        Duration limit = Duration.ofMillis(700);
        try (WorkflowSession session = open()) {
            assertThat(session.run(sh("sleep 600").timeout(limit)).outcome())
                    .isEqualTo(new StepOutcome.TimedOut(limit));
        }
    }

    @Test
    void runWhenStepReadsInputBringsItAndItsEnd() {
        try (WorkflowSession session = open()) {
            assertThat(session.run(Step.of("cat").image(IMAGE).stdin(Stdin.of("one\ntwo")))
                            .output())
                    .containsExactly("one", "two");
        }
    }

    @Test
    void runWhenSecretIsGivenStepReadsItAndNobodySeesIt() {
        try (WorkflowSession session = open()) {
            StepResult result = session.run(
                    sh("wc -c < /run/secrets/token; cat /run/secrets/token").secret("token", "hunter2-secret"));

            assertThat(result.output()).containsExactly("14", "***");
            assertThat(events.toString()).doesNotContain("hunter2");
        }
    }

    @Test
    void runWhenWorkspaceIsGivenStepWorksInItAsTheCaller() throws Exception {
        Files.writeString(directory.resolve("in"), "content");
        SessionOptions options = options().workspace(directory);
        try (WorkflowSession session = workflow().open(options)) {
            assertThat(session.run(sh("pwd; cat in; cp in out")).output())
                    .containsExactly(directory.toString(), "content");
        }
        assertThat(directory.resolve("out")).hasContent("content");
        assertThat(Files.getOwner(directory.resolve("out"))).isEqualTo(Files.getOwner(directory.resolve("in")));
    }

    @Test
    void runWhenUserIsNotRootHasAHomeToWriteTo() {
        try (WorkflowSession session = open()) {
            assertThat(session.run(sh("cd && echo written > file && cat file && id -u")
                                    .user("1234:1234"))
                            .output())
                    .containsExactly("written", "1234");
        }
    }

    @Test
    void runWhenWorkspaceDoesNotExistSaysSoAndSessionGoesOn() {
        try (WorkflowSession session = open()) {
            assertThatThrownBy(() -> session.run(sh("true").workspace(Path.of("/no/such/dir"))))
                    .isInstanceOf(InvalidStepException.class)
                    .hasMessage(
                            "Could not run a step (sh -c true): its workspace /no/such/dir does not exist. Create the"
                                    + " directory, or name another one.");
            assertThat(session.run(sh("true")).succeeded()).isTrue();
        }
    }

    @Test
    void useOfImageWhenItIsNowhereSaysSo() {
        assertThatThrownBy(() -> useImageThatIsNowhere("localhost:1/docker-workflow/none:1"))
                .isInstanceOf(ImageNotFoundException.class)
                .hasMessageStartingWith("Could not find an image (localhost:1/docker-workflow/none:1): ")
                .hasMessageEndingWith("or load it with docker load.");
        assertNothingLeft();
    }

    @Test
    void runWhenStepsAreManyRunsThemAtOnce() throws Exception {
        try (WorkflowSession session = open()) {
            List<Future<StepResult>> results = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Step step = sh("echo " + i);
                results.add(Background.supply(() -> session.run(step)));
            }
            for (int i = 0; i < 4; i++) {
                assertThat(results.get(i).get().output()).containsExactly("" + i);
            }
        }
    }

    @Test
    void cancelWhenStepRunsEndsItAndTakesMore() throws Exception {
        try (WorkflowSession session = open()) {
            Future<StepResult> running = Background.supply(() -> session.run(sh("echo begun; sleep 600")));
            await().atMost(Duration.ofSeconds(60)).until(() -> lines().contains("STDOUT begun"));

            session.cancel();

            assertThat(running.get().outcome()).isEqualTo(new StepOutcome.Cancelled());
            assertThat(session.run(sh("true")).succeeded()).isTrue();
        }
    }

    @Test
    void teardownWhenStepRunsCancelsIt() throws Exception {
        WorkflowSession session = open();
        Future<StepResult> running = Background.supply(() -> session.run(sh("echo begun; sleep 600")));
        await().atMost(Duration.ofSeconds(60)).until(() -> lines().contains("STDOUT begun"));

        TeardownReport report = session.teardown(Duration.ofSeconds(60));

        assertThat(running.get().outcome()).isEqualTo(new StepOutcome.Cancelled());
        assertThat(report.survivors()).isEmpty();
        assertNothingLeft();
    }

    @Test
    void runWhenSessionHasEndedSaysSo() {
        WorkflowSession session = open();
        session.close();

        assertThatThrownBy(() -> session.run(sh("true")))
                .isInstanceOf(SessionClosedException.class)
                .hasMessage("Could not run a step (session " + session.id()
                        + "): the session has ended. Open another session, or close this one later.");
    }

    @Test
    void closeWhenCalledTwiceDoesNothingMore() {
        WorkflowSession session = open();
        session.close();
        int told = events.size();
        session.close();

        assertThat(session.teardown(Duration.ofSeconds(1))).isEqualTo(session.teardown(Duration.ofSeconds(2)));
        assertThat(events).hasSize(told);
    }

    @Test
    void listenerWhenSessionEndsHasBeenToldEverythingInOrder() {
        SessionId id;
        try (WorkflowSession session = open()) {
            id = session.id();
            assertThat(session.mode()).isEqualTo(workflow().mode());
            session.run(sh("echo out"));
        }
        List<WorkflowEvent> told = List.copyOf(events);

        assertThat(told).allMatch(event -> event.session().equals(id));
        assertThat(told.stream()
                        .filter(event -> !(event instanceof ChildCreated || event instanceof ChildRemoved))
                        .filter(event -> !(event instanceof WorkflowEvent.ImageProgress))
                        .map(WorkflowEvent::getClass))
                .containsExactly(
                        SessionOpened.class,
                        StepStarted.class,
                        StepOutput.class,
                        StepFinished.class,
                        SessionEnded.class);
        List<String> created = told.stream()
                .filter(ChildCreated.class::isInstance)
                .map(event -> ((ChildCreated) event).child().toString())
                .toList();
        List<String> removed = told.stream()
                .filter(ChildRemoved.class::isInstance)
                .map(event -> ((ChildRemoved) event).child().toString())
                .toList();
        assertThat(created).isNotEmpty().doesNotHaveDuplicates();
        assertThat(removed).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(created);
    }

    @Test
    void listenerWhenItThrowsBreaksNothing() {
        SessionOptions options = SessionOptions.defaults().listener(event -> {
            events.add(event);
            throw new IllegalStateException("a listener's own trouble");
        });
        try (WorkflowSession session = workflow().open(options)) {
            assertThat(session.run(sh("echo out")).output()).containsExactly("out");
        }
        assertNothingLeft();
    }

    @Test
    void sessionsWhenOpenAtOnceDoNotMeet() {
        try (WorkflowSession one = open();
                WorkflowSession two = open()) {
            assertThat(one.id()).isNotEqualTo(two.id());
            assertThat(one.run(sh("echo one")).output()).containsExactly("one");
            assertThat(two.run(sh("echo two")).output()).containsExactly("two");
        }
        assertNothingLeft();
    }

    @Test
    void openWhenNoEngineAnswersSaysSo() {
        Path socket = directory.resolve("docker.sock");
        assertThatThrownBy(() -> workflow().open(options().engine(new Endpoint.UnixSocket(socket))))
                .isInstanceOf(EngineException.class)
                .hasMessage(
                        "Could not connect to the engine (unix://" + socket + "): No such file or directory. Start the"
                                + " Docker daemon, or set DOCKER_HOST to where it listens.");
    }

    private WorkflowSession open() {
        return workflow().open(options());
    }

    /** Options under which {@link #assertNothingLeft} knows of the session. */
    protected final SessionOptions options() {
        return SessionOptions.defaults().listener(events::add);
    }

    private static Step sh(String script) {
        return Step.of("sh", "-c", script).image(IMAGE);
    }

    private List<String> lines() {
        return events.stream()
                .filter(StepOutput.class::isInstance)
                .map(StepOutput.class::cast)
                .map(output -> output.stream() + " " + output.line())
                .toList();
    }

    /** Of no session that told us anything. */
    private void assertNothingLeft() {
        try (EngineConnection engine = EngineConnection.open(SessionOptions.defaults())) {
            assertThat(events.stream().map(WorkflowEvent::session).distinct())
                    .allSatisfy(session ->
                            assertThat(left(engine.docker(), session)).isEmpty());
        }
    }

    private static List<String> left(DockerClient docker, SessionId session) {
        String label = Labels.SESSION + "=" + session;
        List<String> left = new ArrayList<>();
        docker.listContainersCmd()
                .withShowAll(true)
                .withLabelFilter(List.of(label))
                .exec()
                .forEach(container -> left.add("container " + container.getId()));
        docker.listNetworksCmd()
                .withFilter("label", List.of(label))
                .exec()
                .forEach(network -> left.add("network " + network.getName()));
        docker.listVolumesCmd()
                .withFilter("label", List.of(label))
                .exec()
                .getVolumes()
                .forEach(volume -> left.add("volume " + volume.getName()));
        return left;
    }
}
