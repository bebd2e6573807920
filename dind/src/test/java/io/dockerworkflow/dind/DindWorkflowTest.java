package io.dockerworkflow.dind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dockerworkflow.DockerWorkflows;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class DindWorkflowTest {

    @Test
    void namedDindFindsThisMode() {
        assertThat(DockerWorkflows.named("dind")).isInstanceOf(DindWorkflow.class);
    }

    @Test
    void cacheWhenItsNameIsNotPlainIsRefused() {
        assertThatThrownBy(() -> DindWorkflow.create().cache("../x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith("not \"../x\"");
    }

    @Test
    void startDeadlineWhenItIsNotPositiveIsRefused() {
        assertThatThrownBy(() -> DindWorkflow.create().startDeadline(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("A start deadline is longer than zero, not PT0S");
    }

    @Test
    void imageWhenNoneIsNamedIsTheOneThatSuitsTheRights() {
        assertThat(DindSettings.DEFAULTS.image()).isEqualTo("docker:dind");
        assertThat(DindSettings.DEFAULTS.rights(Rights.ROOTLESS).image()).isEqualTo("docker:dind-rootless");
        assertThat(DindSettings.DEFAULTS.image("own").rights(Rights.ROOTLESS).image())
                .isEqualTo("own");
    }
}
