package io.dockerworkflow.dood.gateway.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.dockerworkflow.dood.gateway.protocol.NameRules;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RandomNamesTest {

    @Test
    void nameHasTheDaemonsForm() {
        RandomNames names = new RandomNames(new Random(1));
        Set<String> all = new HashSet<>();
        for (int i = 0; i < 500; i++) {
            String name = names.next(0);
            assertThat(name).matches("[a-z]+_[a-z]+");
            assertThat(NameRules.requireContainerName(name)).isEqualTo(name);
            all.add(name);
        }
        assertThat(all).hasSizeGreaterThan(300);
    }

    @Test
    void nameWhenAnotherWasTakenHasANumber() {
        RandomNames names = new RandomNames(new Random(1));
        for (int attempt = 1; attempt < 6; attempt++) {
            assertThat(names.next(attempt)).matches("[a-z]+_[a-z]+[0-9]{1,3}");
        }
    }
}
