package io.dockerworkflow.internal.tracker;

import static io.dockerworkflow.testsupport.Docker.docker;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.dockerworkflow.Child;
import io.dockerworkflow.Child.Kind;
import io.dockerworkflow.Mode;
import io.dockerworkflow.SessionClosedException;
import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.TeardownException;
import io.dockerworkflow.TeardownReport;
import io.dockerworkflow.WorkflowEvent;
import io.dockerworkflow.internal.session.SessionScope;
import io.dockerworkflow.testsupport.Children;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a teardown removes from a real engine, and what it leaves, where another client made the children. */
class TeardownIT {
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final List<WorkflowEvent> events = new CopyOnWriteArrayList<>();
    private final SessionScope scope =
            SessionScope.open(Mode.DOOD, SessionOptions.defaults().listener(events::add));
    private final Children children = new Children(scope.names());
    private final String mark = "dw-test-" + scope.id();

    @AfterEach
    void removeWhatTheTestLeft() {
        List<String> containers = docker("ps", "-aq", "--filter", "name=" + mark);
        containers.forEach(each -> docker("rm", "-fv", each));
        docker("images", "-q", mark + "*").forEach(each -> docker("rmi", "-f", each));
        scope.teardown(DEADLINE);
    }

    @Test
    void teardownWhenChildrenOfAllKindsExistRemovesThemInOrder() {
        String volume = children.volume();
        String network = children.network();
        String container = children.sleeper("--network", network, "-v", volume + ":/data");
        scope.opened(scope);

        TeardownReport report = scope.teardown(DEADLINE);

        assertThat(report.survivors()).isEmpty();
        assertThat(report.removed())
                .containsExactly(
                        new Child(Kind.CONTAINER, container),
                        new Child(Kind.NETWORK, network),
                        new Child(Kind.VOLUME, volume));
        assertThat(children.left()).isEmpty();
        assertThat(Files.exists(scope.directory())).isFalse();
        assertThat(events)
                .extracting(event -> event.getClass().getSimpleName())
                .containsExactly("SessionOpened", "ChildRemoved", "ChildRemoved", "ChildRemoved", "SessionEnded");
    }

    @Test
    void teardownWhenContainerHasAnonymousVolumesRemovesThem() {
        String container = children.sleeper("-v", "/data");
        String volume =
                docker("inspect", "-f", "{{(index .Mounts 0).Name}}", container).get(0);

        scope.teardown(DEADLINE);

        assertThat(docker("volume", "ls", "-q", "--filter", "name=" + volume)).isEmpty();
    }

    @Test
    void teardownWhenContainersRestartForeverRemovesThem() {
        children.sleeper("--restart", "always");
        children.container("--restart", "always", "busybox", "false");
        children.container("--restart", "unless-stopped", "busybox", "true");

        TeardownReport report = scope.teardown(DEADLINE);

        assertThat(report.survivors()).isEmpty();
        assertThat(report.removed()).hasSize(3);
        assertThat(children.left()).isEmpty();
    }

    @Test
    void teardownWhenContainerIsPausedOrStoppedOrOnlyCreatedRemovesIt() {
        docker("pause", children.sleeper());
        docker("kill", children.sleeper());
        docker("rename", children.sleeper(), mark + "-renamed");

        assertThat(scope.teardown(DEADLINE).removed()).hasSize(3);
        assertThat(children.left()).isEmpty();
    }

    @Test
    void teardownWhenContainerRemovesItselfCountsItAsGone() {
        children.container("--rm", "busybox", "sleep", "0.1");
        children.sleeper("--rm");

        assertThat(scope.teardown(DEADLINE).survivors()).isEmpty();
        assertThat(children.left()).isEmpty();
    }

    @Test
    void teardownWhenForeignContainerIsOnNetworkOnlyDisconnectsIt() {
        String network = children.network();
        String foreign = mark + "-foreign";
        docker("run", "-d", "--name", foreign, "--network", network, "busybox", "sleep", "600");

        TeardownReport report = scope.teardown(DEADLINE);

        assertThat(report.survivors()).isEmpty();
        assertThat(report.removed()).containsExactly(new Child(Kind.NETWORK, network));
        assertThat(docker("inspect", "-f", "{{.State.Running}}", foreign)).containsExactly("true");
    }

    @Test
    void teardownWhenForeignContainerUsesVolumeReportsItAsSurvivor() {
        String volume = children.volume();
        docker("create", "--name", mark + "-user", "-v", volume + ":/data", "busybox");

        assertThatThrownBy(scope::close)
                .isInstanceOf(TeardownException.class)
                .hasMessageContaining("volume " + volume)
                .hasMessageContaining("volume is in use");
        scope.close();

        docker("rm", mark + "-user");
        // Forced, which does not mind that the sweep of another session was quicker: its owner is dead by now.
        docker("volume", "rm", "--force", volume);
    }

