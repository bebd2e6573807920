package io.dockerworkflow.examples.benchmark.faults;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.HostConfig;
import io.dockerworkflow.DockerSession;
import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.Step;
import io.dockerworkflow.WorkflowSession;
import io.dockerworkflow.dind.DindWorkflow;
import io.dockerworkflow.dood.DoodWorkflow;
import io.dockerworkflow.fatimage.FatImageWorkflow;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process that opens a session, makes children of all kinds with several clients, and closes it, unless it is killed. */
final class Victim {
    private static final String IMAGE = "busybox";
    private static final int CLIENT_SECONDS = 60;

    private Victim() {}

    /** Its arguments: the mode, and whether to have a watchdog. Says when it begins and when it has ended. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        System.out.println("begun");
        SessionOptions options = SessionOptions.defaults().watchdog(Boolean.parseBoolean(arguments[1]));
        try (WorkflowSession session = open(arguments[0], options)) {
            if (session instanceof DockerSession docker) {
                withCli(docker);
                withDockerJava(docker.docker());
                build(docker);
            }
            session.run(Step.of("sleep", "0.3").image(IMAGE));
            session.run(Step.of("sleep", "0.3").image(IMAGE));
        }
        System.out.println("ended");
    }

    private static WorkflowSession open(String mode, SessionOptions options) {
        return switch (mode) {
            case "dood" -> DoodWorkflow.create().open(options);
            case "dind" -> DindWorkflow.create().seed(IMAGE).open(options);
            case "fatimage" -> FatImageWorkflow.create().open(options);
            default -> throw new IllegalArgumentException("There is no mode " + mode);
        };
    }

    private static void withCli(DockerSession session) throws IOException, InterruptedException {
        cli(session, "network", "create", "app");
        cli(session, "run", "-d", "--name", "db", "--network", "app", "-v", "data:/d", IMAGE, "sleep", "600");
        cli(
                session,
                "run",
                "-d",
                "--restart",
                "always",
                "-v",
                "/anonymous",
                "-v",
                "auto:/a",
                "--init",
                IMAGE,
                "sleep",
                "600");
        cli(session, "tag", IMAGE, "mine:1");
    }

    /** With the classic builder, which gives the images on the way to its result no name. */
    private static void build(DockerSession session) throws IOException, InterruptedException {
        String dockerfile = """
                FROM %1$s AS first
                RUN echo %2$s > /first && sleep 0.2
                RUN sleep 0.2
                FROM %1$s
                COPY --from=first /first /first
                RUN sleep 0.2
                """.formatted(IMAGE, session.id());
        ProcessBuilder builder = docker(session, "build", "-t", "built", "-");
        builder.environment().put("DOCKER_BUILDKIT", "0");
        Process build = builder.start();
        try (OutputStream input = build.getOutputStream()) {
            input.write(dockerfile.getBytes(StandardCharsets.UTF_8));
        }
        build.waitFor(CLIENT_SECONDS, TimeUnit.SECONDS);
    }

    private static void withDockerJava(DockerClient docker) {
        docker.createVolumeCmd().withName("more").exec();
        String id = docker.createContainerCmd(IMAGE)
                .withCmd(List.of("sleep", "600"))
                .withHostConfig(HostConfig.newHostConfig().withAutoRemove(true))
                .exec()
                .getId();
        docker.startContainerCmd(id).exec();
    }

    private static void cli(DockerSession session, String... arguments) throws IOException, InterruptedException {
        docker(session, arguments).start().waitFor(CLIENT_SECONDS, TimeUnit.SECONDS);
    }

    private static ProcessBuilder docker(DockerSession session, String... arguments) {
        ProcessBuilder builder = session.configure(new ProcessBuilder("docker"))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.command().addAll(List.of(arguments));
        return builder;
    }
}
