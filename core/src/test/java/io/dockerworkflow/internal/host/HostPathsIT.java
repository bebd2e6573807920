package io.dockerworkflow.internal.host;

import static io.dockerworkflow.testsupport.Docker.docker;
import static org.assertj.core.api.Assertions.assertThat;

import io.dockerworkflow.Endpoint;
import io.dockerworkflow.Mode;
import io.dockerworkflow.SessionId;
import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.internal.engine.EngineConnection;
import io.dockerworkflow.internal.session.SessionScope;
import io.dockerworkflow.testsupport.JavaInContainer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In real containers with the engine's socket. */
class HostPathsIT {
    private static final Endpoint ENGINE = new Endpoint.UnixSocket(Path.of("/var/run/docker.sock"));

    @TempDir
    Path workspace;

    /** In the container. */
    static final class Inside {
        public static void main(String[] paths) {
            try (EngineConnection engine = EngineConnection.open(ENGINE)) {
                HostPaths host = HostPaths.of(engine);
                System.out.println(host);
                for (String path : paths) {
                    System.out.println(path + " "
                            + host.toHost(Path.of(path)).map(Path::toString).orElse("-"));
                }
                System.out.println("addresses " + host.addresses());
            }
            SessionScope scope = SessionScope.open(
                    Mode.DOOD, SessionOptions.defaults().engine(ENGINE).environment(Map.of()));
            System.out.println("directory " + scope.directory().getParent());
            scope.close();
        }
    }

    @Test
    void pathWhenInAContainerIsTheHosts() throws Exception {
        String name = "host-paths-" + SessionId.random();
        List<String> said = inside(
                List.of("--name", name, "-v", workspace + ":/work", "-v", name + ":/data", "--tmpfs", "/work/scratch"));
        String data = docker("info", "--format", "{{.DockerRootDir}}").get(0);
        try {
            assertThat(said.get(0)).matches("in the engine's container [0-9a-f]{64}");
            assertThat(said)
                    .contains(
                            "/work/a " + workspace + "/a",
                            "/data/b " + data + "/volumes/" + name + "/_data/b",
                            "/work/scratch/c -",
                            "/home -",
                            "/var/run/docker.sock " + JavaInContainer.socket())
                    // where siblings can mount it
                    .contains("directory /data");
            assertThat(said).anyMatch(line -> line.matches("addresses \\[\\d+\\.\\d+\\.\\d+\\.\\d+]"));
        } finally {
            docker("volume", "rm", name);
        }
    }

    @Test
    void pathWhenTheCgroupIsHiddenIsTheHosts() throws Exception {
        assertThat(inside(List.of("--cgroupns", "private", "--hostname", "agent", "-v", workspace + ":/work")))
                .contains("/work/a " + workspace + "/a", "directory /work");
    }

    @Test
    void pathWhenInTheNetworkOfAnotherContainerIsTheHosts() throws Exception {
        String other = docker("run", "-d", "--rm", "-v", "/opt:/work", "busybox", "sleep", "600")
                .get(0);
        try {
            assertThat(inside(List.of(
                            "--cgroupns", "private", "--network", "container:" + other, "-v", workspace + ":/work")))
                    .contains("/work/a " + workspace + "/a");
        } finally {
            docker("rm", "-f", other);
        }
    }

    @Test
    void pathWhenNothingIsSharedIsNone() throws Exception {
        assertThat(inside(List.of())).contains("/work/a -", "/home -", "directory /tmp");
    }

    @Test
    void pathWhenOnTheHostIsTheSame() {
        try (EngineConnection engine = EngineConnection.open(ENGINE)) {
            assertThat(HostPaths.of(engine).toHost(workspace)).contains(workspace);
            assertThat(HostPaths.of(engine)).hasToString("on the engine's host");
        }
    }

    private static List<String> inside(List<String> options) throws Exception {
        List<String> command = new ArrayList<>(JavaInContainer.command(
                options, Inside.class, "/work/a", "/data/b", "/work/scratch/c", "/home", "/var/run/docker.sock"));
        return docker(command.toArray(String[]::new));
    }
}
