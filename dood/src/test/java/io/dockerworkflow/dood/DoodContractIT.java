package io.dockerworkflow.dood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.HostConfig;
import io.dockerworkflow.DockerSession;
import io.dockerworkflow.DockerWorkflow;
import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.WorkflowEvent;
import io.dockerworkflow.WorkflowEvent.ChildRemoved;
import io.dockerworkflow.testsupport.WorkflowContract;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

class DoodContractIT extends WorkflowContract {
    @Override
    public DockerWorkflow workflow() {
        return DoodWorkflow.create();
    }

    @Test
    void listenerWhenClientsRemoveChildrenIsToldOnce() {
        ConcurrentLinkedQueue<WorkflowEvent> events = new ConcurrentLinkedQueue<>();
        SessionOptions options = SessionOptions.defaults().listener(events::add);
        try (DockerSession session = DoodWorkflow.create().open(options)) {
            DockerClient docker = session.docker();
            docker.createContainerCmd("busybox").withName("by-client").exec();
            docker.createNetworkCmd().withName("net").exec();
            docker.createVolumeCmd().withName("vol").exec();
            docker.removeContainerCmd("by-client").exec();
            docker.removeNetworkCmd("net").exec();
            docker.removeVolumeCmd("vol").exec();
            await().untilAsserted(() -> assertThat(removed(events)).hasSize(3));

            String selfRemoving = docker.createContainerCmd("busybox")
                    .withName("by-itself")
                    .withCmd("true")
                    .withHostConfig(HostConfig.newHostConfig().withAutoRemove(true))
                    .exec()
                    .getId();
            docker.startContainerCmd(selfRemoving).exec();
        }
        assertThat(removed(events))
                .extracting(child -> child.replaceAll("dw-[0-9a-f]+-", ""))
                .containsExactly("container by-client", "network net", "volume vol", "container by-itself");
    }

    private static List<String> removed(ConcurrentLinkedQueue<WorkflowEvent> events) {
        return events.stream()
                .filter(ChildRemoved.class::isInstance)
                .map(event -> ((ChildRemoved) event).child().toString())
                .toList();
    }
}
