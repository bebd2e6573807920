package io.dockerworkflow.dood.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.dockerworkflow.dood.testsupport.LocalRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a session writes to the log when everything is logged. */
@Timeout(240)
class LoggingIT {
    @TempDir
    private Path directory;

    @Test
    void logWhenEverythingIsLoggedHoldsALineForEachRequestAndNoSecret() throws Exception {
        Path log = directory.resolve("log");
        List<String> said = run(log, List.of());
        assertThat(said)
                .contains(
                        "done",
                        "buildkit 0",
                        "POST /auth 500",
                        "POST /containers/create 201",
                        "POST /containers/create 403",
                        "POST /build 200",
                        "broken 400");
        String text = Files.readString(log);
        assertThat(text)
                .as("the access log")
                .contains("DEBUG io.dockerworkflow.dood.access - ")
                .contains(" POST /containers/create?name=db 201 ")
                .contains(" POST /containers/create 403 refused by the policy ")
                .contains(" POST /build?... 200 ")
                .contains(" POST /images/create?... ")
                .contains(" other (malformed) 400 ")
                .contains(" POST /grpc 101 ", " POST /session 101 ");
        assertThat(text).as("the most that there is to log").contains("TRACE", "DEBUG io.netty");
        assertThat(text.lines().filter(line -> line.contains(SecretsProgram.MARK)))
                .isEmpty();
        List<String> encoded = said.stream()
                .filter(line -> line.startsWith("secret "))
                .map(line -> line.substring("secret ".length()))
                .toList();
        assertThat(encoded).hasSizeGreaterThan(1).noneMatch(text::contains);
    }

    @Test
    void logWhenAStepHasSecretsHoldsNone() throws Exception {
        Path log = directory.resolve("log");
        assertThat(run(log, List.of("step"))).contains("step exited with code 0");
        String text = Files.readString(log);
        assertThat(text).as("the most that there is to log").contains("TRACE", "DEBUG io.netty");
        assertThat(text.lines().filter(line -> line.contains(SecretsProgram.MARK)))
                .isEmpty();
    }

    @Test
    void logWhenARegistryIsGivenCredentialsHoldsNone() throws Exception {
        Path log = directory.resolve("log");
        Path client = directory.resolve("client");
        try (LocalRegistry registry = LocalRegistry.start(directory.resolve("registry"), true)) {
            assertThat(run(log, List.of(registry.address(), client.toString())))
                    .contains("push " + registry.image("app:1"), "pull -a " + registry.image("app"));
            String text = Files.readString(log);
            assertThat(text).contains("/auth 200 ", "/images/create?... 200 ", "/app/push?... 200 ");
            String plain = LocalRegistry.USER + ":" + LocalRegistry.PASSWORD;
            String encoded = Base64.getEncoder().encodeToString(plain.getBytes(StandardCharsets.UTF_8));
            assertThat(Files.readString(client.resolve("config.json")))
                    .as("what the client knows")
                    .contains(encoded);
            // The client sends them as JSON in Base64, of which all that matters is the password, at whatever offset.
            assertThat(text).doesNotContain(SecretsProgram.MARK, encoded);
            for (int offset = 0; offset < 3; offset++) {
                String shifted = "x".repeat(offset) + LocalRegistry.PASSWORD;
                String part = Base64.getUrlEncoder()
                        .encodeToString(shifted.getBytes(StandardCharsets.UTF_8))
                        .substring(4, 16);
                assertThat(text).doesNotContain(part);
            }
        }
    }

    /** Runs the program with everything logged to a file; its output's lines. */
    private List<String> run(Path log, List<String> arguments) throws Exception {
        Path output = directory.resolve("output");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=trace",
                "-Dorg.slf4j.simpleLogger.logFile=" + log,
                "-cp",
                System.getProperty("java.class.path"),
                SecretsProgram.class.getName()));
        command.addAll(arguments);
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(180, TimeUnit.SECONDS))
                    .as("ended in time")
                    .isTrue();
            String text = Files.readString(output, StandardCharsets.UTF_8);
            assertThat(process.exitValue()).as(text).isZero();
            return text.lines().toList();
        } finally {
            process.destroyForcibly();
        }
    }
}
