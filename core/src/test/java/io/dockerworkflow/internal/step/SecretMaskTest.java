package io.dockerworkflow.internal.step;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SecretMaskTest {
    @Test
    void maskWhenOneSecretIsPartOfAnotherLeavesNoRest() {
        assertThat(new SecretMask(List.of("pass", "password")).mask("my password, my pass"))
                .isEqualTo("my ***, my ***");
    }

    @Test
    void maskWhenASecretHasSeveralLinesMasksEachButTheShort() {
        SecretMask mask = new SecretMask(List.of("{\n  \"key\": \"abc\"\n}\n"));
        assertThat(mask.mask("{")).isEqualTo("{");
        assertThat(mask.mask("x \"key\": \"abc\" y")).isEqualTo("x *** y");
    }

    @Test
    void maskWhenASecretIsEmptyOrBlankLeavesTheText() {
        assertThat(new SecretMask(List.of("", " ")).mask("a b")).isEqualTo("a b");
    }
}
