package io.dockerworkflow.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dockerworkflow.ImageNotFoundException;
import io.dockerworkflow.SessionOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EngineImagesIT {
    private EngineConnection engine;
    private EngineImages images;

    @BeforeEach
    void connect() {
        engine = EngineConnection.open(SessionOptions.defaults());
        images = new EngineImages(engine, (image, line) -> {});
    }

    @AfterEach
    void disconnect() {
        engine.close();
    }

    @Test
    void ensureWhenImageIsThereReturnsItsIdWithoutPulling() {
        assertThat(images.ensure("busybox")).startsWith("sha256:");
    }

    @Test
    void ensureWhenImageIsNowhereNamesItAndTheEnginesWords() {
        // Port 1 of loopback: a registry that refuses at once, whether or not this machine has the Internet.
        assertThatThrownBy(() -> images.ensure("localhost:1/docker-workflow/none:1"))
                .isInstanceOf(ImageNotFoundException.class)
                .hasMessageStartingWith("Could not find an image (localhost:1/docker-workflow/none:1): ")
                .hasMessageContaining("connection refused")
                .hasMessageEndingWith("or load it with docker load.");
    }

    @Test
    void ensureWhenReferenceIsMalformedSaysSo() {
        assertThatThrownBy(() -> images.ensure("No:Such:Form"))
                .isInstanceOf(ImageNotFoundException.class)
                .hasMessageContaining("invalid reference format");
    }

    @Test
    void withTagWhenReferenceHasNoneAddsLatest() {
        assertThat(ImageReference.tagged("localhost:5000/a/b")).isEqualTo("localhost:5000/a/b:latest");
        assertThat(ImageReference.tagged("busybox:1.36")).isEqualTo("busybox:1.36");
        assertThat(ImageReference.tagged("busybox@sha256:ab")).isEqualTo("busybox@sha256:ab");
    }
}