    @Test
    void teardownWhenVolumeIsTrackedWithoutLabelRemovesIt() {
        Child volume = new Child(Kind.VOLUME, mark + "-automatic");
        scope.tracker().trackUnlabelled(volume);
        docker("volume", "create", volume.name());
        scope.tracker().trackUnlabelled(new Child(Kind.VOLUME, mark + "-never-made"));

        assertThat(scope.teardown(DEADLINE).removed()).contains(volume);
        assertThat(docker("volume", "ls", "-q", "--filter", "name=" + mark)).isEmpty();
    }

    @Test
    void teardownWhenImagesWereBuiltRemovesThemAndTheirLayers(@TempDir Path context) throws IOException {
        build(context, scope.names().engineName("app"));
        build(context, "");

        TeardownReport report = scope.teardown(DEADLINE);

        assertThat(report.survivors()).isEmpty();
        assertThat(report.removed())
                .contains(new Child(Kind.IMAGE, scope.names().engineName("app") + ":latest"));
        assertThat(children.left()).isEmpty();
    }

    @Test
    void teardownWhenOthersHaveTaggedImageLeavesItToThem(@TempDir Path context) throws IOException {
        String own = scope.names().engineName("app") + ":latest";
        build(context, own);
        docker("tag", own, mark + "-theirs");

        TeardownReport report = scope.teardown(DEADLINE);

        assertThat(report.survivors()).isEmpty();
        assertThat(report.kept()).hasSize(1);
        assertThat(docker("images", "-q", own)).isEmpty();
        assertThat(docker("images", "-q", mark + "-theirs")).hasSize(1);
    }

    @Test
    void teardownWhenTagWasTrackedRemovesIt() {
        Child tag = new Child(Kind.IMAGE, mark + "-pulled:1");
        scope.tracker().trackUnlabelled(tag);
        docker("tag", "busybox", tag.name());

        assertThat(scope.teardown(DEADLINE).removed()).containsExactly(tag);
        assertThat(docker("images", "-q", "busybox")).hasSize(1);
    }

    @Test
    void teardownWhenForeignContainerUsesTrackedImageLeavesItToThem(@TempDir Path context) throws IOException {
        Files.writeString(context.resolve("Dockerfile"), "FROM busybox\nENV FOR=" + mark + "\n");
        Child tag = new Child(Kind.IMAGE, mark + "-pulled:1");
        scope.tracker().trackUnlabelled(tag);
        docker("build", "-q", "-t", tag.name(), context.toString());
        docker("run", "-d", "--name", mark + "-user", tag.name(), "sleep", "600");

        TeardownReport report = scope.teardown(DEADLINE);

        assertThat(report.survivors()).isEmpty();
        assertThat(report.kept()).containsExactly(tag);
    }

    @Test
    void announcementWhenTeardownHasBegunIsRefused() {
        scope.close();

        assertThatThrownBy(() -> scope.tracker().announce(new Child(Kind.CONTAINER, "late")))
                .isInstanceOf(SessionClosedException.class)
                .hasMessage("Could not create a child (container late): session " + scope.id()
                        + " is ending. Open another session.");
    }

    @Test
    void teardownWhenAnnouncementIsOpenWaitsAndRemovesTheChild() throws InterruptedException {
        Child child = new Child(Kind.VOLUME, scope.names().engineName("volume1"));
        ResourceTracker.Announcement announcement = scope.tracker().announce(child);
        Thread closer = new Thread(scope::close);
        closer.start();
        await().until(() -> refuses(scope));

        children.volume();
        announcement.created();
        announcement.close();
        closer.join();

        assertThat(scope.teardown(DEADLINE).removed()).containsExactly(child);
        assertThat(children.left()).isEmpty();
    }

    private static boolean refuses(SessionScope scope) {
        try (ResourceTracker.Announcement announcement = scope.tracker().announce(new Child(Kind.VOLUME, "probe"))) {
            return announcement == null;
        } catch (SessionClosedException e) {
            return true;
        }
    }

    private void build(Path context, String tag) throws IOException {
        Files.writeString(context.resolve("Dockerfile"), "FROM busybox\nRUN echo " + mark + tag + " > /file\n");
        List<String> arguments = new ArrayList<>(List.of("build", "-q"));
        arguments.addAll(children.labels());
        if (!tag.isEmpty()) {
            arguments.addAll(List.of("-t", tag));
        }
        arguments.add(context.toString());
        docker(arguments.toArray(String[]::new));
    }
}
