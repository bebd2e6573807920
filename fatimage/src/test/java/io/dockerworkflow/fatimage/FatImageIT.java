package io.dockerworkflow.fatimage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectImageResponse;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.Image;
import io.dockerworkflow.DockerSession;
import io.dockerworkflow.DockerWorkflows;
import io.dockerworkflow.ImageNotFoundException;
import io.dockerworkflow.InvalidStepException;
import io.dockerworkflow.SessionClosedException;
import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.Step;
import io.dockerworkflow.StepResult;
import io.dockerworkflow.WorkflowEvent;
import io.dockerworkflow.WorkflowEvent.ImageProgress;
import io.dockerworkflow.WorkflowException;
import io.dockerworkflow.WorkflowSession;
import io.dockerworkflow.internal.engine.EngineConnection;
import io.dockerworkflow.testsupport.Background;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fat images on a real engine. */
class FatImageIT {
    /** In the built image's content, so that each test builds images of its own. */
    private final String unique = UUID.randomUUID().toString();

    private final List<WorkflowEvent> events = new CopyOnWriteArrayList<>();
    private final SessionOptions options = SessionOptions.defaults().listener(events::add);
    private final EngineConnection engine = EngineConnection.open(SessionOptions.defaults());

    @TempDir
    Path context;

    @BeforeEach
    void writeContext() throws IOException {
        Files.writeString(context.resolve("tool"), "#!/bin/sh\necho built " + unique + "\n");
        Files.writeString(
                context.resolve("Dockerfile"),
                "FROM busybox\nCOPY tool /usr/local/bin/tool\nRUN chmod 0755 /usr/local/bin/tool\n");
    }

    @AfterEach
    void removeImages() {
        built().forEach(image ->
                engine.docker().removeImageCmd(image.getId()).withForce(true).exec());
        engine.close();
    }

    /** This test's images in the cache. */
    private List<Image> built() {
        return engine.docker().listImagesCmd().exec().stream()
                .filter(image -> image.getLabels() != null
                        && tag().equals(image.getLabels().get(FatImageWorkflow.CACHE_LABEL)))
                .toList();
    }

    private String tag() {
        return BuildContext.of(FatImage.built(context)).tag();
    }

    private StepResult run(WorkflowSession session, String... command) {
        return session.run(Step.of(command));
    }

    private List<ImageProgress> progress() {
        return events.stream()
                .filter(ImageProgress.class::isInstance)
                .map(ImageProgress.class::cast)
                .toList();
    }

    @Test
    void imageWhenOpenedTwiceIsBuiltOnce() {
        FatImageWorkflow workflow = FatImageWorkflow.create(FatImage.built(context));
        DockerClient docker = engine.docker();
        try (WorkflowSession session = workflow.open(options)) {
            assertThat(run(session, "tool").orThrow().output()).containsExactly("built " + unique);
        }
        assertThat(progress()).extracting(ImageProgress::image).containsOnly(tag());
        assertThat(progress()).extracting(ImageProgress::text).anyMatch(text -> text.startsWith("Step 1/"));
        InspectImageResponse first = docker.inspectImageCmd(tag()).exec();
        events.clear();

        try (WorkflowSession session = workflow.open(options)) {
            assertThat(run(session, "tool").orThrow().output()).containsExactly("built " + unique);
        }

        assertThat(progress()).isEmpty();
        InspectImageResponse second = docker.inspectImageCmd(tag()).exec();
        assertThat(second.getId()).isEqualTo(first.getId());
        assertThat(second.getCreated()).isEqualTo(first.getCreated());
        assertThat(second.getRepoTags()).containsExactly(tag());
    }

    @Test
    void imageWhenContentChangesIsBuiltAgain() throws IOException {
        try (WorkflowSession session =
                FatImageWorkflow.create(FatImage.built(context)).open(options)) {
            assertThat(run(session, "tool").orThrow().output()).containsExactly("built " + unique);
        }
        engine.docker().removeImageCmd(tag()).exec();
        Files.writeString(context.resolve("tool"), "#!/bin/sh\necho changed " + unique + "\n");

        try (WorkflowSession session =
                FatImageWorkflow.create(FatImage.built(context)).open(options)) {
            assertThat(run(session, "tool").orThrow().output()).containsExactly("changed " + unique);
        }
    }

