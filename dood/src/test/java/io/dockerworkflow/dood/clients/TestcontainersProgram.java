package io.dockerworkflow.dood.clients;

import java.io.PrintStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.startupcheck.OneShotStartupCheckStrategy;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.Transferable;

/** A program that uses Testcontainers and knows nothing of sessions. A process of its own, since Testcontainers is a singleton. */
final class TestcontainersProgram {
    /** Says that it is ready when it listens: httpd goes to the background only then. */
    private static final String SERVER =
            "mkdir /www; printf hello > /www/index.html; httpd -p 8080 -h /www && echo ready && exec sleep 600";

    private static final byte[] REQUEST = "GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private TestcontainersProgram() {}

    public static void main(String[] arguments) throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        // Never closed: what a program forgets is for Ryuk, or the session, to remove.
        Network network = Network.newNetwork();
        GenericContainer<?> server = new GenericContainer<>("busybox:latest")
                .withNetwork(network)
                .withNetworkAliases("server")
                .withCreateContainerCmdModifier(create -> create.withName("server"))
                .withExposedPorts(8080)
                .withCommand("sh", "-c", SERVER)
                .waitingFor(Wait.forLogMessage(".*ready.*", 1).withStartupTimeout(Duration.ofSeconds(60)));
        server.start();
        try (Socket socket = new Socket(server.getHost(), server.getMappedPort(8080))) {
            socket.getOutputStream().write(REQUEST);
            byte[] answer = socket.getInputStream().readAllBytes();
            out.println("published=" + new String(answer, StandardCharsets.UTF_8).endsWith("hello"));
        }
        out.println("exec=" + server.execInContainer("echo", "hi").getStdout().strip());
        server.copyFileToContainer(Transferable.of("payload"), "/tmp/file");
        out.println("copied="
                + server.copyFileFromContainer(
                        "/tmp/file", stream -> new String(stream.readAllBytes(), StandardCharsets.UTF_8)));
        GenericContainer<?> client = new GenericContainer<>("busybox:latest")
                .withNetwork(network)
                .withCommand("wget", "-qO-", "http://server:8080/")
                .withStartupCheckStrategy(new OneShotStartupCheckStrategy().withTimeout(Duration.ofSeconds(60)));
        client.start();
        out.println("reached=" + client.getLogs().strip());
        out.println("name=" + server.getContainerInfo().getName());
        // No shutdown hook of Testcontainers may clean up in Ryuk's place.
        Runtime.getRuntime().halt(0);
    }
}
