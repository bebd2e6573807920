package io.dockerworkflow.internal.owner;

import static io.dockerworkflow.testsupport.Docker.docker;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dockerworkflow.Child;
import io.dockerworkflow.Child.Kind;
import io.dockerworkflow.Endpoint;
import io.dockerworkflow.Mode;
import io.dockerworkflow.SessionId;
import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.internal.children.Labels;
import io.dockerworkflow.internal.session.SessionScope;
import io.dockerworkflow.internal.tracker.ResourceTracker;
import io.dockerworkflow.testsupport.JavaInContainer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** What is left on a real engine when the container is removed in which a process had a session open. */
class WatchdogContainerIT {
    private static final Duration SOON = Duration.ofSeconds(40);

    /** In the container. */
    static final class Inside {
        public static void main(String[] arguments) throws InterruptedException {
            SessionScope scope = SessionScope.open(
                    Mode.DOOD,
                    SessionOptions.defaults()
                            .engine(new Endpoint.UnixSocket(Path.of("/var/run/docker.sock")))
                            .environment(Map.of()));
            scope.opened(scope);
            Child volume = new Child(Kind.VOLUME, scope.names().engineName("data"));
            try (ResourceTracker.Announcement announcement = scope.tracker().announce(volume)) {
                scope.engine()
                        .docker()
                        .createVolumeCmd()
                        .withName(volume.name())
                        .withLabels(scope.names().labels())
                        .exec();
                announcement.created();
            }
            System.out.println("owner " + scope.names().owner() + " session " + scope.id());
            if (arguments[0].equals("close")) {
                scope.close();
                return;
            }
            new CountDownLatch(1).await();
        }
    }

    @Test
    void childrenWhenContainerOfProcessIsRemovedAreGoneSoonAfter() throws Exception {
        String agent = "dw-test-agent-" + SessionId.random();
        List<String> command =
                new ArrayList<>(JavaInContainer.command(List.of("-d", "--name", agent), Inside.class, "wait"));
        docker(command.toArray(String[]::new));
        try {
            await().atMost(SOON).until(() -> said(agent).contains("owner "));
            String owner = said(agent).replaceAll("(?s).*owner ([0-9a-f]+) .*", "$1");
            assertThat(left(owner)).hasSize(3);

            docker("rm", "-f", agent);

            await().atMost(SOON).until(() -> left(owner).isEmpty());
        } finally {
            docker("ps", "-aq", "--filter", "name=" + agent).forEach(id -> docker("rm", "-f", id));
        }
    }

    @Test
    void watchdogWhenSessionIsClosedIsGone() throws Exception {
        List<String> said =
                docker(JavaInContainer.command(List.of(), Inside.class, "close").toArray(String[]::new));

        String owner = said.get(said.size() - 1).replaceAll(".*owner ([0-9a-f]+) .*", "$1");
        assertThat(left(owner)).isEmpty();
    }

    private static String said(String container) {
        return String.join("\n", docker("logs", container));
    }

    /** The owner's volume, lifeline and watchdog. */
    private static List<String> left(String owner) {
        List<String> left = new ArrayList<>(docker("ps", "-aq", "--filter", "label=" + Labels.OWNER + "=" + owner));
        left.addAll(docker("ps", "-aq", "--filter", "name=dw-watchdog-" + owner));
        left.addAll(docker("volume", "ls", "-q", "--filter", "label=" + Labels.OWNER + "=" + owner));
        return left;
    }
}