    @Test
    void imageWhenDockerfileIsElsewhereIsBuilt(@TempDir Path elsewhere) throws IOException {
        Path dockerfile = Files.copy(context.resolve("Dockerfile"), elsewhere.resolve("My.Dockerfile"));
        FatImage.Built image = FatImage.built(context, dockerfile);
        try (WorkflowSession session = FatImageWorkflow.create(image).open(options)) {
            assertThat(run(session, "tool").orThrow().output()).containsExactly("built " + unique);
        } finally {
            engine.docker().removeImageCmd(BuildContext.of(image).tag()).exec();
        }
    }

    @Test
    void imageWhenTwoSessionsOpenAtOnceIsThereForBoth() throws Exception {
        FatImageWorkflow workflow =
                FatImageWorkflow.create(FatImage.built(context).tools("tool"));
        try (WorkflowSession one = open(workflow).get(60, TimeUnit.SECONDS);
                WorkflowSession other = open(workflow).get(60, TimeUnit.SECONDS)) {
            assertThat(run(one, "tool").exitCode()).isZero();
            assertThat(run(other, "tool").exitCode()).isZero();
        } finally {
            engine.docker()
                    .removeImageCmd(BuildContext.of(FatImage.built(context).tools("tool"))
                            .tag())
                    .exec();
        }
    }

    private CompletableFuture<WorkflowSession> open(FatImageWorkflow workflow) {
        return Background.supply(() -> workflow.open(options));
    }

    @Test
    void buildWhenItFailsQuotesTheEndOfItsOutputAndLeavesNothing() throws IOException {
        Files.writeString(
                context.resolve("Dockerfile"), "FROM busybox\nRUN echo about to fail " + unique + " && exit 3\n");

        assertThatThrownBy(
                        () -> FatImageWorkflow.create(FatImage.built(context)).open(options))
                .isInstanceOf(WorkflowException.class)
                .hasMessageStartingWith("Could not build the fat image (" + tag() + "): The command '/bin/sh -c echo")
                .hasMessageContaining("returned a non-zero code: 3")
                .hasMessageContaining("Mend the Dockerfile or its context. The end of the build's output:\n")
                .hasMessageContaining("\nabout to fail " + unique);
        assertThat(built()).isEmpty();
    }

    @Test
    void buildWhenThreadIsInterruptedEndsAndLeavesNothing() throws Exception {
        Files.writeString(context.resolve("Dockerfile"), "FROM busybox\nRUN echo " + unique + " && sleep 600\n");
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        Thread opening = new Thread(() -> {
            try (WorkflowSession session =
                    FatImageWorkflow.create(FatImage.built(context)).open(options)) {
                failure.completeExceptionally(new AssertionError("opened " + session.id()));
            } catch (WorkflowException e) {
                failure.complete(e);
            }
        });
        opening.start();
        await().atMost(Duration.ofSeconds(60))
                .until(() -> progress().stream().anyMatch(line -> line.text().equals(unique)));

        opening.interrupt();

        assertThat(failure.get(60, TimeUnit.SECONDS))
                .hasMessageStartingWith("Could not build the fat image (" + tag() + "): interrupted.");
        // The engine ends a build whose client has gone.
        await().atMost(Duration.ofSeconds(60))
                .until(() -> engine.docker().listContainersCmd().withShowAll(true).exec().stream()
                        .noneMatch(container -> container.getCommand().contains(unique)));
        assertThat(built()).isEmpty();
    }

    @Test
    void buildWhenDockerfileIsNotOneIsNamed() throws IOException {
        Files.writeString(context.resolve("Dockerfile"), "FORM busybox\n");

        assertThatThrownBy(
                        () -> FatImageWorkflow.create(FatImage.built(context)).open(options))
                .isInstanceOf(WorkflowException.class)
                .hasMessageStartingWith("Could not build the fat image (" + tag() + "): ")
                .hasMessageContaining("unknown instruction: FORM");
    }

