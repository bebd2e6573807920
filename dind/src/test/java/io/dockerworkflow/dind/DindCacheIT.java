package io.dockerworkflow.dind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dockerworkflow.EngineException;
import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.internal.engine.EngineConnection;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class DindCacheIT {
    private final String cache = "test-" + Long.toHexString(System.nanoTime());
    private final DindWorkflow workflow = DindWorkflow.create().cache(cache);

    private EngineConnection outer;

    @BeforeEach
    void connect() {
        outer = EngineConnection.open(SessionOptions.defaults());
    }

    @AfterEach
    void removeCache() {
        outer.docker().removeVolumeCmd("dw-cache-" + cache).exec();
        outer.close();
    }

    @Test
    void cacheWhenSessionHasEndedHoldsItsImagesAndNothingElse() {
        try (DindSession session = workflow.seed("busybox").open()) {
            docker(session, "network", "create", "app");
            docker(
                    session,
                    "run",
                    "-d",
                    "--restart",
                    "always",
                    "--name",
                    "db",
                    "-v",
                    "data:/data",
                    "busybox",
                    "sleep",
                    "600");
        }
        assertThat(Outer.left(outer, "io.dockerworkflow.cache=" + cache)).containsExactly("dw-cache-" + cache);

        long start = System.nanoTime();
        try (DindSession session = workflow.seed("busybox").open()) {
            long ready = System.nanoTime();
            assertThat(docker(session, "run", "--rm", "--name", "db", "busybox", "echo", "hi"))
                    .isEqualTo("hi");
            LoggerFactory.getLogger(DindCacheIT.class)
                    .info(
                            "Warm: ready after {} ms, first nested container {} ms later",
                            (ready - start) / 1_000_000,
                            (System.nanoTime() - ready) / 1_000_000);
            assertThat(docker(session, "ps", "-aq")).isEmpty();
            assertThat(docker(session, "volume", "ls", "-q")).isEmpty();
            assertThat(docker(session, "network", "ls", "--filter", "type=custom", "-q"))
                    .isEmpty();
        }
    }

    @Test
    void openWhenCacheIsInUseSaysSo() {
        try (DindSession session = workflow.open()) {
            assertThat(session.docker().pingCmd().exec()).isNull();
            assertThatThrownBy(workflow::open)
                    .isInstanceOf(EngineException.class)
                    .hasMessageStartingWith("Could not use a cache for a session's daemon (\"" + cache + "\"): ")
                    .hasMessageContaining("is already in use")
                    .hasMessageEndingWith(
                            "Another session uses it: wait for its end, or use a cache of another name, or none.");
        }
        workflow.open().close();
    }

    private static String docker(DindSession session, String... arguments) {
        List<String> command = new ArrayList<>(List.of("docker"));
        command.addAll(List.of(arguments));
        return Command.run(session.configure(new ProcessBuilder(command)));
    }
}
