package io.dockerworkflow.examples.cli;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.StreamType;
import io.dockerworkflow.Child.Kind;
import io.dockerworkflow.SessionInfo;
import io.dockerworkflow.SessionInfo.ChildInfo;
import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.WorkflowException;
import io.dockerworkflow.internal.engine.EngineConnection;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows what a session's container has written. */
@Command(name = "logs", description = "Shows what a session's container has written.")
@SuppressWarnings("NullAway.Init") // fields are set by picocli
final class LogsCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private SessionArgument session;

    @Parameters(index = "1", paramLabel = "CHILD", description = "A container's name, as \"ps\" shows it.")
    private String child;

    @Option(
            names = {"-f", "--follow"},
            description = "Go on until the container ends.")
    private boolean follow;

    @Override
    public Integer call() throws InterruptedException {
        ChildInfo container = container(session.info());
        // Internal, the only use in the examples: the public API has no client that sees an engine past its sessions,
        // and
        // docker-java would find another engine than the session's: it knows no rootless engine's socket, takes
        // DOCKER_TLS
        // and ports that are left out otherwise, and reads properties of its own.
        try (EngineConnection engine = EngineConnection.open(SessionOptions.defaults())) {
            print(engine.docker(), container.id());
        }
        return 0;
    }

    private void print(DockerClient docker, String container) throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        docker.logContainerCmd(container)
                .withStdOut(true)
                .withStdErr(true)
                .withFollowStream(follow)
                .exec(new ResultCallback.Adapter<>() {
                    @Override
                    public void onNext(Frame frame) {
                        PrintWriter writer = frame.getStreamType() == StreamType.STDERR ? err : out;
                        writer.print(new String(frame.getPayload(), StandardCharsets.UTF_8));
                        writer.flush();
                    }
                })
                .awaitCompletion();
    }

    private ChildInfo container(SessionInfo info) {
        return info.children().stream()
                .filter(each -> each.child().kind() == Kind.CONTAINER)
                .filter(each -> each.name().equals(Optional.of(child))
                        || each.child().name().equals(child)
                        || each.id().startsWith(child))
                .findFirst()
                .orElseThrow(() -> new WorkflowException(
                        "find the container",
                        "\"" + child + "\" in session " + info.id(),
                        Optional.of("the session's containers are: "
                                + info.children().stream()
                                        .filter(each -> each.child().kind() == Kind.CONTAINER)
                                        .map(each ->
                                                each.name().orElse(each.child().name()))
                                        .collect(Collectors.joining(", "))),
                        "Name one of them",
                        null));
    }
}
