package io.dockerworkflow.dood.gateway.buildkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dockerworkflow.DockerSession;
import io.dockerworkflow.Endpoint;
import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.TeardownReport;
import io.dockerworkflow.dood.CacheScope;
import io.dockerworkflow.dood.DoodWorkflow;
import io.dockerworkflow.dood.testsupport.Cli;
import io.dockerworkflow.dood.testsupport.NewClients;
import io.dockerworkflow.dood.testsupport.RawClient;
import io.dockerworkflow.internal.children.Labels;
import io.dockerworkflow.internal.engine.EngineConnection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What builds with buildx and compose must do in a session, on whatever engine. */
@Timeout(180)
abstract class BuildKitContract {

    @TempDir
    Path directory;

    abstract Endpoint engine();

    private DockerSession open() {
        return open(CacheScope.SHARED);
    }

    private DockerSession open(CacheScope cache) {
        return DoodWorkflow.create()
                .cache(cache)
                .open(SessionOptions.defaults().engine(engine()).workspace(directory));
    }

    private Path context(String name, String... dockerfile) throws IOException {
        Path context = Files.createDirectories(directory.resolve(name));
        Files.writeString(context.resolve("Dockerfile"), String.join("\n", dockerfile) + "\n");
        return context;
    }

    private static Cli.Result build(DockerSession session, Path context, String... options) {
        return Cli.result(start(session, context, List.of(options)));
    }

    private static Process start(DockerSession session, Path context, List<String> options) {
        List<String> command = new ArrayList<>(List.of("buildx", "build", "--progress", "plain"));
        command.addAll(options);
        command.add(".");
        return new NewClients(session).start(context, Map.of(), command.toArray(new String[0]));
    }

    private static String run(DockerSession session, String image, String... command) {
        String[] arguments = new String[command.length + 3];
        System.arraycopy(new String[] {"run", "--rm", image}, 0, arguments, 0, 3);
        System.arraycopy(command, 0, arguments, 3, command.length);
        return new Cli(session).docker(arguments).ok();
    }

    private List<String> engineTags(DockerSession session) {
        try (EngineConnection connection = EngineConnection.open(engine(), System.getenv())) {
            return connection.docker().listImagesCmd().exec().stream()
                    .flatMap(image -> Arrays.stream(Objects.requireNonNullElse(image.getRepoTags(), new String[0])))
                    .filter(tag -> tag.contains(session.id().value()))
                    .toList();
        }
    }

    @Test
    void buildWhenTwoSessionsGiveTheSameTagMakesTwoImages() throws IOException {
        Path context = context("tag", "FROM busybox", "ARG WHO", "RUN echo $WHO > /who");
        try (DockerSession one = open();
                DockerSession two = open()) {
            Map<DockerSession, Process> builds = new LinkedHashMap<>();
            for (DockerSession session : List.of(one, two)) {
                builds.put(
                        session,
                        new NewClients(session)
                                .start(
                                        context,
                                        Map.of(),
                                        "buildx",
                                        "build",
                                        "--build-arg",
                                        "WHO=" + session.id(),
                                        "-t",
                                        "app",
                                        "-t",
                                        "registry.example:5000/team/app:v1",
                                        "."));
            }
            builds.values().forEach(build -> Cli.result(build).ok());
            for (DockerSession session : List.of(one, two)) {
                assertThat(run(session, "app", "cat", "/who"))
                        .isEqualTo(session.id().value());
                assertThat(run(session, "registry.example:5000/team/app:v1", "cat", "/who"))
                        .isEqualTo(session.id().value());
            }
        }
    }

