package io.dockerworkflow.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dockerworkflow.examples.cli.Cli.Ended;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The commands that look at the sessions of others, on a real engine. */
class SessionCommandsIT {
    private static final String BUILD =
            "docker run -d --name db busybox sh -c 'echo hello; sleep 600' && echo ready && cat";

    private final Cli build = Cli.start(Map.of(), "exec", "--verbose", "--mode", "dood", "--", "sh", "-c", BUILD);
    private String session = "";

    @BeforeEach
    void awaitBuild() {
        build.awaitOutput("ready");
        session = build.session();
    }

    @AfterEach
    void endBuild() {
        build.write("");
        build.end();
        build.close();
        assertThat(Cli.left(session)).isEmpty();
    }

    @Test
    void lsWhileSessionIsOpenShowsItAsAlive() {
        assertThat(Cli.run("ls").lines())
                .anySatisfy(line -> assertThat(line).startsWith(session).contains("dood", "alive"));
        assertThat(Cli.run("ls", "--json").out()).contains("\"session\" : \"" + session + "\"");
    }

    @Test
    void psShowsChildrenWithTheirLogicalNames() {
        assertThat(Cli.run("ps", session).lines())
                .anySatisfy(line -> assertThat(line).matches("container +db +dw-" + session + "-db +running .*"));
        assertThat(Cli.run("inspect", session).out()).contains("\"name\" : \"db\"", "\"ownerAlive\" : true");
    }

    @Test
    void logsShowsWhatAContainerWrote() {
        assertThat(Cli.run("logs", session, "db").out()).isEqualTo("hello\n");
    }

    @Test
    void logsWhenThereIsNoSuchContainerNamesThoseThatAreThere() {
        Ended ended = Cli.run("logs", session, "web");

        assertThat(ended.code()).isEqualTo(125);
        assertThat(ended.err()).contains("\"web\" in session " + session, "the session's containers are: db");
    }

    @Test
    void rmWhenOwnerIsAliveRefusesUnlessForced() {
        assertThat(Cli.run("rm", session).err()).contains("the process that opened it is alive", "--force");

        assertThat(Cli.run("rm", "--force", session).out()).contains("removed container dw-" + session + "-db");
    }

    @Test
    void sweepWhileOwnerIsAliveSparesItsChildren() {
        assertThat(Cli.run("sweep", "--dry-run").out()).doesNotContain(session).contains("spared: ");
        assertThat(Cli.run("sweep").code()).isZero();

        assertThat(Cli.left(session)).hasSize(1);
    }

    @Test
    void psWhenSessionIsUnknownSaysSo() {
        assertThat(Cli.run("ps", "00000000").err())
                .contains("find the session (00000000): nothing on the engine belongs to it");
        assertThat(Cli.run("ps", "nonsense").code()).isEqualTo(2);
    }
}