    @Test
    void toolsWhenMissingAreNamedAndTheImageGetsNoTag() {
        FatImage.Built image = FatImage.built(context).tools("tool", "mvn", "git");

        assertThatThrownBy(() -> FatImageWorkflow.create(image).open(options))
                .isInstanceOf(WorkflowException.class)
                .hasMessageStartingWith("Could not find every tool in the fat image (")
                .hasMessageEndingWith("): it lacks mvn, git. Install them in the image, or use one that has them.");
        assertThat(engine.docker().listImagesCmd().exec())
                .noneMatch(made -> made.getLabels() != null
                        && BuildContext.of(image).tag().equals(made.getLabels().get(FatImageWorkflow.CACHE_LABEL)));
    }

    @Test
    void toolsWhenMissingInNamedImageAreNamed() {
        FatImage image = FatImage.named("busybox").tools("tar", "mvn");

        assertThatThrownBy(() -> FatImageWorkflow.create(image).open(options))
                .hasMessage("Could not find every tool in the fat image (busybox): it lacks mvn."
                        + " Install them in the image, or use one that has them.");
    }

    @Test
    void imageWhenThereIsNoneIsNamed() {
        assertThatThrownBy(() -> FatImageWorkflow.create(FatImage.named("127.0.0.1:1/none:1"))
                        .open(options))
                .isInstanceOf(ImageNotFoundException.class)
                .hasMessageStartingWith("Could not find an image (127.0.0.1:1/none:1): ");
    }

    @Test
    void stepWhenItNamesAnImageRunsInTheFatImageAllTheSame() {
        try (WorkflowSession session =
                FatImageWorkflow.create(FatImage.named("busybox")).open(options)) {
            assertThat(session.run(Step.of("true").image("no-such-image")).exitCode())
                    .isZero();
        }
    }

    @Test
    void stepWhenNoFatImageWasGivenRunsInItsOwn() {
        try (WorkflowSession session = DockerWorkflows.named("fatimage").open(options)) {
            assertThat(session.run(Step.of("true").image("busybox")).exitCode()).isZero();
            assertThatThrownBy(() -> session.run(Step.of("true"))).isInstanceOf(InvalidStepException.class);
        }
    }

    /** In an image without docker, and in one that has the client. */
    @Test
    void dockerWhenCalledInStepIsRefusedClearly() {
        for (String image : List.of("busybox", "docker:dind")) {
            try (WorkflowSession session =
                    FatImageWorkflow.create(FatImage.named(image)).open(options)) {
                StepResult result = run(session, "docker", "ps");

                assertThat(result.exitCode()).isEqualTo(127);
                assertThat(result.output())
                        .containsExactly(
                                "docker: a fat-image session has no Docker: no daemon, no socket, no DOCKER_HOST.",
                                "Run this step in mode dood or dind, or do without docker in it.");
            }
        }
    }

    @Test
    void stepWhenItLooksForDockerFindsNeitherSocketNorVariable() {
        try (WorkflowSession session =
                FatImageWorkflow.create(FatImage.named("docker:dind")).open(options)) {
            StepResult result =
                    run(session, "sh", "-c", "ls /var/run/docker.sock; env | grep DOCKER_HOST; /usr/bin/docker ps");

            assertThat(result.succeeded()).isFalse();
            assertThat(String.join("\n", result.output()))
                    .contains("No such file")
                    .doesNotContain("DOCKER_HOST=")
                    .contains("Cannot connect to the Docker daemon");
        }
    }

    @Test
    void sessionWhenOpenOffersNoDocker() {
        try (WorkflowSession session =
                FatImageWorkflow.create(FatImage.named("busybox")).open(options)) {
            assertThat(session).isNotInstanceOf(DockerSession.class);
        }
    }

    @Test
    void sessionWhenClosedLeavesNoContainerAndRefusesSteps() {
        WorkflowSession session =
                FatImageWorkflow.create(FatImage.named("busybox")).open(options);
        CompletableFuture<StepResult> running = Background.supply(() -> run(session, "sleep", "600"));
        await().atMost(Duration.ofSeconds(30))
                .until(() -> events.stream().anyMatch(WorkflowEvent.StepStarted.class::isInstance));

        session.close();

        assertThat(running.join().exitCode()).isEqualTo(130);
        List<Container> left = engine.docker()
                .listContainersCmd()
                .withShowAll(true)
                .withLabelFilter(List.of("io.dockerworkflow.session=" + session.id()))
                .exec();
        assertThat(left).isEmpty();
        assertThatThrownBy(() -> run(session, "true")).isInstanceOf(SessionClosedException.class);
        session.close();
    }
}