    /** Longer than what HTTP/2 lets anybody send unasked (64 KiB), and longer still for the engine, whose name of the image is longer. */
    @Test
    void buildWhenItsDockerfileIsLongStillTakesTheSessionsImages() throws Exception {
        List<String> dockerfile = new ArrayList<>(List.of("FROM base:1"));
        for (int i = 0; i < 5; i++) {
            dockerfile.addAll(Collections.nCopies(1000, "# " + "-".repeat(97)));
            dockerfile.add("COPY --from=base:1 /bin/busybox /copy-" + i);
        }
        dockerfile.add("COPY random /");
        Path context = context("long", dockerfile.toArray(new String[0]));
        byte[] random = new byte[20_000_000];
        new Random(1).nextBytes(random);
        Files.write(context.resolve("random"), random);
        String digest =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(random));
        try (DockerSession session = open()) {
            new Cli(session).docker("tag", "busybox", "base:1").ok();
            build(session, context, "-t", "app").ok();
            assertThat(run(session, "app", "sha256sum", "/random")).startsWith(digest);
            assertThat(run(session, "app", "sh", "-c", "test -s /copy-4 && echo copied"))
                    .isEqualTo("copied");
        }
    }

    @Test
    void buildWhenItTagsSaysTheNamesThatItsClientGave() throws IOException {
        Path context = context("words", "FROM busybox", "LABEL own=1", "RUN echo words > /words");
        try (DockerSession session = open()) {
            String output = build(
                            session,
                            context,
                            "-t",
                            "app",
                            "--label",
                            "given=2",
                            "--iidfile",
                            "id",
                            "--metadata-file",
                            "metadata")
                    .ok();
            assertThat(output).contains("naming to docker.io/library/app").doesNotContain("dw-" + session.id());
            assertThat(Files.readString(context.resolve("metadata")))
                    .contains("containerimage.digest")
                    .doesNotContain("dw-" + session.id() + "-images");
            assertThat(Files.readString(context.resolve("id"))).startsWith("sha256:");
            try (EngineConnection connection = EngineConnection.open(engine(), System.getenv())) {
                Map<String, String> labels = Objects.requireNonNull(Objects.requireNonNull(connection
                                .docker()
                                .inspectImageCmd(Files.readString(context.resolve("id")))
                                .exec()
                                .getConfig())
                        .getLabels());
                assertThat(labels)
                        .containsEntry("own", "1")
                        .containsEntry("given", "2")
                        .containsEntry(Labels.SESSION, session.id().value());
            }
        }
    }

    @Test
    void buildWhenItNamesTheSessionsImageTakesThatOne() throws IOException {
        Path base = context("base", "FROM busybox", "ARG WHO", "RUN echo $WHO > /who");
        Path derived = context(
                "derived",
                "ARG BASE=nothing",
                "FROM ${BASE}:1 AS first",
                "FROM busybox",
                "COPY --from=first /who /argument",
                "COPY --from=base:1 /who /copied",
                "RUN --mount=from=base:1,target=/m cp /m/who /mounted");
        try (DockerSession one = open();
                DockerSession two = open()) {
            for (DockerSession session : List.of(one, two)) {
                String who = session.id().value();
                build(session, base, "-t", "base:1", "--build-arg", "WHO=" + who)
                        .ok();
                build(session, derived, "-t", "derived", "--build-arg", "BASE=base")
                        .ok();
                assertThat(run(session, "derived", "cat", "/argument", "/copied", "/mounted"))
                        .isEqualTo(String.join("\n", who, who, who));
            }
            assertThat(build(two, context("foreign", "FROM " + engineTags(one).get(0))))
                    .satisfies(result -> assertThat(result.code()).isNotZero())
                    .extracting(Cli.Result::output)
                    .asString()
                    .containsAnyOf("not found", "denied by policy");
        }
    }

    @Test
    void buildWhenItsBaseIsRebuiltTakesTheNewOne() throws IOException {
        Path base = context("rebuilt", "FROM busybox", "ARG WHO", "RUN echo $WHO > /who");
        Path derived = context("onto", "FROM base", "RUN cp /who /copy");
        try (DockerSession session = open()) {
            build(session, derived, "-t", "derived").output();
            for (String who : List.of("first", "second")) {
                build(session, base, "-t", "base", "--build-arg", "WHO=" + who).ok();
                build(session, derived, "-t", "derived").ok();
                assertThat(run(session, "derived", "cat", "/copy")).isEqualTo(who);
            }
        }
    }

    @Test
    void buildWhenItsFilesAreLargeHasThemWholeAndGivesThemBack() throws IOException {
        Path context = context("large", "FROM scratch", "COPY file /");
        byte[] content = new byte[8 * 1024 * 1024];
        new Random(5).nextBytes(content);
        Files.write(context.resolve("file"), content);
        try (DockerSession session = open()) {
            build(session, context, "--output", "type=local,dest=out").ok();
            assertThat(context.resolve("out/file")).hasSameBinaryContentAs(context.resolve("file"));
        }
    }

    @Test
    void buildWhenItUsesBuildKitsFeaturesHasThem() throws IOException {
        Path context = context(
                "features",
                "FROM busybox AS one",
                "ARG X",
                "RUN --mount=type=secret,id=s --mount=type=cache,target=/c cat /run/secrets/s > /secret; echo $X > /x",
                "FROM one AS two",
                "COPY --from=one /secret /copied",
                "COPY file /");
        Files.writeString(context.resolve("file"), "from the context");
        Files.writeString(directory.resolve("secret"), "a secret");
        try (DockerSession session = open()) {
            String secret = "id=s,src=" + directory.resolve("secret");
            build(session, context, "-t", "two", "--build-arg", "X=1", "--secret", secret, "--load")
                    .ok();
            assertThat(run(session, "two", "cat", "/copied", "/file", "/x")).isEqualTo("a secretfrom the context1");
            build(session, context, "--target", "one", "--secret", secret, "--output", "type=local,dest=out")
                    .ok();
            assertThat(context.resolve("out/secret")).hasContent("a secret");
            assertThat(build(session, context("failing", "FROM busybox", "RUN exit 3"))
                            .output())
                    .contains("exit 3");
        }
    }

    @Test
    void buildWhenThePolicyForbidsSaysWhatWouldAllowIt() throws IOException {
        Path context = context("policy", "FROM busybox", "RUN true");
        Map<List<String>, String> remedies = Map.of(
                List.of("--network", "host", "--allow", "network.host"), "allowHostNamespaces(\"net\")",
                List.of("--cgroup-parent", "/x"), "allowCgroupParents(\"/x\")",
                List.of("--label", "io.dockerworkflow.session=00000000"), "belong to the session");
        try (DockerSession session = open()) {
            // At once, for buildx takes three seconds to tell of a refusal, also of an engine's.
            Map<Process, String> builds = new LinkedHashMap<>();
            remedies.forEach((options, remedy) -> builds.put(start(session, context, options), remedy));
            builds.forEach(
                    (build, remedy) -> assertThat(Cli.result(build).output()).contains("PermissionDenied", remedy));
        }
    }

    @Test
    void buildCacheWhenOthersHaveSomeIsNotShown() throws IOException {
        Path context = context("cache", "FROM busybox", "RUN date > /date");
        try (DockerSession one = open();
                DockerSession two = open()) {
            build(one, context, "-t", "app").ok();
            NewClients clients = new NewClients(two);
            assertThat(clients.docker(directory, "buildx", "du").ok()).containsPattern("Total:\\s+0B");
            assertThat(clients.docker(directory, "buildx", "prune", "-f").ok()).containsPattern("Total:\\s+0B");
            assertThat(clients.docker(directory, "buildx", "history", "ls").output())
                    .doesNotContain("cache");
        }
    }

    @Test
    void buildWhenTheCacheIsIsolatedSeesNothingFromOutside() throws IOException {
        Path context = context(
                "isolated",
                "FROM busybox",
                "WORKDIR /w",
                "COPY file /",
                "RUN --mount=type=cache,target=/dw-c"
                        + " cat /dw-c/who > /before || true; head -c 8 /dev/urandom | md5sum > /made; echo $(cat /made) > /dw-c/who");
        Files.writeString(context.resolve("file"), "x");
        try (DockerSession shared = open();
                DockerSession isolated = open(CacheScope.ISOLATED)) {
            build(shared, context, "-t", "app").ok();
            assertThat(build(shared, context, "-t", "app").ok()).containsPattern("RUN --mount[^\\n]*\\n#\\d+ CACHED");
            // Engine 20.10 takes the empty directory of WORKDIR from the cache whatever one says.
            assertThat(build(isolated, context, "-t", "app").ok())
                    .doesNotContainPattern("(RUN|COPY)[^\\n]*\\n#\\d+ CACHED");
            assertThat(run(isolated, "app", "cat", "/before")).isEmpty();
            assertThat(run(isolated, "app", "cat", "/made")).isNotEqualTo(run(shared, "app", "cat", "/made"));
        }
    }

    @Test
    void composeBuildWhenSessionsShareAProjectMakesEachItsImages() throws IOException {
        Path project = context("project", "FROM busybox", "ARG WHO", "RUN echo $WHO > /who");
        Files.writeString(project.resolve("compose.yaml"), """
                services:
                  named: {build: {context: ., args: {WHO: $WHO}}, image: "named:1"}
                  unnamed: {build: {context: ., args: {WHO: $WHO}}}
                """);
        try (DockerSession one = open();
                DockerSession two = open()) {
            Map<DockerSession, Process> builds = new LinkedHashMap<>();
            for (DockerSession session : List.of(one, two)) {
                Map<String, String> variables = Map.of("WHO", session.id().value());
                builds.put(session, new NewClients(session).start(project, variables, "compose", "build"));
            }
            builds.values().forEach(build -> Cli.result(build).ok());
            for (DockerSession session : List.of(one, two)) {
                assertThat(run(session, "named:1", "cat", "/who"))
                        .isEqualTo(session.id().value());
                assertThat(run(session, "project-unnamed", "cat", "/who"))
                        .isEqualTo(session.id().value());
            }
        }
    }

    /** The CLI of engine 20.10, which has its own client of BuildKit. */
    @Test
    void oldCliWhenItBuildsWithBuildKitFindsTheSessionsImages() throws IOException {
        Path base = context("old-base", "FROM busybox", "ARG WHO", "RUN echo $WHO > /who");
        if (refusesOldClients()) {
            try (DockerSession session = open()) {
                assertThat(oldBuild(session, base, "-t", "base:1").output())
                        .contains("client version 1.41 is too old. Minimum supported API version is ");
            }
            return;
        }
        Path derived = context("old-derived", "FROM base:1", "COPY --from=base:1 /who /copied");
        try (DockerSession one = open();
                DockerSession two = open()) {
            for (DockerSession session : List.of(one, two)) {
                String who = session.id().value();
                String output = oldBuild(session, base, "-t", "base:1", "--build-arg", "WHO=" + who)
                        .ok();
                assertThat(output)
                        .contains("naming to docker.io/library/base:1")
                        .doesNotContain("dw-" + who + "-images");
                oldBuild(session, derived, "-t", "derived").ok();
                assertThat(run(session, "derived", "cat", "/who", "/copied")).isEqualTo(who + "\n" + who);
            }
            ProcessBuilder foreign = oldBuilder(
                    two, context("old-foreign", "FROM " + engineTags(one).get(0)));
            assertThat(Cli.result(foreign.start()).output()).contains("not found");
            // BuildKit looks a session up without what stands before a colon, and its directories with that. Not by the
            // CLI: it may hang when a build is refused while it still opens its session (seen once with 20.10.24).
            assertThat(new RawClient(((Endpoint.UnixSocket) two.endpoint()).path())
                            .request("POST", "/build?version=2&remote=client-session&session=prefix%3Aid", Map.of(), "")
                            .text())
                    .startsWith("HTTP/1.1 400 ")
                    .contains("is named with a prefix");
        }
    }

    private boolean refusesOldClients() {
        try (EngineConnection connection = EngineConnection.open(engine(), System.getenv())) {
            return Integer.parseInt(connection.version().minApi().substring("1.".length())) > 41;
        }
    }

    private static Cli.Result oldBuild(DockerSession session, Path context, String... options) throws IOException {
        return Cli.result(oldBuilder(session, context, options).start());
    }

    private static ProcessBuilder oldBuilder(DockerSession session, Path context, String... options) {
        List<String> command = new ArrayList<>(List.of("/usr/bin/docker", "build", "--progress", "plain"));
        command.addAll(List.of(options));
        command.add(".");
        ProcessBuilder process = session.configure(
                new ProcessBuilder(command).directory(context.toFile()).redirectErrorStream(true));
        process.environment().put("DOCKER_BUILDKIT", "1");
        return process;
    }

    @Test
    void classicBuildWhenTheCacheIsIsolatedSeesOnlyTheSessions() throws IOException {
        Path context = context("classic", "FROM busybox", "RUN head -c 8 /dev/urandom | md5sum > /made");
        try (DockerSession shared = open();
                DockerSession isolated = open(CacheScope.ISOLATED)) {
            List<String> made = new ArrayList<>();
            for (DockerSession session : List.of(shared, isolated, isolated)) {
                ProcessBuilder process = session.configure(new ProcessBuilder("docker", "build", "-t", "app", ".")
                        .directory(context.toFile())
                        .redirectErrorStream(true));
                process.environment().put("DOCKER_BUILDKIT", "0");
                Cli.result(process.start()).ok();
                made.add(run(session, "app", "cat", "/made"));
            }
            assertThat(made.get(1)).isNotEqualTo(made.get(0)).isEqualTo(made.get(2));
        }
    }

    @Test
    void buildWhenItsClientIsKilledEndsOnTheEngine() throws IOException {
        String marker = marker();
        Path context = context("killed", "FROM busybox", "RUN sleep " + marker);
        try (DockerSession session = open()) {
            Process client = new NewClients(session).start(context, Map.of(), "buildx", "build", "-t", "app", ".");
            await().atMost(Duration.ofSeconds(60)).until(() -> runs(marker));
            client.descendants().forEach(ProcessHandle::destroyForcibly);
            client.destroyForcibly();
            await().atMost(Duration.ofSeconds(60)).until(() -> !runs(marker));
            assertThat(new Cli(session).docker("images", "-q", "app").ok()).isEmpty();
            assertThat(build(session, context("after", "FROM busybox", "RUN true"), "-t", "app")
                            .code())
                    .isZero();
        }
    }

    @Test
    void teardownWhenABuildRunsEndsIt() throws IOException {
        String marker = marker();
        Path context = context("running", "FROM busybox", "RUN sleep " + marker);
        DockerSession session = open();
        Process client = new NewClients(session).start(context, Map.of(), "buildx", "build", "-t", "app", ".");
        await().atMost(Duration.ofSeconds(60)).until(() -> runs(marker));
        TeardownReport report = session.teardown(Duration.ofSeconds(60));
        assertThat(report.survivors()).isEmpty();
        assertThat(Cli.result(client).code()).isNotZero();
        await().atMost(Duration.ofSeconds(60)).until(() -> !runs(marker));
    }

    private static String marker() {
        return Integer.toString(ThreadLocalRandom.current().nextInt(100_000_000, 1_000_000_000));
    }

    /** Build steps are processes of this machine, as the engine is; Java does not tell the arguments of busybox's. */
    private static boolean runs(String marker) throws IOException, InterruptedException {
        return new ProcessBuilder("pgrep", "-f", "^sleep " + marker).start().waitFor() == 0;
    }

    @Test
    void teardownWhenBuildsHaveTaggedLeavesNoTag() throws IOException {
        DockerSession session = open();
        build(session, context("torn", "FROM busybox", "RUN echo torn > /torn"), "-t", "app", "-t", "app:2")
                .ok();
        assertThat(engineTags(session)).hasSize(2);
        TeardownReport report = session.teardown(Duration.ofSeconds(30));
        assertThat(report.survivors()).isEmpty();
        assertThat(engineTags(session)).isEmpty();
    }
}
