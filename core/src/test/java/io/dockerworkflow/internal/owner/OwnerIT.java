package io.dockerworkflow.internal.owner;

import static io.dockerworkflow.testsupport.Docker.docker;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dockerworkflow.Mode;
import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.internal.children.Labels;
import io.dockerworkflow.internal.session.SessionScope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** The lifeline of an owner, on a real engine. */
class OwnerIT {
    private final Owners owners = new Owners();

    @Test
    void lifelineWhileAnySessionIsOpenRunsAndThenIsGone() {
        SessionScope first = SessionScope.open(owners, Mode.DOOD, SessionOptions.defaults());
        SessionScope second = SessionScope.open(owners, Mode.DOOD, SessionOptions.defaults());
        first.opened(first);
        assertThat(first.names().owner()).isEqualTo(second.names().owner());
        assertThat(lifelines(first, "running")).hasSize(1);

        first.close();
        assertThat(lifelines(second, "running")).hasSize(1);

        second.close();
        assertThat(lifelines(second, "")).isEmpty();
    }

    @Test
    void ownerWhenAllSessionsAreClosedIsNotUsedAgain() {
        SessionScope first = SessionScope.open(owners, Mode.DOOD, SessionOptions.defaults());
        first.close();
        SessionScope second = SessionScope.open(owners, Mode.DOOD, SessionOptions.defaults());
        second.close();

        assertThat(first.names().owner()).isNotEqualTo(second.names().owner());
    }

    @Test
    void lifelineHasNoRightsAndNoNetwork() {
        SessionScope scope = SessionScope.open(owners, Mode.DOOD, SessionOptions.defaults());
        scope.opened(scope);
        try {
            assertThat(docker(
                            "inspect",
                            "-f",
                            "{{.HostConfig.NetworkMode}} {{.HostConfig.CapDrop}} {{.HostConfig.ReadonlyRootfs}}"
                                    + " {{.HostConfig.Privileged}} {{.HostConfig.Memory}} {{len .Mounts}} {{.Config.User}}",
                            "dw-lifeline-" + scope.names().owner()))
                    .containsExactly("none [ALL] true false 16777216 0 65534:65534");
        } finally {
            scope.close();
        }
    }

    @Test
    void imageWhenOwnersMakeItAtOnceIsOneAndTheSame() throws Exception {
        List<String> before = docker("images", "-aq", "--no-trunc");
        int many = 6;
        ExecutorService threads = Executors.newFixedThreadPool(many);
        try {
            CyclicBarrier together = new CyclicBarrier(many);
            List<Future<SessionScope>> opening = new ArrayList<>();
            for (int i = 0; i < many; i++) {
                opening.add(threads.submit(() -> {
                    together.await();
                    return SessionScope.open(new Owners(), Mode.DOOD, SessionOptions.defaults());
                }));
            }
            for (Future<SessionScope> scope : opening) {
                scope.get().opened("ready");
            }
            assertThat(docker("images", "-q", "dw-lifeline")).hasSize(1);
            for (Future<SessionScope> scope : opening) {
                scope.get().close();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(docker("images", "-aq", "--no-trunc")).isSubsetOf(before);
    }

    @Test
    void lifelineWhenSomebodyRemovesItIsReplaced() {
        SessionScope scope = SessionScope.open(owners, Mode.DOOD, SessionOptions.defaults());
        scope.opened(scope);
        try {
            List<String> before = lifelines(scope, "running");
            docker("rm", "-f", before.get(0));

            await().atMost(Duration.ofSeconds(10))
                    .until(() -> lifelines(scope, "running").size() == 1);
            assertThat(lifelines(scope, "running")).isNotEqualTo(before);
        } finally {
            scope.close();
        }
        assertThat(lifelines(scope, "")).isEmpty();
    }

    private static List<String> lifelines(SessionScope scope, String status) {
        String owner = "label=" + Labels.OWNER + "=" + scope.names().owner();
        String lifeline = "label=" + Labels.LIFELINE;
        return status.isEmpty()
                ? docker("ps", "-aq", "--filter", owner, "--filter", lifeline)
                : docker("ps", "-aq", "--filter", owner, "--filter", lifeline, "--filter", "status=" + status);
    }
}
