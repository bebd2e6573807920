package io.dockerworkflow.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.api.DockerClient;
import io.dockerworkflow.DockerSession;
import io.dockerworkflow.DockerWorkflow;
import io.dockerworkflow.DockerWorkflows;
import io.dockerworkflow.SessionInfo;
import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.Sessions;
import io.dockerworkflow.Stdin;
import io.dockerworkflow.Step;
import io.dockerworkflow.StepFailedException;
import io.dockerworkflow.StepOutcome;
import io.dockerworkflow.StepResult;
import io.dockerworkflow.SweepReport;
import io.dockerworkflow.TeardownReport;
import io.dockerworkflow.WorkflowEvent.ImageProgress;
import io.dockerworkflow.WorkflowEvent.StepOutput;
import io.dockerworkflow.WorkflowSession;
import io.dockerworkflow.dind.DindSession;
import io.dockerworkflow.dind.DindWorkflow;
import io.dockerworkflow.dind.Rights;
import io.dockerworkflow.dood.DoodWorkflow;
import io.dockerworkflow.dood.SessionPolicy;
import io.dockerworkflow.fatimage.FatImage;
import io.dockerworkflow.fatimage.FatImageWorkflow;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The snippets of README and docs, run. {@link SnippetsTest} proves that they are these. */
class SnippetsIT {
    @TempDir
    Path directory;

    @Test
    void firstProgramWhenRunShowsTheContainerThatTheStepMade() {
        PrintStream before = System.out;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        try {
            FirstProgram.main(new String[0]);
        } finally {
            System.setOut(before);
        }
        assertThat(out.toString(StandardCharsets.UTF_8).lines().toList())
                .anyMatch(line -> line.endsWith(" db"))
                .anyMatch(line -> line.endsWith(" step-1"));
    }

    @Test
    void doodWhenUsedByAnyClientIsTheSessionsOwn() throws Exception {
        // snippet: dood
        try (DockerSession session = DoodWorkflow.create().open()) {
            // docker-java, seeing only this session
            DockerClient docker = session.docker();
            docker.createNetworkCmd().withName("app").exec();

            // any program: the docker CLI, compose, a test suite with Testcontainers
            ProcessBuilder client = new ProcessBuilder("docker", "network", "ls").inheritIO();
            int exitCode = session.configure(client).start().waitFor();
            assertThat(exitCode).isZero(); // not shown
        }
        // end
    }

    @Test
    void policyWhenSetIsTheSessions() {
        // snippet: policy
        DoodWorkflow guarded = DoodWorkflow.create();
        SessionPolicy rules =
                SessionPolicy.guarded().allowHostPaths(Path.of("/srv/cache")).maxMemory(2L << 30);
        DoodWorkflow opened = DoodWorkflow.create().policy(rules);
        // whatever the engine allows: root on the machine
        DoodWorkflow trusted = DoodWorkflow.create().policy(SessionPolicy.trusted());
        // end
        for (DoodWorkflow workflow : List.of(guarded, opened, trusted)) {
            try (DockerSession session = workflow.open()) {
                assertThat(session.docker().listContainersCmd().exec()).isEmpty();
            }
        }
    }

    @Test
    void gatewayListenerWhenSetHearsTheSessionsRequests() {
        // snippet: gateway-listener
        Map<String, LongAdder> nanos = new ConcurrentHashMap<>();
        DoodWorkflow workflow = DoodWorkflow.create()
                .listener(request -> nanos.computeIfAbsent(
                                request.method() + " " + request.route(), route -> new LongAdder())
                        .add(request.untilEnd().toNanos()));
        // end
        try (DockerSession session = workflow.open()) {
            session.docker().infoCmd().exec();
        }
        assertThat(nanos.get("GET /info").sum()).isPositive();
    }

    @Test
    void dindWhenSeededHasTheImage() {
        // snippet: dind
        DockerWorkflow workflow = DindWorkflow.create()
                .seed("busybox") // copied in from the engine, so that nothing is pulled
                .startDeadline(Duration.ofSeconds(30));
        // end
        try (WorkflowSession session = workflow.open()) {
            assertThat(session.run(Step.of("docker", "run", "--rm", "busybox", "true")
                                    .image("docker:dind"))
                            .exitCode())
                    .isZero();
        }
    }

