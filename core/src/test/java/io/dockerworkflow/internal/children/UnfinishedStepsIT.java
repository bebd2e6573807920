package io.dockerworkflow.internal.children;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotFoundException;
import io.dockerworkflow.Child;
import io.dockerworkflow.Child.Kind;
import io.dockerworkflow.Mode;
import io.dockerworkflow.SessionId;
import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.internal.engine.EngineApi;
import io.dockerworkflow.internal.engine.EngineConnection;
import io.dockerworkflow.internal.session.SessionScope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is taken for a broken build's, of what a real engine has, and what is not. */
class UnfinishedStepsIT {
    private final SessionImageName imageName = new SessionImageName(SessionId.random(), "none");

    @Test
    void removeOnWhenABuildWasBrokenOffRemovesItsLastImageOnly() {
        try (EngineConnection engine = EngineConnection.open(SessionOptions.defaults())) {
            DockerClient docker = engine.docker();
            UnfinishedSteps steps = steps(engine);
            String unfinished = imageName.unfinished(1, 1);
            String finished = imageName.prefix() + ":build-2";
            String last = commit(docker, "busybox");
            String result = commit(docker, "busybox");
            docker.tagImageCmd(last, imageName.prefix(), "build-1.1").exec();
            docker.tagImageCmd(result, imageName.prefix(), "build-2").exec();
            String step = commit(docker, last);
            String namelessStep = commit(docker, step);
            String others = commit(docker, result);
            try {
                steps.removeOn(new Child(Kind.IMAGE, finished));
                steps.removeOn(new Child(Kind.IMAGE, imageName.unfinished(3, 1)));
                steps.removeOn(new Child(Kind.IMAGE, unfinished));

                for (String gone : List.of(step, namelessStep)) {
                    assertThatThrownBy(() -> docker.inspectImageCmd(gone).exec())
                            .isInstanceOf(NotFoundException.class);
                }
                for (String there : List.of(last, result, others)) {
                    assertThat(docker.inspectImageCmd(there).exec().getId()).isEqualTo(there);
                }
            } finally {
                docker.removeImageCmd(others).exec();
                docker.removeImageCmd(finished).exec();
                docker.removeImageCmd(unfinished).exec();
            }
        }
    }

    @Test
    void removeWhenStepRanInAContainerRemovesTheImageOfThatOne() {
        try (EngineConnection engine = EngineConnection.open(SessionOptions.defaults())) {
            DockerClient docker = engine.docker();
            String base = commit(docker, "busybox");
            Committed committed = committed(docker, base);
            String mine = committed.image();
            String others = commit(docker, base);
            try {
                UnfinishedStep step = new UnfinishedStep(
                        base.substring("sha256:".length()).substring(0, 12),
                        true,
                        Optional.of(committed.container().substring(0, 12)),
                        Instant.now());
                steps(engine).remove(List.of(new UnfinishedStep("0123456789ab", true, step.container(), step.since())));
                assertThat(docker.inspectImageCmd(mine).exec().getId()).isEqualTo(mine);

                steps(engine).remove(List.of(step));

                assertThatThrownBy(() -> docker.inspectImageCmd(mine).exec()).isInstanceOf(NotFoundException.class);
                assertThat(docker.inspectImageCmd(others).exec().getId()).isEqualTo(others);
            } finally {
                docker.removeImageCmd(others).exec();
            }
            assertThatThrownBy(() -> docker.inspectImageCmd(base).exec()).isInstanceOf(NotFoundException.class);
        }
    }

    @Test
    void removeWhenStageBeganWithANamelessImageLeavesThat() {
        try (EngineConnection engine = EngineConnection.open(SessionOptions.defaults())) {
            DockerClient docker = engine.docker();
            String base = commit(docker, "busybox");
            Committed committed = committed(docker, base);
            String mine = committed.image();
            Optional<String> container = Optional.of(committed.container());

            steps(engine)
                    .remove(List.of(
                            new UnfinishedStep(base.substring("sha256:".length()), true, container, Instant.now())));

            assertThatThrownBy(() -> docker.inspectImageCmd(mine).exec()).isInstanceOf(NotFoundException.class);
            docker.removeImageCmd(base).exec();
        }
    }

    @Test
    void removeWhenStepCopiedRemovesTheOnlyImageOfItsTime(@TempDir Path context) throws Exception {
        try (EngineConnection engine = EngineConnection.open(SessionOptions.defaults())) {
            DockerClient docker = engine.docker();
            String base = commit(docker, "busybox");
            UnfinishedStep step = new UnfinishedStep(
                    base.substring("sha256:".length()).substring(0, 12), true, Optional.empty(), Instant.now());
            UnfinishedStep earlier = new UnfinishedStep(
                    step.parent(), true, Optional.empty(), step.since().minusSeconds(90));
            UnfinishedStep later = new UnfinishedStep(
                    step.parent(), true, Optional.empty(), step.since().plusSeconds(90));
            String mine = copied(docker, context, base, "mine");
            String others = copied(docker, context, base, "others");
            try {
                steps(engine).remove(List.of(step));
                assertThat(docker.inspectImageCmd(mine).exec().getId()).isEqualTo(mine);
            } finally {
                docker.removeImageCmd(others).withNoPrune(true).exec();
            }
            steps(engine).remove(List.of(earlier, later));
            assertThat(docker.inspectImageCmd(mine).exec().getId()).isEqualTo(mine);

            steps(engine).remove(List.of(step));

            assertThatThrownBy(() -> docker.inspectImageCmd(mine).exec()).isInstanceOf(NotFoundException.class);
            docker.removeImageCmd(base).exec();
        }
    }

    @Test
    void stepWhenItsSessionEndsIsRemoved() throws Exception {
        SessionScope session = SessionScope.open(Mode.DOOD, SessionOptions.defaults());
        try (EngineConnection engine = EngineConnection.open(SessionOptions.defaults())) {
            Committed committed = committed(engine.docker(), "busybox");
            String image = committed.image();
            String base = engine.docker().inspectImageCmd(image).exec().getParent();
            new UnfinishedStep(
                            base.substring("sha256:".length()), true, Optional.of(committed.container()), Instant.now())
                    .note(session.directory(), "1");
            session.close();

            assertThatThrownBy(() -> engine.docker().inspectImageCmd(image).exec())
                    .isInstanceOf(NotFoundException.class);
        }
    }

    private static UnfinishedSteps steps(EngineConnection engine) {
        return new UnfinishedSteps(
                new EngineApi(engine.endpoint(), engine.version().api()));
    }

    /** By the classic builder, which docker-java asks for. */
    private static String copied(DockerClient docker, Path context, String base, String content) throws IOException {
        Files.writeString(context.resolve("file"), content);
        Files.writeString(context.resolve("Dockerfile"), "FROM " + base + "\nCOPY file /\n");
        String id = docker.buildImageCmd(context.toFile()).start().awaitImageId();
        return docker.inspectImageCmd(id).exec().getId();
    }

    /** A nameless image, as the classic builder's steps make them, and the container that it was made of. */
    private record Committed(String image, String container) {}

    private static String commit(DockerClient docker, String image) {
        return committed(docker, image).image();
    }

    private static Committed committed(DockerClient docker, String image) {
        String container =
                docker.createContainerCmd(image).withCmd("true").exec().getId();
        try {
            return new Committed(docker.commitCmd(container).exec(), container);
        } finally {
            docker.removeContainerCmd(container).exec();
        }
    }
}
