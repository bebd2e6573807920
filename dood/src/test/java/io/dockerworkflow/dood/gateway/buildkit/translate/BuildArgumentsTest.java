package io.dockerworkflow.dood.gateway.buildkit.translate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dockerworkflow.dood.gateway.buildkit.BuildKit;
import io.dockerworkflow.dood.gateway.buildkit.SessionImages;
import io.dockerworkflow.dood.gateway.buildkit.Settings;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which files of a client the gateway has to read depends on who begins the build. */
class BuildArgumentsTest {
    private final BuildArguments arguments = new BuildArguments();

    @Test
    void sessionWhenNoBuildHasBegunIsUndecided() {
        assertThat(arguments.isDirect("s")).isNotDone();
    }

    @Test
    void sessionWhenTheEngineBeginsABuildStaysDirect() {
        assertThat(arguments.direct("s", Map.of("X", "1"))).isTrue();
        arguments.given("s", Map.of("build-arg:X", "2"));
        assertThat(arguments.direct("s", Map.of("X", "3"))).isTrue();
        assertThat(arguments.isDirect("s")).isCompletedWithValue(true);
        assertThat(arguments.of("s")).containsEntry("X", "3");
    }

    @Test
    void sessionWhenABuildHasRulesTakesNoneWithout() {
        arguments.given("s", Map.of("build-arg:X", "2"));
        assertThat(arguments.direct("s", Map.of("X", "3"))).isFalse();
        assertThat(arguments.isDirect("s")).isCompletedWithValue(false);
        assertThat(arguments.of("s")).containsEntry("X", "2");
    }

    @Test
    void buildWhenItsSessionIsNotReadIsRefused() {
        arguments.given("s", Map.of());
        BuildKit withRules = new BuildKit(Settings.of(new SessionImages(Settings.SESSION), false, true), arguments);
        assertThatThrownBy(() -> withRules.direct("s", Map.of()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("open one for each build");
        assertThatThrownBy(() -> withRules.direct("prefix:t", Map.of()))
                .as("which BuildKit takes for t, with other directories")
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("prefix");
        BuildKit withoutRules = new BuildKit(Settings.of(new SessionImages(Settings.SESSION), false, false), arguments);
        assertThat(withoutRules.direct("s", Map.of()))
                .as("every session is read")
                .isEmpty();
    }

    @Test
    void buildsWhenTheyHaveNoSessionDoNotDecideForEachOther() {
        arguments.given("", Map.of());
        assertThat(arguments.direct("", Map.of())).isTrue();
    }

    @Test
    void sessionWhenItsClientHasClosedItIsUndecidedAgain() {
        arguments.given("s", Map.of());
        arguments.forget("s");
        assertThat(arguments.isDirect("s")).isNotDone();
    }
}
