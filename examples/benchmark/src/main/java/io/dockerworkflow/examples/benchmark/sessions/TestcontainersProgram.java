package io.dockerworkflow.examples.benchmark.sessions;

import com.github.dockerjava.api.model.Bind;
import io.dockerworkflow.examples.benchmark.measure.ChildProgram;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;

/** Testcontainers, in a JVM of its own, for it reads its settings from the process's environment. Its orders: see Fleet. */
final class TestcontainersProgram {
    /** Ryuk is off: its image cannot be had where no registry is reached, and starting it would only take more time. */
    static final Map<String, String> ENVIRONMENT =
            Map.of("TESTCONTAINERS_RYUK_DISABLED", "true", "TESTCONTAINERS_CHECKS_DISABLE", "true");

    private final List<Network> networks = new ArrayList<>();
    private final List<GenericContainer<?>> containers = new ArrayList<>();
    private final String prefix = "dw-bench-tc-" + ProcessHandle.current().pid() + "-";

    private TestcontainersProgram() {}

    public static void main(String[] arguments) throws IOException {
        TestcontainersProgram program = new TestcontainersProgram();
        ChildProgram.serve(order -> switch (order) {
            case "prepare" -> program.prepare();
            case "start" -> String.valueOf(program.start());
            case "stop" -> String.valueOf(program.stop());
            default -> throw new IllegalArgumentException(order);
        });
    }

    private String prepare() {
        for (int i = 0; i < Fleet.NETWORKS; i++) {
            Network network = Network.newNetwork();
            network.getId();
            networks.add(network);
        }
        for (int i = 0; i < Fleet.VOLUMES; i++) {
            DockerClientFactory.lazyClient()
                    .createVolumeCmd()
                    .withName(prefix + "v" + i)
                    .exec();
        }
        for (int i = 0; i < Fleet.CONTAINERS; i++) {
            Bind volume = Bind.parse(prefix + "v" + i % Fleet.VOLUMES + ":/data");
            containers.add(new GenericContainer<>(Fleet.IMAGE)
                    .withCommand(Fleet.program())
                    .withNetwork(networks.get(i % Fleet.NETWORKS))
                    .withCreateContainerCmdModifier(create ->
                            Objects.requireNonNull(create.getHostConfig()).withBinds(volume)));
        }
        return "prepared";
    }

    private double start() {
        return AtOnce.milliseconds(Fleet.CONTAINERS, i -> containers.get(i).start());
    }

    /** One after the other, as its own JUnit extension does. */
    private double stop() {
        long begun = System.nanoTime();
        containers.forEach(GenericContainer::stop);
        double milliseconds = (System.nanoTime() - begun) / 1e6;
        containers.clear();
        networks.forEach(Network::close);
        networks.clear();
        for (int i = 0; i < Fleet.VOLUMES; i++) {
            DockerClientFactory.lazyClient().removeVolumeCmd(prefix + "v" + i).exec();
        }
        return milliseconds;
    }
}
