package io.dockerworkflow.dood.gateway.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.dockerworkflow.DockerSession;
import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.TeardownReport;
import io.dockerworkflow.WorkflowException;
import io.dockerworkflow.dood.DoodWorkflow;
import io.dockerworkflow.dood.testsupport.Cli;
import io.dockerworkflow.internal.engine.EngineConnection;
import io.dockerworkflow.testsupport.JavaInContainer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A caller in a container reaches the session's children by their names. */
@Timeout(180)
class JoinNetworksIT {

    @TempDir
    Path directory;

    /** What runs in that container. */
    static final class Build {
        private Build() {}

        public static void main(String[] arguments) throws Exception {
            DockerSession session = DoodWorkflow.create().joinNetworks().open();
            Cli cli = new Cli(session);
            cli.docker("network", "create", "app").ok();
            cli.docker("network", "create", "unused").ok();
            cli.docker("network", "create", "kept").ok();
            cli.docker("run", "-d", "--name", "db", "--network", "app", "busybox", "httpd", "-f", "-p", "8080")
                    .ok();
            // The container runs before what is in it listens.
            await().ignoreException(ConnectException.class)
                    .until(() -> connects("db").equals("yes"));
            System.out.println("reached " + connects("db"));
            System.out.println("shown "
                    + cli.docker("network", "inspect", "-f", "{{range .Containers}}[{{.Name}}]{{end}}", "app", "kept")
                            .ok()
                            .replace('\n', ' '));
            System.out.println("joined " + ownNetworks(session));
            System.out.println("in use " + cli.docker("network", "rm", "app").output());
            System.out.println("reached again " + connects("db"));
            cli.docker("rm", "-f", "db").ok();
            cli.docker("network", "rm", "unused").ok();
            System.out.println("after rm " + ownNetworks(session));
            System.out.println(
                    "pruned " + cli.docker("network", "prune", "-f").ok().replace('\n', ' '));
            System.out.println("after prune " + ownNetworks(session));
            cli.docker("network", "create", "last").ok();
            cli.docker("network", "create", "--internal", "inner").ok();
            System.out.println("before the end " + ownNetworks(session));
            String[] events = {
                "events", "--since", "10m", "--until", "0s", "--filter", "type=network", "--format", "{{.Action}}"
            };
            System.out.println("events " + cli.docker(events).ok().replace('\n', ' '));
            TeardownReport report = session.teardown(Duration.ofSeconds(30));
            System.out.println("survivors " + report.survivors());
            System.out.println("after the end " + ownNetworks(session));
        }

        private static String connects(String name) throws IOException {
            try (Socket socket = new Socket(InetAddress.getByName(name), 8080)) {
                return socket.isConnected() ? "yes" : "no";
            }
        }

        /** Of this container, as the engine has them; the session's by their logical names. */
        private static String ownNetworks(DockerSession session) throws IOException {
            String id = Pattern.compile("[0-9a-f]{64}")
                    .matcher(Files.readString(Path.of("/proc/self/mountinfo"))
                            .lines()
                            .filter(line -> line.contains(" /etc/hostname "))
                            .findFirst()
                            .orElseThrow())
                    .results()
                    .findFirst()
                    .orElseThrow()
                    .group();
            try (EngineConnection engine = EngineConnection.open(SessionOptions.defaults())) {
                Set<String> names = engine.docker()
                        .inspectContainerCmd(id)
                        .exec()
                        .getNetworkSettings()
                        .getNetworks()
                        .keySet();
                return names.stream()
                        .map(name -> name.replace("dw-" + session.id() + "-", "session's "))
                        .sorted()
                        .toList()
                        .toString();
            }
        }
    }

    @Test
    void callerWhenItRunsInAContainerReachesChildrenByName() throws Exception {
        String said = inside("bridge");
        assertThat(said)
                .contains("reached yes", "reached again yes", "shown [db]", "survivors []")
                .contains("joined [bridge, session's app, session's kept, session's unused]")
                .containsPattern("in use .*has active endpoints( \\(name:\"db\" id:\"[0-9a-f]+\"\\))?\n")
                .contains("after rm [bridge, session's app, session's kept]")
                .contains("pruned Deleted Networks: ")
                .contains("after prune [bridge]")
                .contains("before the end [bridge, session's inner, session's last]")
                .contains("after the end [bridge]");
        // The only one that joined and left for all to see is the child.
        assertThat(said.lines().filter(line -> line.startsWith("events ")).findFirst())
                .hasValueSatisfying(events ->
                        assertThat(events).containsOnlyOnce(" connect").containsOnlyOnce("disconnect"));
    }

    @Test
    void openWhenTheContainerHasNoNetworksOfItsOwnSaysSo() throws Exception {
        assertThat(inside("host"))
                .contains("Could not join the session's networks")
                .contains("whose network mode is host")
                .contains("Run it in a container with a network of its own");
    }

    @Test
    void openWhenTheProcessRunsOnTheHostSaysSo() {
        DoodWorkflow workflow = DoodWorkflow.create().joinNetworks();
        assertThatThrownBy(workflow::open)
                .isInstanceOf(WorkflowException.class)
                .hasMessage(
                        "Could not join the session's networks (this process): this process runs on the engine's host. "
                                + "Run it in a container of that engine, or open the session without joinNetworks().");
    }

    private String inside(String network) throws Exception {
        List<String> command = new ArrayList<>(List.of("docker"));
        command.addAll(JavaInContainer.command(
                List.of(
                        "--network",
                        network,
                        "-v",
                        directory + ":" + directory,
                        "-e",
                        "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"),
                Build.class));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
