package io.dockerworkflow.spi;

import static io.dockerworkflow.spi.Docker.docker;
import static org.assertj.core.api.Assertions.assertThat;

import io.dockerworkflow.Child;
import io.dockerworkflow.Child.Kind;
import io.dockerworkflow.Mode;
import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.TeardownReport;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A session's end on a real engine, with children that another client made. */
class SessionScopeIT {
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final SessionScope scope = SessionScope.open(Mode.DOOD, SessionOptions.defaults());

    @Test
    void teardownWhenChildrenOfAllKindsExistRemovesThem() {
        String container = run("sleep", "600");
        String network = scope.names().engineName("net");
        docker(with("network create", network));
        String volume = scope.names().engineName("vol");
        docker(with("volume create", volume));

        TeardownReport report = scope.teardown(DEADLINE);

        assertThat(report.survivors()).isEmpty();
        assertThat(report.removed())
                .containsExactly(
                        new Child(Kind.CONTAINER, container),
                        new Child(Kind.NETWORK, network),
                        new Child(Kind.VOLUME, volume));
        assertThat(left()).isEmpty();
        assertThat(scope.directory())
                .satisfies(path -> assertThat(Files.exists(path)).isFalse());
    }

    private String run(String... command) {
        String name = scope.names().engineName("c" + System.nanoTime());
        List<String> arguments = new ArrayList<>(List.of("run", "-d", "--name", name));
        arguments.addAll(labels());
        arguments.add("busybox");
        arguments.addAll(List.of(command));
        docker(arguments.toArray(String[]::new));
        return name;
    }

    private String[] with(String command, String name) {
        List<String> arguments = new ArrayList<>(List.of(command.split(" ")));
        arguments.addAll(labels());
        arguments.add(name);
        return arguments.toArray(String[]::new);
    }

    private List<String> labels() {
        List<String> arguments = new ArrayList<>();
        scope.names().labels().forEach((key, value) -> arguments.addAll(List.of("--label", key + "=" + value)));
        return arguments;
    }

    private List<String> left() {
        String filter = "label=" + Labels.SESSION + "=" + scope.id();
        List<String> left = new ArrayList<>(docker("ps", "-aq", "--filter", filter));
        left.addAll(docker("network", "ls", "-q", "--filter", filter));
        left.addAll(docker("volume", "ls", "-q", "--filter", filter));
        left.addAll(docker("images", "-q", "--filter", filter));
        return left;
    }
}
