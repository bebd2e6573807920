package io.dockerworkflow.dood.testsupport;

import static org.awaitility.Awaitility.await;

import io.dockerworkflow.dood.gateway.http.SecretsProgram;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A registry on a free port of this machine, Debian's, which {@code bin/engine registry} provides. Ends with {@link #close}. */
public final class LocalRegistry implements AutoCloseable {
    public static final String USER = "user";
    public static final String PASSWORD = SecretsProgram.MARK + "-registry";

    /** The password above, as htpasswd writes it; of the lowest cost. */
    private static final String HTPASSWD = USER + ":$2b$04$8NnwxqpyN01qNviPipIoQOtGhNtqvIHc8xx0BOR2bwour2Yf85jee\n";

    private static final String MANIFESTS = "application/vnd.docker.distribution.manifest.v2+json,"
            + "application/vnd.oci.image.manifest.v1+json,application/vnd.oci.image.index.v1+json,"
            + "application/vnd.docker.distribution.manifest.list.v2+json";
    private static final Pattern LISTENING = Pattern.compile("listening on (127\\.0\\.0\\.1:\\d+)");

    private final Process process;
    private final String address;
    private final boolean guarded;
    private final HttpClient http = HttpClient.newHttpClient();

    private LocalRegistry(Process process, String address, boolean guarded) {
        this.process = process;
        this.address = address;
        this.guarded = guarded;
    }

    /**
     * Starts one.
     *
     * @param directory for its data; not used for anything else
     * @param guarded whether it wants {@link #USER} and {@link #PASSWORD}
     */
    public static LocalRegistry start(Path directory, boolean guarded) throws IOException {
        Files.createDirectories(directory);
        StringBuilder settings = new StringBuilder("version: 0.1\nhttp: {addr: '127.0.0.1:0'}\nstorage: {filesystem: "
                + "{rootdirectory: '" + directory.resolve("data") + "'}}\n");
        if (guarded) {
            Path users = Files.writeString(directory.resolve("htpasswd"), HTPASSWD);
            settings.append("auth: {htpasswd: {realm: test, path: '" + users + "'}}\n");
        }
        Path configuration = Files.writeString(directory.resolve("config.yml"), settings);
        Path log = directory.resolve("log");
        Process process = new ProcessBuilder(NewClients.registry().toString(), "serve", configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            return new LocalRegistry(process, address(process, log), guarded);
        } catch (IOException | RuntimeException | AssertionError e) {
            process.destroyForcibly();
            throw e;
        }
    }

    /** It takes a free port, and says which. */
    private static String address(Process process, Path log) throws IOException {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> !process.isAlive()
                        || LISTENING.matcher(Files.readString(log)).find());
        String said = Files.readString(log);
        Matcher listening = LISTENING.matcher(said);
        if (!listening.find()) {
            throw new AssertionError("docker-registry did not start: " + said);
        }
        return listening.group(1);
    }

    /** How an image of it is called. */
    public String image(String name) {
        return address + "/" + name;
    }

    public String address() {
        return address;
    }

    /** What its own API says at a path below {@code /v2/}. */
    public String get(String path) throws IOException {
        return send(request(path).GET()).body();
    }

    /** The digest of a tag. */
    public String digest(String repository, String tag) throws IOException {
        HttpResponse<String> answer =
                send(request(repository + "/manifests/" + tag).GET());
        return answer.headers()
                .firstValue("Docker-Content-Digest")
                .orElseThrow(() -> new AssertionError(answer + " " + answer.body()));
    }

    /** Has one tag be what another one is, as a push from elsewhere would. */
    public void retag(String repository, String from, String to) throws IOException {
        HttpResponse<String> manifest =
                send(request(repository + "/manifests/" + from).GET());
        HttpResponse<String> put = send(request(repository + "/manifests/" + to)
                .header(
                        "Content-Type",
                        manifest.headers().firstValue("Content-Type").orElseThrow())
                .PUT(BodyPublishers.ofString(manifest.body())));
        if (put.statusCode() != 201) {
            throw new AssertionError(put + " " + put.body());
        }
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://" + address + "/v2/" + path))
                .header("Accept", MANIFESTS);
        if (guarded) {
            byte[] credentials = (USER + ":" + PASSWORD).getBytes(StandardCharsets.UTF_8);
            request.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(credentials));
        }
        return request;
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            throw new AssertionError(e);
        }
    }
}
