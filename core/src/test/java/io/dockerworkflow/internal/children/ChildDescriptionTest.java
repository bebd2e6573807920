package io.dockerworkflow.internal.children;

import static org.assertj.core.api.Assertions.assertThat;

import io.dockerworkflow.Child.Kind;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChildDescriptionTest {
    private static final Map<String, String> LABELS = Map.of(Labels.SESSION, "0a0b0c0d", Labels.NAME, "configuration");

    /** It has all labels of that other one, the name's too. */
    @Test
    void logicalNameWhenANetworkIsConfiguredFromAnotherIsItsOwn() {
        assertThat(ChildDescription.logicalName(Kind.NETWORK, "dw-0a0b0c0d-app", LABELS))
                .contains("app");
        assertThat(ChildDescription.logicalName(Kind.NETWORK, "dw-0a0b0c0d-configuration", LABELS))
                .contains("configuration");
        assertThat(ChildDescription.logicalName(Kind.NETWORK, "app", LABELS)).isEmpty();
    }

    @Test
    void logicalNameWhenItIsNoNetworkIsThatOfTheLabel() {
        assertThat(ChildDescription.logicalName(Kind.VOLUME, "dw-0a0b0c0d-data", LABELS))
                .contains("configuration");
        assertThat(ChildDescription.logicalName(Kind.VOLUME, "dw-0a0b0c0d-data", Map.of()))
                .isEmpty();
    }
}
