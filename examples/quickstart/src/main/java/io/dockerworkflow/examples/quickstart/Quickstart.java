package io.dockerworkflow.examples.quickstart;

import io.dockerworkflow.Step;
import io.dockerworkflow.WorkflowException;
import io.dockerworkflow.dind.DindWorkflow;
import io.dockerworkflow.dood.DoodWorkflow;
import io.dockerworkflow.fatimage.FatImage;
import io.dockerworkflow.fatimage.FatImageWorkflow;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Phaser;

/** Gives the same build step its Docker in all three modes, and shows that the engine is as clean afterwards as before. */
public final class Quickstart {
    /** The image that the step runs in, and that a DinD session's daemon runs in: it has a shell and the docker CLI. */
    private static final String DOCKER_IMAGE = "docker:dind";

    private Quickstart() {}

    /**
     * Runs the main job. Exits with 0 only if the engine holds as many containers, networks and volumes as before.
     *
     * @param args none
     */
    public static void main(String[] args) throws Exception {
        try {
            System.exit(run() ? 0 : 1);
        } catch (WorkflowException e) {
            System.err.println("quickstart: " + e.getMessage());
            System.exit(1);
        }
    }

    private static boolean run() throws Exception {
        try (EngineView engine = EngineView.open();
                ExampleFiles files = ExampleFiles.unpack()) {
            System.out.println("The engine: " + engine.description());
            EngineView.Holdings before = engine.holdings();

            Step step = Step.of("sh", "build.sh").image(DOCKER_IMAGE).workspace(files.build());

            List<SessionRecord> records = new ArrayList<>(twoSessionsAtOnce(step, engine));

            headline("DinD: the same step, with a Docker daemon of its own");
            records.add(SessionRecord.of(
                    "dind", DindWorkflow.create().seed("busybox"), engine, session -> session.step(step)));

            headline("Fat image: the same step, in one image with the build's tools and no Docker");
            FatImage image = FatImage.built(files.fatImage()).tools("greet");
            records.add(SessionRecord.of(
                    "fatimage", FatImageWorkflow.create(image), engine, session -> session.step(step)));

            headline("Result");
            System.out.print(ResultTable.of(records));
            return new Balance(before, engine.holdings()).print(System.out);
        }
    }

    /** Each of the two waits for the other, so that what one does happens while the other's containers run. */
    private static List<SessionRecord> twoSessionsAtOnce(Step step, EngineView engine) throws Exception {
        headline("DooD: two sessions at once on one engine, both with a network app and a container db");
        Phaser together = new Phaser(2);
        return SessionRecord.atOnce(2, "dood", DoodWorkflow.create(), engine, session -> {
            try {
                session.docker("network", "create", "app");
                session.docker(
                        "run",
                        "--detach",
                        "--name",
                        "db",
                        "--network",
                        "app",
                        "busybox",
                        "sh",
                        "-c",
                        "echo the db of session " + session.id() + " >index.html && httpd -f -p 80");
                together.arriveAndAwaitAdvance();
                session.docker(
                        "run",
                        "--rm",
                        "--network",
                        "app",
                        "busybox",
                        "sh",
                        "-c",
                        "for i in 1 2 3 4 5 6 7 8 9; do wget -q -O - http://db/ && exit; sleep 1; done; exit 1");
                session.docker("ps", "--format", "table {{.Names}}\t{{.Image}}\t{{.Networks}}");
                session.step(step);
                together.arriveAndAwaitAdvance();
            } finally {
                together.forceTermination();
            }
        });
    }

    private static void headline(String text) {
        System.out.println();
        System.out.println("== " + text);
    }
}
