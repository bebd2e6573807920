package io.dockerworkflow.dind;

import static org.assertj.core.api.Assertions.assertThat;

import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.testsupport.NewestEngine;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A daemon of Debian's newest release, on an engine of the same. */
@Tag("long")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DindNewestEngineIT {
    private SessionOptions options = SessionOptions.defaults();

    @BeforeAll
    void startEngine() {
        options = options.engine(NewestEngine.withImages());
    }

    static Stream<DindWorkflow> rights() {
        DindWorkflow restricted = DindWorkflow.create().seed("busybox");
        return Stream.of(restricted, restricted.rootless());
    }

    /** From 28 on an engine mounts a container's network when its process is that user already. */
    @ParameterizedTest
    @MethodSource("rights")
    void nestedContainerWhenItsUserIsNotRootRuns(DindWorkflow workflow) {
        try (DindSession session = workflow.open(options)) {
            assertThat(Command.run(session.configure(
                            new ProcessBuilder("docker", "run", "--rm", "-u", "1000", "busybox", "id", "-u"))))
                    .isEqualTo("1000");
        }
    }
}
