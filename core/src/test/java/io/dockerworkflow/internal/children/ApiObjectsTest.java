package io.dockerworkflow.internal.children;

import static org.assertj.core.api.Assertions.assertThat;

import io.dockerworkflow.Child.Kind;
import io.dockerworkflow.internal.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ApiObjectsTest {
    private static final Map<String, String> LABELS = Map.of("io.dockerworkflow.session", "0a0b0c0d");

    private static boolean isNamed(Kind kind, Map<String, ?> object) throws IOException {
        return ApiObjects.isNamed(kind, Json.parse(Json.write(object).getBytes(StandardCharsets.UTF_8)));
    }

    /** The label of the session that built an image is in the image's containers, wherever they are. */
    @Test
    void isNamedWhenAContainerHasAnotherNameIsFalse() throws IOException {
        assertThat(isNamed(Kind.CONTAINER, Map.of("Labels", LABELS, "Names", List.of("/dw-0a0b0c0d-app"))))
                .isTrue();
        assertThat(isNamed(Kind.CONTAINER, Map.of("Labels", LABELS, "Names", List.of("/shop", "/dw-0a0b0c0d-a/b"))))
                .isFalse();
        assertThat(isNamed(Kind.CONTAINER, Map.of("Labels", Map.of(), "Names", List.of("/dw-lifeline-1"))))
                .isTrue();
    }

    @Test
    void isNamedWhenAnImageHasOnlyNamesOfOthersIsFalse() throws IOException {
        assertThat(isNamed(Kind.IMAGE, Map.of("Labels", LABELS, "RepoTags", List.of("<none>:<none>"))))
                .isTrue();
        assertThat(isNamed(
                        Kind.IMAGE, Map.of("Labels", LABELS, "RepoTags", List.of("shop:1", "dw-0a0b0c0d-images/a:1"))))
                .isTrue();
        assertThat(isNamed(Kind.IMAGE, Map.of("Labels", LABELS, "RepoDigests", List.of("shop@sha256:00"))))
                .isFalse();
    }
}
