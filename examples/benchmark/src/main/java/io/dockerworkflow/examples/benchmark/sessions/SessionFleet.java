package io.dockerworkflow.examples.benchmark.sessions;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.HostConfig;
import io.dockerworkflow.DockerSession;
import io.dockerworkflow.Endpoint;
import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.dood.DoodWorkflow;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A DooD session: its own client starts the containers, its closing removes all that it has. */
final class SessionFleet implements Fleet {
    private final Path engine;
    private @Nullable DockerSession session;

    SessionFleet(Path engine) {
        this.engine = engine;
    }

    @Override
    public String name() {
        return "session";
    }

    @Override
    public void prepare() {
        session = DoodWorkflow.create().open(SessionOptions.defaults().engine(new Endpoint.UnixSocket(engine)));
        DockerClient docker = open().docker();
        for (int i = 0; i < NETWORKS; i++) {
            docker.createNetworkCmd().withName("n" + i).exec();
        }
        for (int i = 0; i < VOLUMES; i++) {
            docker.createVolumeCmd().withName("v" + i).exec();
        }
    }

    @Override
    public double start() {
        DockerClient docker = open().docker();
        return AtOnce.milliseconds(CONTAINERS, i -> {
            HostConfig host = HostConfig.newHostConfig()
                    .withNetworkMode("n" + i % NETWORKS)
                    .withBinds(Bind.parse("v" + i % VOLUMES + ":/data"));
            String id = docker.createContainerCmd(IMAGE)
                    .withCmd(Fleet.program())
                    .withName("c" + i)
                    .withHostConfig(host)
                    .exec()
                    .getId();
            docker.startContainerCmd(id).exec();
        });
    }

    /** Also removes the networks and the volumes. */
    @Override
    public double stop() {
        DockerSession open = open();
        session = null;
        long begun = System.nanoTime();
        open.close();
        return (System.nanoTime() - begun) / 1e6;
    }

    private DockerSession open() {
        DockerSession open = session;
        if (open == null) {
            throw new IllegalStateException("There is no session: prepare() opens it");
        }
        return open;
    }
}
