package io.dockerworkflow.dind;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LogTailTest {

    @Test
    void lastLinesWhenLogIsLongAreTheLastTwelveThatMatter() {
        String log = IntStream.rangeClosed(1, 30)
                .mapToObj(i -> "level=error msg=" + i + "\nlevel=info msg=x")
                .collect(Collectors.joining("\n"));
        assertThat(LogTail.lastLines(log).lines())
                .hasSize(12)
                .startsWith("level=error msg=19")
                .endsWith("level=error msg=30");
    }
}
