package io.dockerworkflow.dood.gateway.network;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.model.Network;
import io.dockerworkflow.Child;
import io.dockerworkflow.Child.Kind;
import io.dockerworkflow.DockerSession;
import io.dockerworkflow.Endpoint;
import io.dockerworkflow.SessionInfo.ChildInfo;
import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.Sessions;
import io.dockerworkflow.TeardownReport;
import io.dockerworkflow.dind.DindWorkflow;
import io.dockerworkflow.dood.DoodWorkflow;
import io.dockerworkflow.dood.SessionPolicy;
import io.dockerworkflow.dood.policy.PolicyVictims;
import io.dockerworkflow.dood.testsupport.Cli;
import io.dockerworkflow.dood.testsupport.RawClient;
import io.dockerworkflow.dood.testsupport.RawClient.Outcome;
import io.dockerworkflow.internal.engine.EngineConnection;
import io.dockerworkflow.testsupport.Background;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Networks that have their configuration, and with it the session's labels, from another one of the session's. */
@Timeout(180)
class ConfigFromIT {
    private static final SessionOptions ENGINE = SessionOptions.defaults();

    @Test
    void networksWhenSessionsShareTheirNamesHaveOwnConfigurationAndGo() {
        CompletableFuture<Void> other = Background.run(ConfigFromIT::useAndClose);
        useAndClose();
        other.join();
    }

    private static void useAndClose() {
        DockerSession session = DoodWorkflow.create().open(ENGINE.label("job", "42"));
        Cli cli = new Cli(session);
        try {
            cli.docker("network", "create", "--config-only", "--subnet", subnet(session), "--label", "a=1", "settings")
                    .ok();
            cli.docker("network", "create", "--config-from", "settings", "app").ok();
            cli.docker("run", "-d", "--name", "web", "--network", "app", "busybox", "sleep", "600")
                    .ok();

            String network = subnet(session).replace("0/24", "");
            assertThat(cli.docker("exec", "web", "ip", "address").ok()).contains("inet " + network);
            // The name alone: what is sent there does not arrive on an engine that was told to leave the host's rules
            // alone.
            assertThat(cli.docker("run", "--rm", "--network", "app", "busybox", "ping", "-c", "1", "-W", "1", "web")
                            .output())
                    .contains("PING web (" + network);
            String format = "{{.Name}} {{.ConfigFrom.Network}} {{.ConfigOnly}} {{json .Labels}}";
            assertThat(cli.docker("network", "inspect", "-f", format, "app", "settings")
                            .ok())
                    .isEqualTo("app settings false {\"a\":\"1\"}\nsettings  true {\"a\":\"1\"}");
            assertThat(cli.docker("network", "ls", "--filter", "label=a=1", "--format", "{{.Name}}")
                            .ok()
                            .lines())
                    .containsExactlyInAnyOrder("app", "settings");
            assertThat(new RawClient(((Endpoint.UnixSocket) session.endpoint()).path())
                            .request("GET", "/networks", PolicyVictims.AS_JSON, "")
                            .body())
                    .contains("\"ConfigFrom\":{\"Network\":\"settings\"}")
                    .doesNotContain(session.id().value());
            assertThat(cli.docker("network", "rm", "settings").output())
                    .contains("configuration network \"settings\" is in use");
            assertThat(networks(session))
                    .filteredOn(child -> child.name().isPresent())
                    .extracting(
                            child -> child.name().get() + " is " + child.child().name())
                    .containsExactlyInAnyOrder(
                            "app is dw-" + session.id() + "-app", "settings is dw-" + session.id() + "-settings");
        } finally {
            TeardownReport report = session.teardown(Duration.ofSeconds(60));
            assertThat(report.survivors()).isEmpty();
            // In this order, so that no attempt is in vain.
            assertThat(report.removed())
                    .containsSubsequence(
                            new Child(Kind.CONTAINER, "dw-" + session.id() + "-web"),
                            new Child(Kind.NETWORK, "dw-" + session.id() + "-app"),
                            new Child(Kind.NETWORK, "dw-" + session.id() + "-settings"));
        }
        assertThat(left(session)).isEmpty();
    }

    /** Of the range for benchmarks of networks, which nobody has: engines make no second network that overlaps. */
    private static String subnet(DockerSession session) {
        int number = Integer.parseInt(session.id().value().substring(0, 3), 16) % 512;
        return "198." + (18 + number / 256) + "." + number % 256 + ".0/24";
    }

    private static List<ChildInfo> networks(DockerSession session) {
        return Sessions.find(ENGINE, session.id()).orElseThrow().children().stream()
                .filter(child -> child.child().kind() == Kind.NETWORK)
                .toList();
    }

    private static List<String> left(DockerSession session) {
        try (EngineConnection engine = EngineConnection.open(ENGINE)) {
            return engine.docker().listNetworksCmd().exec().stream()
                    .map(Network::getName)
                    .filter(name -> name.contains(session.id().value()))
                    .toList();
        }
    }

