package io.dockerworkflow.internal.host;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** On what containers of engine 20.10 found in their {@code /proc}, and on what is known of other engines. */
class HostPathsTest {
    private static final String A = "a".repeat(64);
    private static final String B = "b".repeat(64);

    @ParameterizedTest
    @ValueSource(strings = {"plain", "private-cgroup"})
    void containerWhenSeenFromWithinIsFound(String name) throws IOException {
        CurrentContainer own = recorded(name);
        JsonNode inspected = inspected(name);
        assertThat(own.isContainer()).isTrue();
        assertThat(own.candidates()).first().isEqualTo(inspected.get("Id").asText());
        assertThat(own.matches(inspected)).isTrue();
        assertThat(own.hasRootOf(inspected)).isTrue();
    }

    @Test
    void containerWhenInTheNetworkOfAnotherIsNotTakenForTheOther() throws IOException {
        CurrentContainer own = recorded("network-of-another");
        assertThat(own.candidates())
                .first()
                .isEqualTo(inspected("plain").get("Id").asText());
        assertThat(own.matches(inspected("plain"))).isFalse();
        assertThat(own.hasRootOf(inspected("plain"))).isFalse();
        assertThat(own.hasRootOf(inspected("network-of-another"))).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            12:pids:/docker/A                                                       | A
            1:name=systemd:/system.slice/docker-A.scope                             | A
            0::/system.slice/docker-A.scope                                         | A
            0::/kubepods.slice/kubepods-burstable.slice/pod1/cri-containerd-A.scope | A
            11:memory:/kubepods/burstable/pod0c1/A                                  | A
            0::/../A                                                                | A
            4:cpu:/docker/B/docker/A                                                | A
            0::/machine.slice/libpod-A.scope/container                              | A
            """)
    void candidatesWhenTheCgroupNamesTheContainerAreThat(String line, String id) {
        CurrentContainer own = new CurrentContainer(line.replace("A", A).replace("B", B), "", "host");
        assertThat(own.candidates()).containsExactly(id.replace("A", A));
        assertThat(own.isContainer()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/var/lib/docker/containers/A/hostname /etc/hostname",
                "/docker/containers/A/resolv.conf /etc/resolv.conf",
                "/var/lib/containerd/io.containerd.grpc.v1.cri/sandboxes/A/hostname /etc/hostname",
                "/var/lib/nerdctl/1935db59/containers/default/A/hosts /etc/hosts",
                "/var/lib/containers/storage/overlay-containers/A/userdata/hosts /etc/hosts"
            })
    void candidatesWhenOnlyTheMountsNameTheContainerAreThat(String rootAndPoint) {
        String mountInfo = "154 74 254:0 " + rootAndPoint.replace("A", A) + " rw,relatime - ext4 /dev/sda1 rw";
        assertThat(new CurrentContainer("0::/", mountInfo, "host").candidates()).containsExactly(A);
    }

    @Test
    void candidatesWhenThereIsNoContainerAreNone() {
        CurrentContainer own = new CurrentContainer(
                "0::/user.slice/user-1000.slice/session-3.scope",
                "27 1 254:0 / / rw,relatime shared:1 - ext4 /dev/sda1 rw",
                "build-7");
        assertThat(own.isContainer()).isFalse();
        assertThat(own.candidates()).isEmpty();
    }

    @Test
    void hostnameWhenAShortIdIsACandidate() {
        assertThat(new CurrentContainer("0::/", "", "0123456789ab").candidates())
                .containsExactly("0123456789ab");
    }

    @Test
    void candidateWhenItMountsWhatThisContainerDoesNotIsAnother() throws IOException {
        CurrentContainer own = new CurrentContainer("0::/", "1 1 0:1 / / rw - overlay overlay rw", "0123456789ab");
        assertThat(own.matches(json("{\"Mounts\":[{\"Destination\":\"/not-here\"}]}")))
                .isFalse();
        assertThat(own.matches(json("{\"Mounts\":[]}"))).isTrue();
    }

    @Test
    void mountPointWhenItHoldsASpaceIsUnderstood() throws IOException {
        CurrentContainer own = new CurrentContainer(
                "0::/", "1 1 0:1 /a\\040b /my\\040work rw,relatime - ext4 /dev/sda1 rw", "0123456789ab");
        assertThat(own.matches(json("{\"Mounts\":[{\"Destination\":\"/my work\"}]}")))
                .isTrue();
    }

    @Test
    void pathWhenOnAMountIsTheHosts() throws IOException {
        HostPaths paths = HostPaths.of(inspected("plain"));
        assertThat(paths.toHost(Path.of("/work"))).contains(Path.of("/tmp/hp/ws"));
        assertThat(paths.toHost(Path.of("/work/a/b"))).contains(Path.of("/tmp/hp/ws/a/b"));
        assertThat(paths.toHost(Path.of("/work/a/../b"))).contains(Path.of("/tmp/hp/ws/b"));
        assertThat(paths.toHost(Path.of("/data/x"))).contains(Path.of("/var/lib/docker/volumes/hp-vol/_data/x"));
        assertThat(paths.toHost(Path.of("/var/run/docker.sock"))).contains(Path.of("/var/run/docker.sock"));
        assertThat(paths.container()).contains(inspected("plain").get("Id").asText());
        assertThat(paths.addresses()).containsExactly("172.17.0.2");
    }

    @Test
    void pathWhenTheHostHasItNotIsNone() throws IOException {
        HostPaths paths = HostPaths.of(inspected("plain"));
        assertThat(paths.toHost(Path.of("/home"))).isEmpty();
        assertThat(paths.toHost(Path.of("/"))).isEmpty();
        assertThat(paths.toHost(Path.of("/workshop"))).isEmpty();
        assertThat(paths.toHost(Path.of("/work/../home"))).isEmpty();
        // a file system in memory, on top of the mount
        assertThat(paths.toHost(Path.of("/work/scratch/x"))).isEmpty();
    }

    @Test
    void pathWhenMountsAreNestedTakesTheLongest() throws IOException {
        HostPaths paths = HostPaths.of(json("""
                {"Id":"x","Mounts":[{"Type":"bind","Source":"/h1","Destination":"/w","RW":true},
                 {"Type":"bind","Source":"/h2","Destination":"/w/deep/er","RW":true},
                 {"Type":"bind","Source":"/h3","Destination":"/w/deep","RW":true}]}
                """));
        assertThat(paths.toHost(Path.of("/w/x"))).contains(Path.of("/h1/x"));
        assertThat(paths.toHost(Path.of("/w/deep/x"))).contains(Path.of("/h3/x"));
        assertThat(paths.toHost(Path.of("/w/deep/er/x"))).contains(Path.of("/h2/x"));
        assertThat(paths.toHost(Path.of("/w/deeper"))).contains(Path.of("/h1/deeper"));
    }

    @Test
    void pathWhenALinkLeavesTheMountIsNone(@TempDir Path temporary) throws IOException {
        Path work = Files.createDirectory(temporary.toRealPath().resolve("work"));
        Path elsewhere = Files.createDirectory(temporary.toRealPath().resolve("elsewhere"));
        Files.createSymbolicLink(work.resolve("link"), elsewhere);
        Files.createSymbolicLink(elsewhere.resolve("back"), work);
        HostPaths paths = HostPaths.of(json(
                "{\"Mounts\":[{\"Type\":\"bind\",\"Source\":\"/h\",\"Destination\":\"" + work + "\",\"RW\":true}]}"));
        assertThat(paths.toHost(work.resolve("link/x"))).isEmpty();
        assertThat(paths.toHost(elsewhere.resolve("back/x"))).contains(Path.of("/h/x"));
        assertThat(paths.shared()).containsExactly(work);
    }

    @Test
    void pathWhenOnTheHostItselfIsTheSame() {
        assertThat(HostPaths.same().toHost(Path.of("/any/../path"))).contains(Path.of("/any/../path"));
        assertThat(HostPaths.same().container()).isEmpty();
    }

    private static CurrentContainer recorded(String name) throws IOException {
        return new CurrentContainer(
                text(name + "/cgroup"),
                text(name + "/mountinfo"),
                text(name + "/hostname").strip());
    }

    private static JsonNode inspected(String name) throws IOException {
        return json(text(name + "/inspect.json"));
    }

    private static JsonNode json(String text) throws IOException {
        return new ObjectMapper().readTree(text);
    }

    private static String text(String file) throws IOException {
        try (InputStream in =
                Objects.requireNonNull(HostPathsTest.class.getResourceAsStream("own-container/" + file), file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
