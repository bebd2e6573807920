package io.dockerworkflow.internal.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dockerworkflow.EngineException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CurrentCgroupTest {
    private static final String ID = "a".repeat(64);
    private static final String OTHER = "b".repeat(64);

    private static String parent(String cgroup, boolean container, String given, String driver) {
        return CurrentCgroup.parent(
                        cgroup.replace('|', '\n').replace("ID", ID).replace("OTHER", OTHER),
                        new CurrentCgroup.Place(container ? Optional.of(ID) : Optional.empty(), given, false, driver))
                .replace(ID, "ID")
                .replace(OTHER, "OTHER");
    }

    @ParameterizedTest
    @CsvSource({
        // cgroup v1
        "9:name=systemd:/docker/ID|4:memory:/docker/ID|0::/docker/ID, '', /docker/ID",
        "4:memory:/docker/ID/init|3:cpu:/docker/ID/init, '', /docker/ID",
        "4:memory:/docker/OTHER/docker/ID|3:cpu:/docker/OTHER/docker/ID, '', /docker/OTHER/docker/ID",
        "4:memory:/|3:cpu:/, '', /docker/ID",
        "4:memory:/|3:cpu:/, /build, /build/ID",
        "4:memory:/|3:cpu:/, build/, /build/ID",
        // cgroup v2
        "0::/docker/ID, '', /docker/ID",
        "0::/, '', /docker/ID",
        "0::/init, /jobs/7, /jobs/7/ID",
        "0::/kubepods/burstable/pod1/ID, '', /kubepods/burstable/pod1/ID"
    })
    void parentWhenInAContainerIsTheContainersGroup(String cgroup, String given, String parent) {
        assertThat(parent(cgroup, true, given, "cgroupfs")).isEqualTo(parent);
    }

    @ParameterizedTest
    @CsvSource({
        "9:name=systemd:/|4:memory:/jobs/7|3:cpu:/|0::/, cgroupfs, /jobs/7",
        "4:memory:/user.slice/u1.slice|3:cpu:/user.slice, cgroupfs, /user.slice/u1.slice",
        "0::/jobs/7, cgroupfs, /jobs/7",
        "0::/, cgroupfs, /",
        "0::/build.slice/build-7.slice, systemd, build-7.slice"
    })
    void parentWhenOnTheHostIsTheGroupOfTheProcess(String cgroup, String driver, String parent) {
        assertThat(parent(cgroup, false, "", driver)).isEqualTo(parent);
    }

    @ParameterizedTest
    @CsvSource({
        "'', false, cgroupfs, names none",
        "4:memory:/a|3:cpu:/b, false, cgroupfs, 'groups apart: '",
        "4:memory:/ab|3:cpu:/a, false, cgroupfs, 'groups apart: /a and /ab'",
        "0::/../other, false, cgroupfs, outside of its cgroup namespace",
        "0::/user.slice/session-1.scope, false, systemd, into slices only",
        "0::/system.slice/docker-ID.scope, true, systemd, into slices only",
        "0::/, true, systemd, into slices only"
    })
    void parentWhenItCannotBeFoundOutFailsWithTheReason(
            String cgroup, boolean container, String driver, String reason) {
        assertThatThrownBy(() -> parent(cgroup, container, "", driver))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void parentWhenTheEngineIsElsewhereFailsWithTheWholeSentence() {
        assertThatThrownBy(() -> CurrentCgroup.parent(
                        "0::/jobs/7", new CurrentCgroup.Place(Optional.empty(), "", true, "cgroupfs")))
                .hasMessageContaining("find this process's cgroup, for children to be in")
                .hasMessageContaining("the engine does not run this process's container, or is on another machine")
                .hasMessageContaining("SessionPolicy.maxMemory");
    }
}
