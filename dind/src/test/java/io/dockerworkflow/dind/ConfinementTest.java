package io.dockerworkflow.dind;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Info;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ConfinementTest {
    private static final Set<String> NEVER = Set.of(
            "init_module",
            "finit_module",
            "delete_module",
            "kexec_load",
            "kexec_file_load",
            "reboot",
            "swapon",
            "settimeofday",
            "clock_settime",
            "iopl",
            "ioperm",
            "open_by_handle_at",
            "userfaultfd",
            "perf_event_open",
            "io_uring_setup",
            "keyctl",
            "add_key",
            "request_key");

    @Test
    void securityOptionsWhenEngineHasNeitherAreNone() {
        assertThat(Confinement.hostConfig(Rights.RESTRICTED, new Info()).getSecurityOpts())
                .isEmpty();
    }

    @Test
    void securityOptionsWhenEngineHasAppArmorLiftItsProfile() {
        Info engine = new Info().withSecurityOptions(List.of("name=apparmor", "name=seccomp,profile=default"));
        assertThat(Confinement.hostConfig(Rights.RESTRICTED, engine).getSecurityOpts())
                .hasSize(2)
                .contains("apparmor=unconfined")
                .anyMatch(option -> option.startsWith("seccomp={"));
    }

    @Test
    void restrictedRightsNeverIncludePrivilegeOrAllCapabilities() {
        HostConfig config = Confinement.hostConfig(Rights.RESTRICTED, new Info());
        assertThat(config.getPrivileged()).isNull();
        assertThat(config.getCapDrop()).containsExactly(Capability.ALL);
        assertThat(config.getCapAdd()).hasSize(17).doesNotContain(Capability.ALL);
        assertThat(config.getDevices()).isNull();
    }

    @Test
    void rootlessRightsAreTwoCapabilitiesAndAnUnhiddenProc() {
        JsonNode config = new ObjectMapper().valueToTree(Confinement.hostConfig(Rights.ROOTLESS, new Info()));
        assertThat(config.get("CapDrop")).hasToString("[\"ALL\"]");
        assertThat(config.get("CapAdd")).hasToString("[\"SETUID\",\"SETGID\"]");
        assertThat(config.get("MaskedPaths")).isEmpty();
        assertThat(config.get("ReadonlyPaths")).isEmpty();
        assertThat(config.get("Privileged").isNull()).isTrue();
    }

    @Test
    void seccompProfileAllowsNothingThatReachesTheKernelItself() throws Exception {
        Set<String> allowed = new HashSet<>();
        JsonNode profile = new ObjectMapper().readTree(Resources.text("seccomp.json"));
        for (JsonNode rule : profile.get("syscalls")) {
            if (rule.get("action").asText().equals("SCMP_ACT_ALLOW")) {
                rule.get("names").forEach(name -> allowed.add(name.asText()));
            }
        }
        assertThat(profile.get("defaultAction").asText()).isEqualTo("SCMP_ACT_ERRNO");
        assertThat(allowed).contains("pivot_root", "mount", "clone3", "bpf").doesNotContainAnyElementsOf(NEVER);
    }
}