    @Test
    void dindSessionWhenOpenTellsItsRights() {
        // snippet: dind-session
        try (DindSession session = DindWorkflow.create().seed("busybox").open()) {
            DockerClient docker = session.docker(); // a docker-java client of the session's own daemon
            Map<String, String> variables = session.environment(); // DOCKER_HOST for any process you start
            Rights rights = session.rights(); // what the daemon may do
            System.out.println(docker.infoCmd().exec().getImages() + " image, " + variables);
            System.out.println(rights + " rights; inside does not work: " + rights.lacks());
        } // daemon, containers, images and volumes are gone
        // end
    }

    @Test
    void fatImageWhenBuiltRunsStepsWithItsTools() throws IOException {
        Path context = Files.createDirectory(directory.resolve("build-image"));
        Files.writeString(context.resolve("Dockerfile"), "FROM busybox\n");
        // snippet: fatimage
        FatImage image = FatImage.built(context).tools("tar", "gzip");
        try (WorkflowSession session = FatImageWorkflow.create(image).open()) {
            session.run(Step.of("tar", "-czf", "out.tar.gz", "build.txt").workspace(directory));
        }
        // end
    }

    @Test
    void modeWhenChosenByNameRunsTheSameStep() {
        for (String mode : List.of("dood", "dind", "fatimage")) {
            // snippet: named
            try (WorkflowSession session = DockerWorkflows.named(mode).open()) {
                StepResult result = session.run(Step.of("id", "-u").image("docker:dind"));
                System.out.println(mode + ": " + result.output());
            }
            // end
        }
    }

    @Test
    void stepWhenGivenEverythingHasIt() throws IOException {
        Path project = directory;
        Files.writeString(project.resolve("words.txt"), "one two");
        String token = "s3cr3t-t0ken";
        // snippet: step
        Step step = Step.of("sh", "-c", "cat words.txt - && wc -c < /run/secrets/token && touch done")
                .image("busybox")
                .workspace(project) // mounted at the same path, and worked in
                .environment("CI", "true")
                .secret("token", token) // a file that only the step's user can read
                .stdin(Stdin.of("three\n"))
                .timeout(Duration.ofMinutes(10));

        SessionOptions options = SessionOptions.defaults().listener(event -> {
            if (event instanceof StepOutput output) {
                System.out.println(output.line()); // as it comes
            } else if (event instanceof ImageProgress progress) {
                System.out.println(progress.image() + ": " + progress.text());
            }
        });
        try (DockerSession session = DoodWorkflow.create().open(options)) {
            StepResult result = session.run(step);
            if (result.outcome() instanceof StepOutcome.TimedOut timedOut) {
                System.out.println("gave up after " + timedOut.limit());
            }
            result.orThrow(); // or a StepFailedException that quotes the end of the output
        }
        // end
        assertThat(project.resolve("done")).exists();
    }

    @Test
    void teardownWhenCalledReportsWhatItRemoved() {
        // snippet: teardown
        try (DockerSession session = DoodWorkflow.create().open()) {
            session.run(Step.of("docker", "volume", "create", "cache").image("docker:dind"))
                    .orThrow();

            TeardownReport report = session.teardown(Duration.ofSeconds(30));
            report.removed().forEach(child -> System.out.println("removed " + child));
            report.survivors().forEach(child -> System.out.println("left: " + child));
        }
        // end
    }

    @Test
    void sessionsWhenListedShowTheirLabels() {
        try (DockerSession open =
                DoodWorkflow.create().open(SessionOptions.defaults().label("job", "snippets"))) {
            open.docker().createVolumeCmd().withName("data").exec();
            // snippet: sessions
            SessionOptions options = SessionOptions.defaults()
                    .label("job", "nightly-17") // on every child, for whoever operates the engine
                    .keepOnFailure(Duration.ofHours(1)) // the children of a session in which a step failed
                    .stopGrace(Duration.ofSeconds(5)); // for containers that want to end in order

            for (SessionInfo session : Sessions.list(options)) {
                System.out.println(session.id() + " " + session.labels() + " " + session.children());
            }
            SweepReport left = Sessions.sweepable(options); // what dead owners left; sweep(options) removes it
            // end
            assertThat(Sessions.find(options, open.id()).orElseThrow().labels()).containsEntry("job", "snippets");
            assertThat(left.swept()).extracting(SessionInfo::id).doesNotContain(open.id());
        }
    }

    @Test
    void stepWhenFailedSaysSo() {
        try (DockerSession session = DoodWorkflow.create().open()) {
            StepResult result =
                    session.run(Step.of("sh", "-c", "echo why; exit 3").image("busybox"));

            assertThatThrownBy(result::orThrow)
                    .isInstanceOf(StepFailedException.class)
                    .hasMessageContaining("exited with code 3")
                    .hasMessageEndingWith("why");
        }
    }
}
