package io.dockerworkflow.fatimage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IgnoreRulesTest {

    @ParameterizedTest
    @CsvSource({
        "target, target, true",
        "target, target/classes/A.class, true",
        "target, core/target, false",
        "/target, target, true",
        "./target/, target/x, true",
        "*/target, core/target, true",
        "*/target, a/b/target, false",
        "**/target, target, true",
        "**/target, a/b/target/x, true",
        "*.md, README.md, true",
        "*.md, docs/a.md, false",
        "**/*.md, docs/a.md, true",
        "docs/**, docs/a/b, true",
        "docs/**, docs, false",
        "a?c, abc, true",
        "a?c, a/c, false",
        "[ab].txt, b.txt, true",
        "[ab].txt, c.txt, false",
        "a.c, abc, false",
        "a\\*c, a*c, true",
        "a\\*c, abc, false",
        "../x, x, true",
    })
    void ruleWhenAppliedToPathDecidesAsDockerCli(String rule, String path, boolean ignored) {
        assertThat(IgnoreRules.parse(List.of(rule)).ignores(path)).isEqualTo(ignored);
    }

    @Test
    void exceptionWhenLastKeepsPath() {
        IgnoreRules rules = IgnoreRules.parse(List.of("# comment", "", "docs", "!docs/keep.md", "docs/keep.md/no"));

        assertThat(rules.ignores("docs/a.md")).isTrue();
        assertThat(rules.ignores("docs/keep.md")).isFalse();
        assertThat(rules.hasExceptions()).isTrue();
    }

    @Test
    void exceptionWhenFollowedByAnotherRuleLoses() {
        IgnoreRules rules = IgnoreRules.parse(List.of("!docs/keep.md", "docs"));

        assertThat(rules.ignores("docs/keep.md")).isTrue();
    }
}
