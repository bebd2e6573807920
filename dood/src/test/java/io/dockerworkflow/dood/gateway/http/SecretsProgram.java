package io.dockerworkflow.dood.gateway.http;

import io.dockerworkflow.DockerSession;
import io.dockerworkflow.Endpoint;
import io.dockerworkflow.Stdin;
import io.dockerworkflow.Step;
import io.dockerworkflow.StepResult;
import io.dockerworkflow.dood.DoodWorkflow;
import io.dockerworkflow.dood.testsupport.Cli;
import io.dockerworkflow.dood.testsupport.LocalRegistry;
import io.dockerworkflow.dood.testsupport.NewClients;
import io.dockerworkflow.dood.testsupport.RawClient;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A program that sends secrets wherever the API has a place for one. A process of its own, whose whole log is looked at. */
public final class SecretsProgram {
    private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");

    /** Every secret holds it, and no other text does. */
    public static final String MARK = "Xyzzy7";

    private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    private final DockerSession session;
    private final RawClient raw;
    private int count;

    private SecretsProgram(DockerSession session) {
        this.session = session;
        this.raw = new RawClient(((Endpoint.UnixSocket) session.endpoint()).path());
    }

    public static void main(String[] arguments) throws Exception {
        try (DockerSession session = DoodWorkflow.create().open()) {
            SecretsProgram program = new SecretsProgram(session);
            if (arguments.length == 1) {
                program.step();
                return;
            }
            if (arguments.length == 2) {
                program.registry(arguments[0], arguments[1]);
                return;
            }
            program.registries();
            program.containers();
            program.builds();
            program.broken();
            program.buildKit();
            program.out.println("done");
        }
    }

    private String secret() {
        return MARK + ++count;
    }

    /** As the docker CLI sends credentials. */
    private String encoded() {
        String credentials = "{\"username\":\"u\",\"password\":\"" + secret() + "\"}";
        String value = Base64.getUrlEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
        out.println("secret " + value);
        return value;
    }

    private String ask(String method, String target, Map<String, String> headers, String body) {
        RawClient.Outcome outcome = raw.request(method, target, headers, body);
        out.println(method + " " + target.replaceAll("\\?.*", "") + " "
                + outcome.status().orElse(0));
        return outcome.body();
    }

    /** What the library's own client sends. */
    private void step() {
        StepResult result = session.run(Step.of("sh", "-c", "test -n \"$PASSWORD\" && grep -q . /run/secrets/s && cat")
                .image("busybox")
                .environment("PASSWORD", secret())
                .secret("s", secret())
                .stdin(Stdin.of(secret() + "\n")));
        out.println("step " + result.outcome());
    }

    /** What a registry lets in. */
    private void registry(String address, String directory) {
        Cli cli = new Cli(session, Map.of("DOCKER_CONFIG", directory));
        cli.dockerWithInput(LocalRegistry.PASSWORD, "login", "-u", LocalRegistry.USER, "--password-stdin", address)
                .ok();
        String image = address + "/app:1";
        for (List<String> command : List.of(
                List.of("tag", "busybox", image),
                List.of("push", image),
                List.of("rmi", image),
                List.of("pull", image),
                List.of("pull", "-a", address + "/app"),
                List.of("manifest", "inspect", "--insecure", image))) {
            cli.docker(command.toArray(String[]::new)).ok();
            out.println(String.join(" ", command));
        }
    }

    private void registries() {
        Map<String, String> auth = Map.of("X-Registry-Auth", encoded());
        ask("POST", "/images/create?fromImage=127.0.0.1:1/none&tag=1", auth, "");
        ask("POST", "/images/create?fromSrc=http://u:" + secret() + "@127.0.0.1:1/x", auth, "");
        ask("POST", "/images/busybox/push", auth, "");
        ask("GET", "/distribution/127.0.0.1:1/none/json", auth, "");
        ask("GET", "/images/search?term=" + secret(), auth, "");
        ask(
                "POST",
                "/auth",
                JSON,
                "{\"username\":\"u\",\"password\":\"" + secret() + "\",\"serveraddress\":\"127.0.0.1:1\"}");
    }

    private void containers() {
        String env = "\"Env\":[\"PASSWORD=" + secret() + "\"]";
        ask(
                "POST",
                "/containers/create?name=db",
                JSON,
                "{\"Image\":\"busybox\",\"Cmd\":[\"sleep\",\"600\"]," + env + "}");
        ask("POST", "/containers/db/start", Map.of(), "");
        ask(
                "POST",
                "/containers/create",
                JSON,
                "{\"Image\":\"busybox\",\"HostConfig\":{\"Privileged\":true}," + env + "}");
        ask("POST", "/containers/create", JSON, "{\"Image\":\"none:1\"," + env + "}");
        ask("POST", "/containers/create", JSON, "{\"Image\":\"busybox\"," + env + ",\"env\":[]}");
        ask("POST", "/containers/create", JSON, "{\"Image\":\"busybox\"," + env + ",");
        ask("POST", "/containers/create", JSON, "{\"Image\":[{\"x\":\"" + secret() + "\"}],\"Env\":7}");
        ask("POST", "/containers/db/update", JSON, "{\"Memory\":\"" + secret() + "\"}");
        String exec = ask("POST", "/containers/db/exec", JSON, "{\"Cmd\":[\"env\"],\"AttachStdout\":true," + env + "}");
        String id = exec.replaceAll("(?s).*\"Id\":\"([0-9a-f]+)\".*", "$1");
        ask("POST", "/exec/" + id + "/start", JSON, "{\"Detach\":false,\"Tty\":false}");
        ask("GET", "/containers/db/json", Map.of(), "");
        ask("POST", "/secrets/create", JSON, "{\"Name\":\"s\",\"Data\":\"" + secret() + "\"}");
        ask("POST", "/configs/create", JSON, "{\"Name\":\"s\",\"Data\":\"" + secret() + "\"}");
        ask(
                "POST",
                "/volumes/create",
                JSON,
                "{\"Name\":\"v\",\"DriverOpts\":{\"type\":\"cifs\",\"o\":\"password=" + secret() + "\"}}");
        ask("POST", "/commit?container=db&changes=" + encodedForQuery("ENV A=" + secret()), JSON, "{" + env + "}");
    }

