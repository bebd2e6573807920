package io.dockerworkflow.dood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dockerworkflow.dood.policy.Rule;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SessionPolicyTest {
    @Test
    void policyWhenChangedStaysAsItWas() {
        SessionPolicy policy = SessionPolicy.guarded();
        assertThat(policy.allowPrivileged().rules().allows(Rule.PRIVILEGED)).isTrue();
        assertThat(policy.rules().allows(Rule.PRIVILEGED)).isFalse();
        assertThat(policy).isEqualTo(SessionPolicy.guarded()).isNotEqualTo(SessionPolicy.trusted());
    }

    @Test
    void ruleWhenItCanBeAllowedHasAMethodOfItsOwn() {
        for (Rule rule : Rule.values()) {
            if (rule.canBeAllowed()) {
                assertThat(SessionPolicy.class.getMethods())
                        .as(rule.id())
                        .anyMatch(method -> method.getName().equals(rule.option())
                                && method.getParameterCount() == (rule.takesValues() ? 1 : 0));
                assertThat(SessionPolicy.guarded().allow(rule.id()).rules().allows(rule))
                        .isTrue();
                assertThat(SessionPolicy.guarded().rules().allows(rule)).isFalse();
                assertThat(SessionPolicy.trusted().rules().allows(rule)).isTrue();
            }
        }
    }

    @Test
    void capabilityWhenAllowedInAnySpellingIsAllowed() {
        assertThat(SessionPolicy.guarded()
                        .allow("capabilities", "cap_sys_ptrace")
                        .rules()
                        .allows(Rule.CAPABILITIES, "SYS_PTRACE"))
                .isTrue();
    }

    @Test
    void wordWhenNoRuleIsRefusedWithTheRulesThatThereAre() {
        assertThatThrownBy(() -> SessionPolicy.guarded().allow("everything"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(
                        "There is no rule \"everything\" to allow; there are privileged, capabilities, ");
        assertThatThrownBy(() -> SessionPolicy.guarded().allow("reserved-labels"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SessionPolicy.guarded().allow("privileged", "x"))
                .hasMessage("Rule \"privileged\" takes no value");
    }

    @Test
    void limitWhenNegativeIsRefused() {
        assertThatThrownBy(() -> SessionPolicy.guarded().maxMemory(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void ruleWhenNamedIsUnique() {
        assertThat(Arrays.stream(Rule.values()).map(Rule::id)).doesNotHaveDuplicates();
    }
}
