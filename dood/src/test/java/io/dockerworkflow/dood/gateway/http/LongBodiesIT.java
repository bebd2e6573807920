package io.dockerworkflow.dood.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.dockerworkflow.DockerSession;
import io.dockerworkflow.Endpoint;
import io.dockerworkflow.dood.DoodWorkflow;
import io.dockerworkflow.dood.testsupport.Cli;
import io.dockerworkflow.dood.testsupport.Host;
import io.dockerworkflow.dood.testsupport.RawClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Bodies of many megabytes, which take a way of their own through the gateway, arrive as they were sent. */
@Timeout(120)
class LongBodiesIT {
    /** The sum of all that an archive of images holds but the files with their names, which the gateway writes. */
    private static final String SUM =
            " | tar -xO --exclude=manifest.json --exclude=repositories --exclude=index.json | sha256sum";

    private static final int SIZE = 12 * 1024 * 1024;

    @TempDir
    private static Path directory;

    private static DockerSession session;
    private static Cli cli;
    private static Path file;
    private static String sum = "";

    @BeforeAll
    static void open() throws IOException, InterruptedException {
        session = DoodWorkflow.create().open();
        cli = new Cli(session);
        byte[] content = new byte[SIZE];
        new Random(7).nextBytes(content);
        file = Files.write(directory.resolve("large"), content);
        sum = Host.run(directory, List.of("sha256sum", "large")).split(" ")[0];
        Host.run(directory, List.of("tar", "cf", "large.tar", "large"));
        cli.docker("import", directory.resolve("large.tar").toString(), "imported")
                .ok();
        cli.docker("run", "-d", "--name", "host", "busybox", "sleep", "900").ok();
    }

    @AfterAll
    static void close() {
        session.close();
    }

    @Test
    void copyInBothDirectionsKeepsTheContent() {
        Path back = directory.resolve("back");
        cli.docker("cp", file.toString(), "host:/tmp/copied").ok();
        assertThat(sumInHost("/tmp/copied")).isEqualTo(sum);
        cli.docker("cp", "host:/tmp/copied", back.toString()).ok();
        assertThat(back).hasSameBinaryContentAs(file);
    }

    @Test
    void contextAndImageKeepTheirContentFromBuildToSaveToLoad() throws IOException {
        Path context = Files.createDirectory(directory.resolve("context"));
        // Both sides of the Dockerfile, which is the one file that is changed.
        Files.copy(file, context.resolve("A"));
        Files.copy(file, context.resolve("Z"));
        Files.writeString(context.resolve("Dockerfile"), "FROM busybox\nCOPY A Z /\n");
        Cli classic = new Cli(session, Map.of("DOCKER_BUILDKIT", "0"));
        classic.docker("build", "-q", "-t", "large", context.toString()).ok();
        assertThat(sumsIn("large")).containsExactly(sum, sum);
        Path archive = directory.resolve("archive");
        cli.docker("save", "-o", archive.toString(), "large").ok();
        cli.docker("rmi", "-f", "large").ok();
        cli.docker("load", "-i", archive.toString()).ok();
        assertThat(sumsIn("large")).containsExactly(sum, sum);
    }

    @Test
    void saveWhenReadSlowlyIsWhatTheEngineGives() throws IOException, InterruptedException {
        // The first bytes, and the rest when the sockets between have long been full.
        String slowly = "docker save \"$0\" | { head -c 3000000; sleep 1; cat; }" + SUM;
        ProcessBuilder command =
                session.configure(new ProcessBuilder("sh", "-c", slowly, "imported").redirectErrorStream(true));
        String image = cli.docker("inspect", "-f", "{{.Id}}", "imported").ok();
        String engines = Host.run(directory, List.of("sh", "-c", "docker save \"$0\"" + SUM, image));
        assertThat(Cli.result(command.start()).ok()).isEqualTo(engines);
    }

    @Test
    void saveWhenItsClientGoesLeavesTheSessionAsItWas() throws IOException, InterruptedException {
        Process saving = cli.start("save", "imported");
        saving.getInputStream().readNBytes(3_000_000);
        saving.destroyForcibly().waitFor();
        assertThat(cli.docker("ps", "--format", "{{.Names}}").ok()).isEqualTo("host");
    }

    @Test
    void uploadWhenItsChunksAreOddKeepsItsContent() throws IOException {
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes(
                ascii("PUT /containers/host/archive?path=/tmp HTTP/1.1\r\nHost: docker\r\nConnection: close\r\n"
                        + "Content-Type: application/x-tar\r\nTransfer-Encoding: chunked\r\n\r\n"));
        byte[] archive = Files.readAllBytes(directory.resolve("large.tar"));
        Random random = new Random(11);
        for (int at = 0; at < archive.length; ) {
            int length = Math.min(archive.length - at, 1 + random.nextInt(random.nextInt(10) == 0 ? 3 : 300_000));
            String size = Integer.toHexString(length);
            request.writeBytes(ascii((random.nextInt(10) == 0 ? "00" : "")
                    + (random.nextBoolean() ? size : size.toUpperCase(Locale.ROOT))
                    + (random.nextInt(10) == 0 ? ";name=value" : "")
                    + "\r\n"));
            request.writeBytes(Arrays.copyOfRange(archive, at, at + length));
            request.writeBytes(ascii("\r\n"));
            at += length;
        }
        request.writeBytes(ascii("0\r\n\r\n"));
        RawClient client = new RawClient(((Endpoint.UnixSocket) session.endpoint()).path());
        assertThat(client.send(request.toByteArray(), false, Duration.ofSeconds(60))
                        .status())
                .contains(200);
        assertThat(sumInHost("/tmp/large")).isEqualTo(sum);
    }

    private static String sumInHost(String path) {
        return cli.docker("exec", "host", "sha256sum", path).ok().split(" ")[0];
    }

    private static List<String> sumsIn(String image) {
        return cli.docker("run", "--rm", image, "sha256sum", "/A", "/Z")
                .ok()
                .lines()
                .map(line -> line.split(" ")[0])
                .toList();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
