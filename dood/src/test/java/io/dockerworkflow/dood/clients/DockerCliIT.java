package io.dockerworkflow.dood.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dockerworkflow.DockerSession;
import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.TeardownReport;
import io.dockerworkflow.dood.DoodWorkflow;
import io.dockerworkflow.dood.testsupport.Cli;
import io.dockerworkflow.dood.testsupport.EngineUnderTest;
import io.dockerworkflow.dood.testsupport.NewClients;
import io.dockerworkflow.internal.engine.EngineConnection;
import io.dockerworkflow.testsupport.Background;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The newest docker CLI, command by command, with the same names in two sessions at once. */
@Timeout(180)
class DockerCliIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path temporary;

    private static Client one;
    private static Client two;

    /** The CLI in one of the two sessions, with a directory of its own. */
    private static final class Client {
        final DockerSession session;
        final Path directory;
        final NewClients clients;

        Client(String name) throws IOException {
            directory = Files.createDirectory(temporary.toRealPath().resolve(name));
            session = DoodWorkflow.create().open(SessionOptions.defaults().workspace(directory));
            clients = new NewClients(session);
        }

        String id() {
            return session.id().value();
        }

        Cli.Result docker(String... arguments) {
            return clients.docker(directory, arguments);
        }

        String ok(String... arguments) {
            return docker(arguments).ok();
        }

        Process start(String... arguments) {
            return clients.start(directory, Map.of(), arguments);
        }

        String withInput(String input, String... arguments) throws IOException {
            Process process = start(arguments);
            try (var stdin = process.outputWriter()) {
                stdin.write(input);
            }
            return Cli.result(process).ok();
        }

        /** In a terminal of 45 lines and 123 columns. */
        String inTerminal(String command) {
            String sized = "stty rows 45 cols 123 && " + command;
            return Cli.result(clients.startAny(directory, Map.of(), List.of("script", "-qec", sized, "/dev/null")))
                    .ok();
        }
    }

    private interface Use {
        void of(Client client) throws Exception;
    }

    @BeforeAll
    static void open() throws IOException {
        one = new Client("one");
        two = new Client("two");
    }

    @AfterAll
    static void closeAndLookForRemains() {
        for (Client client : List.of(one, two)) {
            TeardownReport report = client.session.teardown(Duration.ofSeconds(60));
            assertThat(report.survivors()).isEmpty();
        }
        try (EngineConnection engine = EngineConnection.open(SessionOptions.defaults())) {
            List<String> left = new ArrayList<>();
            engine.docker()
                    .listContainersCmd()
                    .withShowAll(true)
                    .exec()
                    .forEach(container -> left.addAll(List.of(container.getNames())));
            engine.docker().listNetworksCmd().exec().forEach(network -> left.add(network.getName()));
            engine.docker().listVolumesCmd().exec().getVolumes().forEach(volume -> left.add(volume.getName()));
            engine.docker()
                    .listImagesCmd()
                    .exec()
                    .forEach(image ->
                            left.addAll(Arrays.asList(Objects.requireNonNullElse(image.getRepoTags(), new String[0]))));
            assertThat(left).noneMatch(name -> name.contains(one.id()) || name.contains(two.id()));
        }
    }

    private static void inBoth(Use use) {
        together(one, two, use);
    }

    private static void together(Client here, Client there, Use use) {
        CompletableFuture<Void> other = Background.run(() -> in(there, use));
        in(here, use);
        other.orTimeout(120, TimeUnit.SECONDS).join();
    }

    private static void in(Client client, Use use) {
        try {
            use.of(client);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void runWhenInATerminalHasOneOfTheSameSize() {
        // The client tells the size once the container runs, which may see another one first.
        String sized = "until [ \"$(stty size)\" = \"45 123\" ]; do sleep 0.1; done; tty; exit 0";
        inBoth(client -> {
            Files.writeString(client.directory.resolve("sized.sh"), sized);
            assertThat(client.inTerminal(
                            "docker run -it --rm -v \"$PWD:/w:ro\" --name terminal busybox sh /w/sized.sh"))
                    .contains("/dev/pts/0");
            client.ok("run", "-d", "--name", "screen", "-v", client.directory + ":/w:ro", "busybox", "sleep", "900");
            assertThat(client.inTerminal("docker exec -it screen sh /w/sized.sh"))
                    .contains("/dev/pts/");
            client.ok("rm", "-f", "screen");
        });
    }

    @Test
    void runWhenItEndsPassesOutputAndCodeOn() {
        inBoth(client -> {
            Cli.Result failed = client.docker("run", "--rm", "--name", "app", "busybox", "sh", "-c", "echo no; exit 7");
            assertThat(failed).isEqualTo(new Cli.Result(7, "no"));
            assertThat(client.withInput("through\n", "run", "-i", "--rm", "--name", "app", "busybox", "cat"))
                    .isEqualTo("through");
            assertThat(client.docker("run", "--rm", "--name", "app", "busybox", "/no/such")
                            .code())
                    .isEqualTo(127);
        });
    }

    @Test
    void containerWhenLedThroughItsLifeObeys() {
        inBoth(client -> {
            String id = client.ok(
                    "run", "-d", "--name", "life", "-p", "80", "-l", "a=1", "busybox", "httpd", "-f", "-p", "80");
            assertThat(client.ok("ps", "--no-trunc", "--format", "{{.ID}} {{.Names}}", "-f", "name=life"))
                    .isEqualTo(id + " life");
            assertThat(client.ok("port", "life", "80")).startsWith("127.0.0.1:");
            assertThat(client.ok("top", "life")).contains("httpd");
            assertThat(client.ok("stats", "--no-stream", "--format", "{{.Name}}", "life"))
                    .isEqualTo("life");
            client.ok("exec", "life", "touch", "/made");
            assertThat(client.ok("diff", "life").lines()).contains("A /made");
            client.ok("update", "--memory", "64m", "--memory-swap", "-1", "life");
            assertThat(client.ok("inspect", "-f", "{{.HostConfig.Memory}} {{.Name}} {{.Config.Labels}}", "life"))
                    .isEqualTo("67108864 /life map[a:1]");
            client.ok("pause", "life");
            assertThat(state(client, "life")).isEqualTo("paused");
            client.ok("unpause", "life");
            client.ok("restart", "-t", "0", "life");
            assertThat(state(client, "life")).isEqualTo("running");
            client.ok("rename", "life", "afterlife");
            Process waiting = client.start("wait", "afterlife");
            client.ok("kill", "-s", "KILL", "afterlife");
            assertThat(Cli.result(waiting).ok()).isEqualTo("137");
            client.ok("start", "afterlife");
            client.ok("stop", "-t", "0", "afterlife");
            assertThat(state(client, "afterlife")).isEqualTo("exited");
            client.ok("rm", "afterlife");
            assertThat(client.docker("inspect", "afterlife").output())
                    .containsIgnoringCase("no such object: afterlife");
        });
    }

    private static String state(Client client, String container) {
        return client.ok("inspect", "-f", "{{.State.Status}}", container);
    }

    @Test
    void logsWhenFollowedEndWithTheContainer() {
        inBoth(client -> {
            client.ok(
                    "run",
                    "-d",
                    "--name",
                    "ticker",
                    "busybox",
                    "sh",
                    "-c",
                    "for i in 1 2 3; do echo $i; sleep 0.3; done");
            assertThat(client.ok("logs", "-f", "ticker")).isEqualTo("1\n2\n3");
            assertThat(client.ok("logs", "-n", "1", "ticker")).isEqualTo("3");
            client.ok("rm", "ticker");
        });
    }

    @Test
    void attachWhenInputEndsReturnsTheOutput() {
        inBoth(client -> {
            client.ok("create", "-i", "--name", "listener", "busybox", "sh", "-c", "read line; echo got $line");
            assertThat(client.withInput("word\n", "start", "-ai", "listener")).isEqualTo("got word");
            client.ok("rm", "listener");
            // Not with "run -d": engines close the output of such a container's attachment when the input ends.
            client.ok("create", "-i", "--name", "listener", "busybox", "sh", "-c", "read line; echo got $line");
            client.ok("start", "listener");
            assertThat(client.withInput("more\n", "attach", "listener")).isEqualTo("got more");
            client.ok("rm", "listener");
        });
    }

    @Test
    void copyWhenOfADirectoryGoesBothWays() {
        inBoth(client -> {
            Path tree = Files.createDirectories(client.directory.resolve("tree/deep"));
            Files.writeString(tree.resolve("who"), client.id());
            client.ok("create", "--name", "box", "busybox");
            client.ok("cp", "tree", "box:/tmp/");
            client.ok("cp", "box:/tmp/tree", "back");
            assertThat(client.directory.resolve("back/deep/who")).hasContent(client.id());
            client.ok("rm", "box");
        });
    }

    @Test
    void imageWhenMadeInAnyWayIsTheSessionsOwn() {
        inBoth(client -> {
            Files.writeString(client.directory.resolve("Dockerfile"), "FROM busybox\nARG WHO\nRUN echo $WHO > /who\n");
            client.ok("build", "-q", "-t", "app:built", "--build-arg", "WHO=" + client.id(), ".");
            client.ok("buildx", "build", "-q", "-t", "app:x", "--build-arg", "WHO=" + client.id(), ".");
            assertThat(who(client, "app:x")).isEqualTo(client.id());
            assertThat(client.ok("history", "--no-trunc", "--format", "{{.CreatedBy}}", "app:built"))
                    .contains("/who")
                    .doesNotContain("io.dockerworkflow");

            client.ok("create", "--name", "source", "app:built");
            client.ok("commit", "source", "app:committed");
            client.ok("export", "-o", "exported.tar", "source");
            client.ok("import", "exported.tar", "app:imported");
            client.ok("save", "-o", "saved.tar", "app:built", "app:committed");
            client.ok("tag", "app:built", "app:tagged");
            client.ok("rm", "source");
            client.ok("rmi", "-f", "app:built", "app:committed");
            assertThat(client.ok("load", "-i", "saved.tar"))
                    .contains("Loaded image: app:built", "Loaded image: app:committed");
            for (String tag : List.of("built", "committed", "imported", "tagged")) {
                assertThat(who(client, "app:" + tag)).as(tag).isEqualTo(client.id());
            }
            assertThat(client.ok("images", "--format", "{{.Repository}}:{{.Tag}}", "app")
                            .lines())
                    .containsExactlyInAnyOrder("app:built", "app:x", "app:committed", "app:imported", "app:tagged");
            for (String tag : List.of("built", "x", "committed", "imported", "tagged")) {
                client.ok("rmi", "app:" + tag);
            }
            assertThat(client.ok("images", "-q", "app")).isEmpty();
        });
    }

    private static String who(Client client, String image) {
        return client.ok("run", "--rm", image, "cat", "/who");
    }

    @Test
    void networkWhenConnectedAndLeftKnowsTheLogicalName() {
        inBoth(client -> {
            client.ok("network", "create", "front");
            client.ok("network", "create", "back");
            client.ok("run", "-d", "--name", "server", "--network", "front", "busybox", "sleep", "900");
            client.ok("run", "-d", "--name", "caller", "--network", "back", "busybox", "sleep", "900");
            assertThat(ping(client, "server").output()).contains("bad address");
            client.ok("network", "connect", "--alias", "other", "back", "server");
            assertThat(ping(client, "server").ok()).contains("1 packets received");
            assertThat(ping(client, "other").ok()).contains("1 packets received");
            assertThat(client.ok("network", "inspect", "-f", "{{range .Containers}}{{.Name}} {{end}}", "back")
                            .split(" "))
                    .containsExactlyInAnyOrder("server", "caller");
            client.ok("network", "disconnect", "back", "server");
            assertThat(ping(client, "server").output()).contains("bad address");
            client.ok("rm", "-f", "server", "caller");
            assertThat(client.ok("network", "rm", "front", "back").lines()).containsExactly("front", "back");
        });
    }

    private static Cli.Result ping(Client client, String name) {
        return client.docker("exec", "caller", "ping", "-c1", "-W2", name);
    }

    @Test
    void eventsWhenReadBackNameOnlyTheSessionsObjects() {
        inBoth(client -> {
            String since = String.valueOf(Instant.now().getEpochSecond());
            client.ok("volume", "create", "seen");
            String id = client.ok("create", "--name", "seen", "-v", "seen:/v", "busybox");
            client.ok("rm", "seen");
            client.ok("volume", "rm", "seen");
            // Up to the next second, so that the last of them is in it.
            String until = String.valueOf(Instant.now().getEpochSecond() + 1);
            List<String> told = new ArrayList<>();
            Set<String> containers = new HashSet<>();
            for (String line : client.ok("events", "--since", since, "--until", until, "--format", "json")
                    .lines()
                    .toList()) {
                JsonNode event = JSON.readTree(line);
                String name = event.at("/Actor/Attributes/name").asText();
                String actor = event.at("/Actor/ID").asText();
                assertThat(line).doesNotContain("dw-", "io.dockerworkflow");
                String action = event.path("Action").asText();
                if ((name.equals("seen") || actor.equals("seen"))
                        && Set.of("create", "destroy").contains(action)) {
                    told.add(event.path("Type").asText() + " " + action);
                }
                if (name.equals("seen")) {
                    containers.add(actor);
                }
            }
            // Engine 20.10 tells the volume's creation again when a container comes that uses it.
            assertThat(told.stream().distinct())
                    .containsExactly("volume create", "container create", "container destroy", "volume destroy");
            assertThat(containers).containsExactly(id);
        });
    }

    @Test
    void searchWhenAskedIsTheEnginesToAnswer() {
        inBoth(client -> assertThat(client.docker("search", "busybox").output())
                .doesNotContain("page not found", "refused by the session's policy"));
    }

    @Test
    void diskUsageWhenAskedForCountsTheSessionsOwn() {
        inBoth(client -> {
            client.ok("run", "--name", "used", "-v", "used:/u", "busybox", "true");
            Map<String, String> counts = new LinkedHashMap<>();
            client.ok("system", "df", "--format", "{{.Type}}={{.TotalCount}}")
                    .lines()
                    .map(line -> line.split("="))
                    .forEach(pair -> counts.put(pair[0], pair[1]));
            assertThat(counts)
                    .containsEntry("Build Cache", "0")
                    .containsEntry("Containers", String.valueOf(count(client, "ps", "-aq")))
                    .containsEntry("Local Volumes", String.valueOf(count(client, "volume", "ls", "-q")));
            assertThat(client.ok("system", "df", "-v"))
                    .contains("used")
                    .doesNotContain("dw-" + one.id(), "dw-" + two.id());
            client.ok("rm", "used");
            client.ok("volume", "rm", "used");
        });
    }

    private static long count(Client client, String... listing) {
        return client.ok(listing).lines().count();
    }

    /** Prunes what other tests of this class have made, too: it has sessions of its own. */
    @Test
    void pruneOfEachKindWhenAskedForTakesOnlyTheSessionsOwn() throws IOException {
        try (DockerSession bystander = DoodWorkflow.create().open()) {
            Cli theirs = new Cli(bystander);
            theirs.docker("create", "--name", "unused", "busybox").ok();
            theirs.docker("network", "create", "unused").ok();
            theirs.docker("volume", "create", "unused").ok();
            theirs.docker("tag", "busybox", "unused:1").ok();
            together(new Client("prune-one"), new Client("prune-two"), DockerCliIT::prune);
            assertThat(theirs.docker("ps", "-a", "--format", "{{.Names}}").ok()).isEqualTo("unused");
            assertThat(theirs.docker("network", "ls", "--format", "{{.Name}}").ok())
                    .contains("unused");
            assertThat(theirs.docker("volume", "ls", "-q").ok()).isEqualTo("unused");
            assertThat(theirs.docker("images", "-q", "unused:1").ok()).isNotEmpty();
        }
    }

    private static void prune(Client client) throws IOException {
        // Engines from API 1.42 on keep volumes with a name, unless told otherwise; "system prune" cannot tell them.
        boolean named = Integer.parseInt(EngineUnderTest.version().api().substring("1.".length())) >= 42;
        try (client.session) {
            make(client);
            String stopped = client.ok("ps", "-aq", "--no-trunc", "-f", "name=stopped");
            assertThat(client.ok("container", "prune", "-f")).contains(stopped);
            assertThat(client.ok("network", "prune", "-f").lines())
                    .contains("idle")
                    .doesNotContain("busy");
            assertThat(client.ok("volume", "prune", named ? "-af" : "-f").lines())
                    .contains("idle")
                    .doesNotContain("busy");
            assertThat(client.ok("image", "prune", "-af")).contains("untagged: idle:1");
            client.ok("builder", "prune", "-af");
            make(client);
            assertThat(client.ok("system", "prune", "-af", "--volumes"))
                    .contains("Deleted Containers", "Deleted Networks", "untagged: idle:1")
                    .doesNotContain("dw-");
            assertThat(client.ok("ps", "-a", "--format", "{{.Names}}")).isEqualTo("runs");
            assertThat(client.ok("volume", "ls", "-q")).isEqualTo(named ? "busy\nidle" : "busy");
            assertThat(client.ok("images", "-q", "idle")).isEmpty();
            assertThat(client.ok("images", "-q", "busybox")).isNotEmpty();
        }
    }

    private static void make(Client client) throws IOException {
        if (client.ok("ps", "-q").isEmpty()) {
            client.ok("network", "create", "busy");
            client.ok("run", "-d", "--name", "runs", "--network", "busy", "-v", "busy:/b", "busybox", "sleep", "900");
        }
        client.ok("network", "create", "idle");
        client.ok("volume", "create", "idle");
        Files.writeString(
                client.directory.resolve("Dockerfile"), "FROM busybox\nRUN echo " + client.id() + " > /who\n");
        client.ok("build", "-q", "-t", "idle:1", ".");
        client.ok("create", "--name", "stopped", "busybox");
    }
}
