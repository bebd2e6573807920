package io.dockerworkflow.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotFoundException;
import io.dockerworkflow.Child;
import io.dockerworkflow.Child.Kind;
import io.dockerworkflow.SessionId;
import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.spi.EngineConnection;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an engine does that cannot be told without one. */
class ApiObjectsIT {
    private final ImageOwner owner = new ImageOwner(SessionId.random(), "none");

    @Test
    void removeStepOnWhenABuildWasBrokenOffRemovesWhatItHasMadeOfItsLastImageOnly() {
        try (EngineConnection engine = EngineConnection.open(SessionOptions.defaults())) {
            DockerClient docker = engine.docker();
            ApiObjects objects = new ApiObjects(
                    new EngineApi(engine.endpoint(), engine.version().api()));
            String unfinished = owner.unfinished(1, 1);
            String finished = owner.prefix() + ":build-2";
            String last = commit(docker, "busybox");
            String result = commit(docker, "busybox");
            docker.tagImageCmd(last, owner.prefix(), "build-1.1").exec();
            docker.tagImageCmd(result, owner.prefix(), "build-2").exec();
            String step = commit(docker, last);
            String namelessStep = commit(docker, step);
            String others = commit(docker, result);
            try {
                objects.removeStepOn(new Child(Kind.IMAGE, finished));
                objects.removeStepOn(new Child(Kind.IMAGE, owner.unfinished(3, 1)));
                objects.removeStepOn(new Child(Kind.IMAGE, unfinished));

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

    /** A nameless image, as the classic builder's steps make them. */
    private static String commit(DockerClient docker, String image) {
        String container =
                docker.createContainerCmd(image).withCmd("true").exec().getId();
        try {
            return docker.commitCmd(container).exec();
        } finally {
            docker.removeContainerCmd(container).exec();
        }
    }
}