    @Test
    void networkWhenGivenMoreThanAConfigurationIsRefusedByTheEngine() {
        try (DockerSession session = DoodWorkflow.create().open()) {
            Cli cli = new Cli(session);
            cli.docker("network", "create", "--config-only", "settings").ok();

            assertThat(cli.docker("network", "create", "--config-from", "settings", "--label", "b=2", "app")
                            .output())
                    .contains("user specified configurations are not supported");
            assertThat(cli.docker("network", "create", "--config-from", "none-such", "app")
                            .output())
                    .contains("configuration network \"none-such\" does not exist");
            assertThat(cli.docker("network", "ls", "-q", "--filter", "name=app").ok())
                    .isEmpty();
        }
    }

    @Test
    void networkWhenItsConfigurationHasNoNameIsAsAnyOther() {
        try (DockerSession session = DoodWorkflow.create().open()) {
            Outcome made =
                    create(session, "{\"Name\":\"app\",\"ConfigFrom\":{\"Network\":\"\"},\"Labels\":{\"b\":\"2\"}}");
            assertThat(made.status()).as(made.text()).contains(201);
            assertThat(new Cli(session)
                            .docker("network", "inspect", "-f", "{{json .Labels}}", "app")
                            .ok())
                    .isEqualTo("{\"b\":\"2\"}");
        }
    }

    /** Engine 20.10 takes a second one, and then loses count of who uses which. */
    @Test
    void configurationWhenThereIsOneOfThatNameIsRefused() {
        try (DockerSession session = DoodWorkflow.create().open()) {
            String body = "{\"Name\":\"settings\",\"ConfigOnly\":true,\"CheckDuplicate\":false}";
            assertThat(create(session, body).status()).contains(201);
            Outcome second = create(session, body);
            assertThat(second.status()).as(second.text()).contains(409);
            assertThat(second.body()).contains("network with name settings already exists");
        }
    }

    private static Outcome create(DockerSession session, String body) {
        return new RawClient(((Endpoint.UnixSocket) session.endpoint()).path())
                .request("POST", "/networks/create", PolicyVictims.AS_JSON, body);
    }

    /** As engines do, whose prune leaves what is only a configuration. */
    @Test
    void pruneWhenANetworkIsUnusedLeavesItsConfiguration() {
        try (DockerSession session = DoodWorkflow.create().open()) {
            Cli cli = new Cli(session);
            cli.docker("network", "create", "--config-only", "settings").ok();
            cli.docker("network", "create", "--config-from", "settings", "app").ok();

            assertThat(cli.docker("network", "prune", "-f").ok().strip()).isEqualTo("Deleted Networks:\napp");
            assertThat(cli.docker("network", "rm", "settings").ok()).isEqualTo("settings");
            assertThat(left(session)).isEmpty();
        }
    }

    @Test
    void sessionWhenItIsRemovedByAnotherProcessLeavesNeither() {
        try (DockerSession session = DoodWorkflow.create().open()) {
            Cli cli = new Cli(session);
            cli.docker("network", "create", "--config-only", "settings").ok();
            cli.docker("network", "create", "--config-from", "settings", "one").ok();
            cli.docker("network", "create", "--config-from", "settings", "two").ok();

            assertThat(Sessions.remove(ENGINE, session.id()).survivors()).isEmpty();
            assertThat(left(session)).isEmpty();
        }
    }

    /** On an engine of its own: the host's is no swarm, and a network called "nat" is seen by all of its sessions. */
    @Test
    void networkWhenItWouldHaveNoLabelsIsRefused() {
        try (DockerSession daemon = DindWorkflow.create().seed("busybox:latest").open();
                DockerSession session =
                        DoodWorkflow.create().policy(SessionPolicy.trusted()).open(ENGINE.engine(daemon.endpoint()))) {
            Cli engine = new Cli(daemon);
            Cli cli = new Cli(session);
            cli.docker("network", "create", "--config-only", "settings").ok();
            engine.docker("network", "create", "--config-only", "nat").ok();
            assertThat(cli.docker("network", "create", "--config-from", "nat", "app")
                            .output())
                    .contains("configuration network \"nat\" does not exist");

            engine.docker("swarm", "init", "--advertise-addr", "127.0.0.1").ok();
            assertThat(cli.docker("network", "create", "--config-from", "settings", "--scope", "swarm", "app")
                            .output())
                    .contains("ConfigFrom is refused here: the engine has made the network without the labels of its"
                            + " configuration, as it does in a swarm, so that it would outlive the session; it was"
                            + " removed. Give the network that configuration itself");
            assertThat(engine.docker("network", "ls", "--format", "{{.Name}}").ok())
                    .contains("dw-" + session.id() + "-settings")
                    .doesNotContain("-app");
        }
    }
}
