package io.dockerworkflow.dood.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BodyBytesTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"''|''", "abc|abc", "ab,cd,ef|abcdef", "ab,,cd|abcd", ",ab|ab", ",,|''", "ab,|ab", ",ab,,c,|abc"})
    void bodyIsAllOfItsPieces(String pieces, String body) {
        BodyBytes bytes = new BodyBytes();
        int size = 0;
        for (String piece : pieces.split(",", -1)) {
            bytes.add(Unpooled.copiedBuffer(piece, StandardCharsets.US_ASCII));
            size += piece.length();
            assertThat(bytes.size()).isEqualTo(size);
        }
        assertThat(bytes.toArray()).asString(StandardCharsets.US_ASCII).isEqualTo(body);
    }
}
