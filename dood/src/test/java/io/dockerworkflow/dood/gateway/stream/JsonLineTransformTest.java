package io.dockerworkflow.dood.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dockerworkflow.dood.gateway.protocol.ApiException;
import io.dockerworkflow.dood.gateway.protocol.ApiJson;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonLineTransformTest {
    /** As many as its number says, each with the number. */
    private static final Function<ObjectNode, List<ObjectNode>> TIMES = line -> Collections.nCopies(
            line.path("n").asInt(), ApiJson.object().put("m", line.path("n").asInt()));

    private static String split(String text, int size) {
        JsonLineTransform splitter = new JsonLineTransform(TIMES);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int at = 0; at < bytes.length; at += size) {
            out.writeBytes(splitter.feed(Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + size)), false));
        }
        out.writeBytes(splitter.feed(new byte[0], true));
        return out.toString(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 1000})
    void streamWhenItComesInPiecesIsTheSame(int size) {
        // The daemon ends objects by CR LF, and separates them by RS where application/json-seq is asked for.
        assertThat(split("{\"n\":1}\r\n{\"n\":0}\r\n{\"n\":2}\n\u001e{\"n\":2}\n\n7\n{\"n\":1,\"x\":\"ä\"}", size))
                .isEqualTo("{\"m\":1}\r\n{\"m\":2}\n{\"m\":2}\n\u001e{\"m\":2}\n\u001e{\"m\":2}\n\n7\n{\"m\":1}");
    }

    @Test
    void lineWhenItIsWholeIsSentAtOnce() {
        JsonLineTransform splitter = new JsonLineTransform(TIMES);
        assertThat(splitter.feed("{\"n\":1}\n{\"n\"".getBytes(StandardCharsets.UTF_8), false))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("{\"m\":1}\n");
        assertThat(splitter.feed(":2}".getBytes(StandardCharsets.UTF_8), false)).isEmpty();
        assertThat(splitter.feed("\n".getBytes(StandardCharsets.UTF_8), true))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("{\"m\":2}\n{\"m\":2}\n");
    }

    @Test
    void streamWhenItEndsWithoutAnythingIsEmpty() {
        assertThat(new JsonLineTransform(TIMES).feed(new byte[0], true)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\n", "{\"a\":1}{\"a\":2}\n", "not JSON\n", "{\"a\":\n1}\n"})
    void lineWhenItIsNotJsonFails(String line) {
        assertThatThrownBy(() -> new JsonLineTransform(TIMES).feed(line.getBytes(StandardCharsets.UTF_8), false))
                .isInstanceOf(ApiException.class)
                .hasMessageStartingWith("the engine's answer is not JSON: ");
    }

    @Test
    void lineWhenItIsBrokenOffFailsAtTheEnd() {
        JsonLineTransform splitter = new JsonLineTransform(TIMES);
        assertThat(splitter.feed("{\"n\":".getBytes(StandardCharsets.UTF_8), false))
                .isEmpty();
        assertThatThrownBy(() -> splitter.feed(new byte[0], true)).isInstanceOf(ApiException.class);
    }
}
