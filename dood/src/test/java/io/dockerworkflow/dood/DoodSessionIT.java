package io.dockerworkflow.dood;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotFoundException;
import io.dockerworkflow.Child;
import io.dockerworkflow.DockerSession;
import io.dockerworkflow.DockerWorkflows;
import io.dockerworkflow.Mode;
import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.TeardownReport;
import io.dockerworkflow.dood.testsupport.Cli;
import io.dockerworkflow.internal.children.Labels;
import io.dockerworkflow.internal.engine.EngineConnection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class DoodSessionIT {

    @Test
    void namedWhenAskedForDoodFindsTheMode() {
        assertThat(DockerWorkflows.named("dood").mode()).isEqualTo(Mode.DOOD);
    }

    @Test
    void sessionsWhenTheyUseTheSameNamesEachSeeTheirOwn() {
        try (DockerSession one = DoodWorkflow.create().open();
                DockerSession two = DoodWorkflow.create().open()) {
            for (DockerSession session : List.of(one, two)) {
                Cli cli = new Cli(session);
                cli.docker("network", "create", "app").ok();
                cli.docker("run", "-d", "--name", "db", "--network", "app", "-v", "data:/d", "busybox", "sleep", "600")
                        .ok();
            }
            for (DockerSession session : List.of(one, two)) {
                Cli cli = new Cli(session);
                assertThat(cli.docker("ps", "--format", "{{.Names}}").ok()).isEqualTo("db");
                assertThat(cli.docker("volume", "ls", "-q").ok()).isEqualTo("data");
                assertThat(cli.docker("run", "--rm", "--network", "app", "busybox", "ping", "-c1", "db")
                                .ok())
                        .contains("64 bytes from");
            }
        }
    }

    @Test
    void teardownWhenClientsMadeChildrenLeavesNothing() {
        DockerSession session = DoodWorkflow.create().open();
        Cli cli = new Cli(session);
        cli.docker("network", "create", "app").ok();
        cli.docker("volume", "create", "named").ok();
        cli.docker("run", "-d", "--network", "app", "-v", "bound:/b", "-v", "/anonymous", "busybox", "sleep", "600")
                .ok();
        TeardownReport report = session.teardown(Duration.ofSeconds(30));
        assertThat(report.survivors()).isEmpty();
        assertThat(report.removed()).extracting(Child::kind).contains(Child.Kind.CONTAINER, Child.Kind.NETWORK);
        try (EngineConnection engine = EngineConnection.open(SessionOptions.defaults())) {
            Map<String, String> mine = Map.of(Labels.SESSION, session.id().value());
            assertThat(engine.docker()
                            .listContainersCmd()
                            .withShowAll(true)
                            .withLabelFilter(mine)
                            .exec())
                    .isEmpty();
            assertThat(engine.docker().listVolumesCmd().exec().getVolumes())
                    .noneMatch(volume -> volume.getName().contains(session.id().value()));
        }
    }

    @Test
    void runWhenStdinIsPipedEndsWithIt() {
        try (DockerSession session = DoodWorkflow.create().open()) {
            assertThat(new Cli(session)
                            .dockerWithInput("hi\n", "run", "-i", "--rm", "busybox", "cat")
                            .ok())
                    .isEqualTo("hi");
        }
    }

    @Test
    void createWhenTheNameIsInUseSaysSoWithTheLogicalName() {
        try (DockerSession session = DoodWorkflow.create().open()) {
            Cli cli = new Cli(session);
            cli.docker("create", "--name", "db", "busybox").ok();
            Cli.Result second = cli.docker("create", "--name", "db", "busybox");
            assertThat(second.code()).isNotZero();
            assertThat(second.output())
                    .contains("The container name \"/db\" is already in use by container")
                    .doesNotContain(session.id().value());
        }
    }

    @Test
    void dockerJavaWhenItUsesTheSessionSeesOnlyItsContainers() {
        try (DockerSession session = DoodWorkflow.create().open();
                DockerSession other = DoodWorkflow.create().open()) {
            DockerClient docker = session.docker();
            String id =
                    docker.createContainerCmd("busybox").withName("web").exec().getId();
            String foreign = other.docker().createContainerCmd("busybox").exec().getId();
            assertThat(docker.listContainersCmd().withShowAll(true).exec())
                    .singleElement()
                    .satisfies(container -> {
                        assertThat(container.getId()).isEqualTo(id);
                        assertThat(container.getNames()).containsExactly("/web");
                        assertThat(container.getLabels()).isEmpty();
                    });
            assertThat(org.assertj.core.api.Assertions.catchThrowableOfType(
                            NotFoundException.class,
                            () -> docker.inspectContainerCmd(foreign).exec()))
                    .hasMessageContaining("No such container: " + foreign);
        }
    }
}
