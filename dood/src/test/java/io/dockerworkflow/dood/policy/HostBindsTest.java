package io.dockerworkflow.dood.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dockerworkflow.dood.SessionPolicy;
import io.dockerworkflow.dood.policy.Verdict.Allowed;
import io.dockerworkflow.dood.policy.Verdict.Refused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostBindsTest {
    private static final Path ENGINE = Path.of("/run/the-engine.sock");
    private static final Path SESSION = Path.of("/run/the-session.sock");

    @TempDir
    Path temporary;

    private Path workspace;
    private Path outside;
    private HostBinds binds;
    private Rules rules = PolicyOf.rules(SessionPolicy.guarded());

    @BeforeEach
    void makeDirectories() throws IOException {
        Path real = temporary.toRealPath();
        workspace = Files.createDirectory(real.resolve("workspace"));
        outside = Files.createDirectory(real.resolve("outside"));
        binds = new HostBinds(Map.of(ENGINE, SESSION), Optional::of);
        binds.allow(workspace);
    }

    @Test
    void sourceWhenTheWorkspaceOrBeneathIsMounted() throws Exception {
        Files.createDirectory(workspace.resolve("sub"));
        assertThat(bound(workspace)).isEqualTo(workspace + ":/m:ro");
        assertThat(bound(workspace.resolve("sub"))).isEqualTo(workspace.resolve("sub") + ":/m:ro");
        assertThat(bound(workspace.resolve("not/there/yet"))).isEqualTo(workspace.resolve("not/there/yet") + ":/m:ro");
        assertThat(bound(workspace.resolve("sub/../sub/."))).isEqualTo(workspace.resolve("sub") + ":/m:ro");
    }

    @Test
    void sourceWhenOutsideIsRefused() throws Exception {
        assertRefused(outside.toString());
        assertRefused("/");
        assertRefused(workspace + "/..");
        assertRefused(workspace + "/../outside");
        assertRefused(workspace + "/sub/../../outside/new");
        assertRefused(workspace + "-sibling");
        assertRefused("//etc");
        assertRefused("/proc/self/root/etc");
    }

    @Test
    void sourceWhenALinkLeadsOutsideIsRefused() throws Exception {
        Files.createSymbolicLink(workspace.resolve("link"), outside);
        Files.createSymbolicLink(workspace.resolve("dangling"), outside.resolve("new"));
        Files.createSymbolicLink(workspace.resolve("loop"), workspace.resolve("loop"));
        assertRefused(workspace + "/link");
        assertRefused(workspace + "/link/below/not/there");
        assertRefused(workspace + "/dangling");
        assertRefused(workspace + "/dangling/below");
        assertRefused(workspace + "/loop");
    }

    @Test
    void sourceWhenALinkStaysInsideIsMountedByItsRealPath() throws Exception {
        Files.createDirectory(workspace.resolve("real"));
        Files.createSymbolicLink(workspace.resolve("link"), Path.of("real"));
        Files.createSymbolicLink(outside.resolve("back"), workspace);
        assertThat(bound(workspace.resolve("link"))).isEqualTo(workspace.resolve("real") + ":/m:ro");
        assertThat(bound(outside.resolve("back/real"))).isEqualTo(workspace.resolve("real") + ":/m:ro");
        // by text this is the workspace, whatever the link would say
        assertThat(bound(workspace.resolve("link/.."))).isEqualTo(workspace + ":/m:ro");
    }

    @Test
    void workspaceWhenItselfALinkAllowsWhereItLeads() throws Exception {
        Path alias = Files.createSymbolicLink(temporary.toRealPath().resolve("alias"), outside);
        binds.allow(alias);
        assertThat(bound(alias.resolve("x"))).isEqualTo(outside.resolve("x") + ":/m:ro");
    }

    @Test
    void pathWhenOnTheAllowListIsMounted() throws Exception {
        rules = PolicyOf.rules(SessionPolicy.guarded().allowHostPaths(outside));
        assertThat(bound(outside.resolve("x"))).isEqualTo(outside.resolve("x") + ":/m:ro");
        assertRefused(temporary.toString());
    }

    @Test
    void engineSocketWhenBoundBecomesTheSessions() throws Exception {
        assertThat(bound(ENGINE)).isEqualTo(SESSION + ":/m:ro");
        assertThat(bound(SESSION)).isEqualTo(SESSION + ":/m:ro");
        rules = PolicyOf.rules(SessionPolicy.trusted());
        assertThat(bound(ENGINE)).isEqualTo(SESSION + ":/m:ro");
    }

    @Test
    void engineSocketWhenBoundThroughALinkBecomesTheSessions() throws Exception {
        Path engine = Files.createFile(outside.resolve("engine.sock"));
        Path link = Files.createSymbolicLink(workspace.resolve("docker.sock"), engine);
        binds = new HostBinds(Map.of(engine, SESSION), Optional::of);
        assertThat(bound(link)).isEqualTo(SESSION + ":/m:ro");
        assertThat(bound(outside.resolve("../outside/engine.sock"))).isEqualTo(SESSION + ":/m:ro");
    }

    @Test
    void mountsWhenOfTypeBindAreTreatedAlike() throws Exception {
        Files.createDirectory(workspace.resolve("real"));
        Files.createSymbolicLink(workspace.resolve("link"), Path.of("real"));
        ObjectNode request = allowed("{\"Mounts\":[{\"type\":\"bind\",\"source\":\"" + workspace + "/link\"}]}");
        assertThat(request.at("/HostConfig/Mounts/0/Source").asText())
                .isEqualTo(workspace.resolve("real").toString());
        Files.createSymbolicLink(workspace.resolve("out"), outside);
        assertThat(create("{\"Mounts\":[{\"type\":\"bind\",\"source\":\"" + workspace + "/out\"}]}"))
                .isInstanceOf(Refused.class);
        assertThat(create("{\"Mounts\":[{\"Type\":\"bind\",\"Source\":\"relative\"}]}"))
                .isInstanceOf(Refused.class);
    }

    @Test
    void volumeWhenItBindsTheWorkspaceIsAllowedAndALinkOutsideIsNot() throws Exception {
        Files.createSymbolicLink(workspace.resolve("out"), outside);
        String options = "{\"Mounts\":[{\"Type\":\"volume\",\"VolumeOptions\":{\"DriverConfig\":{\"Name\":\"local\","
                + "\"Options\":{\"type\":\"none\",\"o\":\"bind\",\"device\":\"%s\"}}}}]}";
        assertThat(create(options.formatted(workspace))).isInstanceOf(Allowed.class);
        assertThat(create(options.formatted(workspace + "/out"))).isInstanceOf(Refused.class);
    }

    @Test
    void startWhenADirectoryBecameALinkOutsideIsRefused() throws Exception {
        Path directory = Files.createDirectory(workspace.resolve("directory"));
        RequestPolicy policy = new RequestPolicy(rules, binds);
        assertThat(bound(directory)).isEqualTo(directory + ":/m:ro");
        assertThat(policy.containerStart()).isEmpty();
        Files.delete(directory);
        assertThat(policy.containerStart()).isEmpty();
        Files.createSymbolicLink(directory, outside);
        assertThat(policy.containerStart())
                .map(Refusal::message)
                .get()
                .asString()
                .contains(directory.toString(), "it now leads outside the workspace");
    }

    @Test
    void sourceWhenInAContainerIsTheHostsPathAndRefusedIfThereIsNone() throws Exception {
        binds = new HostBinds(
                Map.of(),
                path -> path.startsWith(workspace)
                        ? Optional.of(Path.of("/host/build").resolve(workspace.relativize(path)))
                        : Optional.empty());
        binds.allow(workspace);
        assertThat(bound(workspace.resolve("x"))).isEqualTo("/host/build/x:/m:ro");
        rules = PolicyOf.rules(SessionPolicy.trusted());
        Verdict<ObjectNode> verdict = create("{\"Binds\":[\"" + outside + ":/m\"]}");
        assertThat(((Refused<ObjectNode>) verdict).message())
                .contains("this process runs in a container, and " + outside + " is on none of the mounts");
    }

    private String bound(Path source) throws MalformedBodyException {
        return allowed("{\"Binds\":[\"" + source + ":/m:ro\"]}")
                .at("/HostConfig/Binds/0")
                .asText();
    }

    private void assertRefused(String source) throws MalformedBodyException {
        assertThat(create("{\"Binds\":[\"" + source + ":/m\"]}")).as(source).isInstanceOf(Refused.class);
        assertThat(create("{\"Mounts\":[{\"Type\":\"bind\",\"Source\":\"" + source + "\"}]}"))
                .as(source)
                .isInstanceOf(Refused.class);
    }

    private ObjectNode allowed(String hostConfig) throws MalformedBodyException {
        return ((Allowed<ObjectNode>) create(hostConfig)).request();
    }

    private Verdict<ObjectNode> create(String hostConfig) throws MalformedBodyException {
        return new RequestPolicy(rules, binds)
                .containerCreate(EngineJsonTest.create("{\"HostConfig\":" + hostConfig + "}"), 0);
    }
}
