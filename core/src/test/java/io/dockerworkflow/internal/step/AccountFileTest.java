package io.dockerworkflow.internal.step;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AccountFileTest {
    private static final AccountFile PASSWD = AccountFile.of("""
            root:x:0:0:root:/root:/bin/sh
            node:x:1000:1001::/home/node:/bin/bash
            twin:x:1000:1002::/home/twin:/bin/bash
            broken
            """);
    private static final AccountFile GROUP = AccountFile.of("root:x:0:\nnode:x:1001:a,b\n");

    @Test
    void withHomeWhenUserIsKnownChangesOnlyItsHome() {
        assertThat(PASSWD.withHome(new FileIds(1000, 1001), "step", "/h").text())
                .isEqualTo("""
                        root:x:0:0:root:/root:/bin/sh
                        node:x:1000:1001::/h:/bin/bash
                        twin:x:1000:1002::/home/twin:/bin/bash
                        broken
                        """);
    }

    @Test
    void withHomeWhenUserIsUnknownAddsIt() {
        assertThat(AccountFile.of("").withHome(new FileIds(7, 8), "step", "/h").text())
                .isEqualTo("step:x:7:8::/h:/bin/sh\n");
    }

    @Test
    void withGroupWhenNumberHasANameChangesNothing() {
        assertThat(GROUP.withGroup(1001, "step")).isEqualTo(GROUP);
        assertThat(GROUP.withGroup(7, "step").text()).endsWith("\nstep:x:7:\n");
    }

    @Test
    void ownerWhenUserIsGivenInAnyFormIsFound() {
        assertThat(new StepUser("1000:7").ids(PASSWD, GROUP)).contains(new FileIds(1000, 7));
        assertThat(new StepUser("1000").ids(PASSWD, GROUP)).contains(new FileIds(1000, 1001));
        assertThat(new StepUser("7").ids(PASSWD, GROUP)).contains(new FileIds(7, 0));
        assertThat(new StepUser("node").ids(PASSWD, GROUP)).contains(new FileIds(1000, 1001));
        assertThat(new StepUser("root:node").ids(PASSWD, GROUP)).contains(new FileIds(0, 1001));
        assertThat(new StepUser("").ids(PASSWD, GROUP)).contains(new FileIds(0, 0));
        assertThat(new StepUser("nobody").ids(PASSWD, GROUP)).isEmpty();
    }

    @Test
    void ofThisProcessWhenAskedGivesNumbers() {
        assertThat(StepUser.ofThisProcess())
                .hasValueSatisfying(user -> assertThat(user.text()).matches("\\d+:\\d+"));
    }
}
