package io.dockerworkflow.dood.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.dockerworkflow.dood.DoodSession;
import io.dockerworkflow.dood.DoodWorkflow;
import io.dockerworkflow.dood.testsupport.Cli;
import io.dockerworkflow.internal.http.RawConnection;
import io.dockerworkflow.internal.http.RawHttp;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whoever asks the same again over one connection hears of all that has happened meanwhile. */
@Timeout(120)
class RepeatedQuestionsIT {
    private static final String LIST = "/containers/json?all=1";
    private static final int LIMIT = 1024 * 1024;

    private static String ask(RawConnection connection, String target) throws IOException {
        RawHttp.Response response = RawHttp.request(connection, "GET", target, Map.of());
        int length = Integer.parseInt(response.headers().getOrDefault("Content-Length", "-1"));
        assertThat(length).as("documents come with their length").isBetween(1, LIMIT);
        return new String(response.rest().readNBytes(length), StandardCharsets.UTF_8);
    }

    /** Asked until it is known by heart, and once by somebody else. */
    private static String told(DoodSession session, RawConnection same, String target) throws IOException {
        ask(same, target);
        ask(same, target);
        String again = ask(same, target);
        try (RawConnection other = RawConnection.open(session.endpoint(), Duration.ofSeconds(10))) {
            assertThat(withoutAges(again)).isEqualTo(withoutAges(ask(other, target)));
        }
        return again;
    }

    private static String withoutAges(String text) {
        return text.replaceAll("\"(Up|Exited \\(\\d+\\)) [^\"]*\"", "\"$1\"");
    }

    @Test
    void listWhenAskedForAgainTellsWhatHasChanged() throws IOException {
        try (DoodSession session = DoodWorkflow.create().open();
                RawConnection same = RawConnection.open(session.endpoint(), Duration.ofSeconds(10))) {
            Cli cli = new Cli(session);
            assertThat(told(session, same, LIST)).isEqualTo("[]\n");
            cli.docker("tag", "busybox", "mine:1").ok();
            cli.docker("network", "create", "app").ok();
            cli.docker("run", "-d", "--name", "db", "mine:1", "sleep", "600").ok();
            assertThat(told(session, same, LIST))
                    .contains("[\"/db\"]", "\"Image\":\"mine:1\"", "\"State\":\"running\"");
            cli.docker("rename", "db", "store").ok();
            assertThat(told(session, same, LIST)).contains("[\"/store\"]").doesNotContain("/db");
            cli.docker("network", "connect", "--alias", "shelf", "app", "store").ok();
            assertThat(told(session, same, LIST)).contains("\"app\":{").doesNotContain("dw-" + session.id());
            cli.docker("network", "disconnect", "app", "store").ok();
            assertThat(told(session, same, LIST)).doesNotContain("\"app\":{");
            cli.docker("kill", "store").ok();
            cli.docker("wait", "store").ok();
            assertThat(told(session, same, LIST)).contains("\"State\":\"exited\"");
            cli.docker("rm", "store").ok();
            assertThat(told(session, same, LIST)).isEqualTo("[]\n");
        }
    }

    @Test
    void inspectionWhenAskedForAgainTellsWhatHasChanged() throws IOException {
        try (DoodSession session = DoodWorkflow.create().open();
                RawConnection same = RawConnection.open(session.endpoint(), Duration.ofSeconds(10))) {
            Cli cli = new Cli(session);
            cli.docker("network", "create", "app").ok();
            String id = cli.docker("create", "--name", "db", "busybox", "sleep", "600")
                    .ok();
            String target = "/containers/" + id + "/json";
            assertThat(told(session, same, target)).contains("\"Name\":\"/db\"", "\"Status\":\"created\"");
            cli.docker("network", "connect", "--alias", "shelf", "app", "db").ok();
            assertThat(told(session, same, target))
                    .contains("\"app\":{", "\"shelf\"")
                    .doesNotContain("\"db\"");
            cli.docker("start", "db").ok();
            assertThat(told(session, same, target)).contains("\"Status\":\"running\"");
            cli.docker("rename", "db", "store").ok();
            assertThat(told(session, same, target)).contains("\"Name\":\"/store\"");
            assertThat(told(session, same, "/containers/store/json?size=1")).contains("\"SizeRw\"");
            assertThat(told(session, same, target)).doesNotContain("\"SizeRw\"");
        }
    }
}
