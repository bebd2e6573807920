package io.dockerworkflow.dood;

import static org.assertj.core.api.Assertions.assertThat;

import io.dockerworkflow.dood.testsupport.Cli;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a session says of itself for a bug report. */
@Timeout(120)
class SessionDumpIT {
    private static final Pattern SINCE = Pattern.compile("since (\\S+)");

    @Test
    void describeWhenTheSessionHasChildrenNamesThemWithoutSecrets() {
        Instant before = Instant.now();
        String dump;
        String id;
        String after;
        try (DoodSession session = DoodWorkflow.create().open()) {
            Cli cli = new Cli(session);
            cli.docker("network", "create", "app").ok();
            cli.docker("volume", "create", "data").ok();
            id = cli.docker(
                            "run",
                            "-d",
                            "--name",
                            "db",
                            "-e",
                            "PASSWORD=hunter2",
                            "--network",
                            "app",
                            "busybox",
                            "sleep",
                            "600")
                    .ok();
            cli.docker("exec", "-e", "TOKEN=hunter3", "db", "echo", "hunter4").ok();
            cli.docker("create", "--name", "short", "busybox").ok();
            cli.docker("rm", "short").ok();
            cli.docker("tag", "busybox", "mine:1").ok();
            dump = session.describe();
            String prefix = "dw-" + session.id() + "-";
            assertThat(dump)
                    .startsWith("session " + session.id() + " on engine ")
                    .contains("gateway unix://")
                    .contains("containers: 1, and 1 gone\n  db = " + prefix + "db, id " + id + ", since ")
                    .contains("networks: 1, and 0 gone\n  app = " + prefix + "app, id ")
                    .contains("volumes: 1, and 0 gone\n  data = " + prefix + "data, since ")
                    .contains("images: 1\n  mine:1 = " + prefix + "images/", "/tag/mine:1, since ")
                    .contains("execs: 1\n  in db, id ")
                    .doesNotContain("hunter", "PASSWORD", "TOKEN", "sleep");
            session.teardown(Duration.ofSeconds(30));
            after = session.describe();
        }
        assertThat(after).as("still told after the end").startsWith(dump.substring(0, dump.indexOf('\n')));
        assertThat(SINCE.matcher(dump).results().map(found -> found.group(1)).map(Instant::parse))
                .hasSize(5)
                .allSatisfy(time -> assertThat(time).isBetween(before, Instant.now()));
    }
}
