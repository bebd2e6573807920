package io.dockerworkflow.dood.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PolicyDocumentTest {
    @ParameterizedTest
    @EnumSource(Rule.class)
    void ruleWhenItExistsIsDocumentedWithItsOption(Rule rule) throws IOException {
        List<String> lines = Files.readAllLines(Path.of("..", "docs", "policy.md"));
        assertThat(lines)
                .filteredOn(line -> line.startsWith("| `" + rule.id() + "` |"))
                .singleElement()
                .asString()
                .contains(rule.canBeAllowed() ? "`" + rule.option() : "");
    }
}
