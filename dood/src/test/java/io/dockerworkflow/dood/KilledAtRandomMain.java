package io.dockerworkflow.dood;

import io.dockerworkflow.DockerSession;
import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.Step;
import io.dockerworkflow.dood.testsupport.Cli;
import java.util.List;

/**
 * A process that opens a session, makes children of all kinds with several clients, and closes it, to be killed on the way. Its
 * arguments: a label that its children get, and whether to have a watchdog.
 */
final class KilledAtRandomMain {
    static final String LABEL = "dw-test-run";

    private KilledAtRandomMain() {}

    public static void main(String[] arguments) {
        System.out.println("begun");
        SessionOptions options =
                SessionOptions.defaults().label(LABEL, arguments[0]).watchdog(Boolean.parseBoolean(arguments[1]));
        try (DockerSession session = DoodWorkflow.create().open(options)) {
            Cli cli = new Cli(session);
            cli.docker("network", "create", "--config-only", "settings");
            cli.docker("network", "create", "--config-from", "settings", "app");
            cli.docker(
                    "run", "-d", "--restart", "always", "--network", "app", "-v", "auto:/a", "busybox", "sleep", "600");
            cli.docker("tag", "busybox", "mine:1");
            session.docker().createVolumeCmd().withName("more").exec();
            String created = session.docker()
                    .createContainerCmd("busybox")
                    .withCmd(List.of("sleep", "600"))
                    .exec()
                    .getId();
            session.docker().startContainerCmd(created).exec();
            session.run(Step.of("sleep", "0.2").image("busybox"));
        }
    }
}