    private void builds() throws Exception {
        String arguments = encodedForQuery("{\"PASSWORD\":\"" + secret() + "\"}");
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", "application/x-tar");
        headers.put("X-Registry-Config", encoded());
        byte[] context = tar("Dockerfile", "FROM busybox\nARG PASSWORD\nRUN test -n \"$PASSWORD\"\n");
        ask("POST", "/build?buildargs=" + arguments, headers, new String(context, StandardCharsets.US_ASCII));
        ask("POST", "/build?buildargs=%7B%22P%22:" + secret(), headers, "");
        ask("POST", "/build?remote=" + encodedForQuery("http://u:" + secret() + "@127.0.0.1:1/x.git"), headers, "");
        ask("POST", "/build?networkmode=host&buildargs=" + arguments, headers, "");
        ask(
                "POST",
                "/build?cachefrom=" + encodedForQuery("[\"u:" + secret() + "@h/i\"]") + "&nocache=" + secret(),
                headers,
                "");
    }

    /** Requests that fail in the gateway itself, where a message could repeat what came. */
    private void broken() {
        ask("GET", "/nope?token=" + secret(), Map.of(), "");
        ask("GET", "/containers/json?filters=" + secret(), Map.of(), "");
        ask("GET", "/containers/json?limit=" + secret() + "&" + secret() + "=1;" + secret(), Map.of(), "");
        send("GET /containers/json?" + secret() + "%zz HTTP/1.1\r\nHost: d\r\n\r\n");
        send("GET /_ping HTTP/1.1\r\nHost: d\r\nX-Registry-Auth " + secret() + "\r\n\r\n");
        send("GET /_ping HTTP/9\r\nHost: d\r\nX-Registry-Auth: " + secret() + "\r\n\r\n");
        send(secret() + "\r\n\r\n");
        send(
                "POST /containers/create HTTP/1.1\r\nHost: d\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + secret() + "\r\n");
        send("POST /build HTTP/1.1\r\nHost: d\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\nX-Registry-Config: "
                + secret() + "\r\n\r\n");
    }

    private void send(String bytes) {
        RawClient.Outcome outcome = raw.send(bytes.getBytes(StandardCharsets.ISO_8859_1), true, Duration.ofSeconds(20));
        out.println("broken " + outcome.status().orElse(0));
    }

    private void buildKit() throws Exception {
        Path context = Files.createTempDirectory("secrets");
        try {
            Path secret = Files.writeString(context.resolve("secret"), secret());
            Files.writeString(
                    context.resolve("Dockerfile"),
                    "FROM busybox\nARG PASSWORD\nRUN --mount=type=secret,id=s grep -q . /run/secrets/s && test -n \"$PASSWORD\"\n");
            Cli.Result build = new NewClients(session)
                    .docker(
                            context,
                            "buildx",
                            "build",
                            "--build-arg",
                            "PASSWORD=" + secret(),
                            "--secret",
                            "id=s,src=" + secret,
                            ".");
            out.println("buildkit " + build.code());
            if (build.code() != 0) {
                out.println(build.output().replaceAll(MARK + "\\d+", "***"));
            }
        } finally {
            for (String file : List.of("secret", "Dockerfile")) {
                Files.deleteIfExists(context.resolve(file));
            }
            Files.delete(context);
        }
    }

    private static String encodedForQuery(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** An archive of one file. */
    private static byte[] tar(String name, String text) throws Exception {
        byte[] header = new byte[512];
        byte[] content = text.getBytes(StandardCharsets.US_ASCII);
        put(header, 0, name);
        put(header, 100, "0000644");
        put(header, 124, String.format("%011o", content.length));
        put(header, 136, "00000000000");
        put(header, 148, "        ");
        header[156] = '0';
        put(header, 257, "ustar");
        put(header, 263, "00");
        int sum = 0;
        for (byte each : header) {
            sum += each;
        }
        put(header, 148, String.format("%06o", sum));
        header[154] = 0;
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        archive.writeBytes(header);
        archive.writeBytes(java.util.Arrays.copyOf(content, (content.length + 511) / 512 * 512 + 1024));
        return archive.toByteArray();
    }

    private static void put(byte[] header, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, header, at, bytes.length);
    }
}
