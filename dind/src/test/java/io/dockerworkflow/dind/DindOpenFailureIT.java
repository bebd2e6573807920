package io.dockerworkflow.dind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dockerworkflow.Endpoint;
import io.dockerworkflow.EngineException;
import io.dockerworkflow.ImageNotFoundException;
import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.internal.engine.EngineConnection;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Openings that fail, and leave nothing. */
class DindOpenFailureIT {
    private EngineConnection outer;

    @BeforeEach
    void connect() {
        outer = EngineConnection.open(SessionOptions.defaults());
    }

    @AfterEach
    void disconnect() {
        outer.close();
    }

    @Test
    void openWhenTheImageHasNoRootlessToolsSaysWhichAndLeavesNothing() {
        assertFailsAndLeavesNothing(
                DindWorkflow.create().rootless().image("busybox"),
                EngineException.class,
                "this image has no dockerd, which a rootless daemon needs");
    }

    @Test
    void openWhenEngineIsReachedThroughTheNetworkSaysWhatToUse() throws Exception {
        Path socket = ((Endpoint.UnixSocket) outer.endpoint()).path();
        try (TcpRelay relay = TcpRelay.to(socket)) {
            SessionOptions options = SessionOptions.defaults().engine(relay.endpoint());
            assertThatThrownBy(() -> DindWorkflow.create().open(options))
                    .isInstanceOf(EngineException.class)
                    .hasMessageStartingWith("Could not open a DinD session (tcp://127.0.0.1:")
                    .hasMessageContaining("or mode dood");
        }
    }

    @Test
    void openWhenImageHasNoDaemonSaysSoAndLeavesNothing() {
        assertFailsAndLeavesNothing(
                DindWorkflow.create().image("busybox"),
                EngineException.class,
                "Could not start a Docker daemon (image busybox, RESTRICTED rights): it ended with exit code 127; its last "
                        + "words:\ndocker-workflow: this image has no dockerd. Use an image that has dockerd and a shell, "
                        + "such as docker:dind.");
    }

    @Test
    void openWhenDaemonRefusesItsSettingsTellsItsWordsLeavesNothing() {
        withConfiguration(
                "{\"no-such-key\": 1}",
                image -> assertFailsAndLeavesNothing(
                        DindWorkflow.create().image(image),
                        EngineException.class,
                        "the following directives don't match any configuration option: no-such-key"));
    }

    @Test
    void openWhenStorageCopiesEveryLayerSaysSoAndLeavesNothing() {
        withConfiguration(
                "{\"storage-driver\": \"vfs\"}",
                image -> assertFailsAndLeavesNothing(
                        DindWorkflow.create().image(image),
                        EngineException.class,
                        "its storage driver is vfs, which copies every layer in full. Put the engine's volumes on"));
    }

    @Test
    void openWhenDaemonIsNotReadyInTimeSaysSoAndLeavesNothing() {
        assertFailsAndLeavesNothing(
                DindWorkflow.create().startDeadline(Duration.ofMillis(1)),
                EngineException.class,
                "it did not answer within 0.001 s");
    }

    @Test
    void openWhenImageIsNowhereSaysSoAndLeavesNothing() {
        assertFailsAndLeavesNothing(
                DindWorkflow.create().image("localhost:1/none"), ImageNotFoundException.class, "(localhost:1/none)");
    }

    @Test
    void openWhenSeedIsNowhereSaysSoAndLeavesNothing() {
        assertFailsAndLeavesNothing(
                DindWorkflow.create().seed("busybox", "localhost:1/none"),
                ImageNotFoundException.class,
                "Could not find an image (localhost:1/none)");
    }

    private static void withConfiguration(String json, Consumer<String> test) {
        String image = "dw-test-" + Long.toHexString(System.nanoTime());
        String container = Command.run(new ProcessBuilder(
                "docker",
                "create",
                "--entrypoint",
                "sh",
                "docker:dind",
                "-c",
                "mkdir -p /etc/docker; echo '" + json + "' >/etc/docker/daemon.json"));
        try {
            Command.run(new ProcessBuilder("docker", "start", "-a", container));
            Command.run(new ProcessBuilder("docker", "commit", container, image));
            test.accept(image);
        } finally {
            Command.run(new ProcessBuilder("docker", "rm", "-fv", container));
            Command.run(new ProcessBuilder("docker", "image", "rm", "-f", image));
        }
    }

    private void assertFailsAndLeavesNothing(DindWorkflow workflow, Class<? extends Exception> type, String message) {
        String tag = Long.toHexString(System.nanoTime());
        SessionOptions options = SessionOptions.defaults().label("test", tag);
        assertThatThrownBy(() -> workflow.open(options)).isInstanceOf(type).hasMessageContaining(message);
        assertThat(Outer.left(outer, "test=" + tag)).isEmpty();
    }
}
