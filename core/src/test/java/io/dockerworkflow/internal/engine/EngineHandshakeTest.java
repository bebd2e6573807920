package io.dockerworkflow.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dockerworkflow.Endpoint;
import io.dockerworkflow.EngineException;
import io.dockerworkflow.testsupport.AsNobody;
import io.dockerworkflow.testsupport.FakeEngine;
import io.dockerworkflow.testsupport.TestCertificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EngineHandshakeTest {
    @TempDir
    private Path directory;

    @Test
    void openWhenSocketIsAbsentSaysToStartTheDaemon() {
        Path socket = directory.resolve("docker.sock");

        assertThatThrownBy(() -> open(new Endpoint.UnixSocket(socket)))
                .isInstanceOf(EngineException.class)
                .hasMessage(
                        "Could not connect to the engine (unix://" + socket + "): No such file or directory. Start the"
                                + " Docker daemon, or set DOCKER_HOST to where it listens.");
    }

    @Test
    void openWhenNobodyListensOnTheSocketSaysSo() throws IOException {
        Path socket = directory.resolve("docker.sock");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
        }

        assertThatThrownBy(() -> open(new Endpoint.UnixSocket(socket)))
                .isInstanceOf(EngineException.class)
                .hasMessage(
                        "Could not connect to the engine (unix://" + socket + "): Connection refused. Start the Docker"
                                + " daemon again: nothing listens on the socket that it left.");
    }

    @Test
    void openWhenNobodyListensOnThePortSaysSo() throws IOException {
        int port;
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = server.getLocalPort();
        }

        assertThatThrownBy(() -> open(new Endpoint.Tcp("127.0.0.1", port, Optional.empty())))
                .isInstanceOf(EngineException.class)
                .hasMessage(
                        "Could not connect to the engine (tcp://127.0.0.1:" + port + "): Connection refused. Start the"
                                + " Docker daemon there, or check host and port in DOCKER_HOST.");
    }

    @Test
    void openWhenHostIsUnknownSaysSo() {
        assertThatThrownBy(() -> open(new Endpoint.Tcp("no.such.host.invalid", 2375, Optional.empty())))
                .isInstanceOf(EngineException.class)
                .hasMessage(
                        "Could not connect to the engine (tcp://no.such.host.invalid:2375): unknown host. Check the host"
                                + " name in DOCKER_HOST or in the docker context.");
    }

    @Test
    void openWhenSocketMayNotBeWrittenSaysWhoMay() throws Exception {
        Path socket = directory.resolve("docker.sock");
        try (FakeEngine engine = FakeEngine.ofVersions(socket, "20.10.24", "1.12", "1.41")) {
            assertThat(AsNobody.openMessage(engine.endpoint(), directory))
                    .isEqualTo("Could not connect to the engine (unix://" + socket
                            + "): Permission denied. Let this user use"
                            + " the socket: add the user to the socket's group (usually \"docker\") and log in again, or use"
                            + " a rootless engine.");
        }
    }

    @Test
    void openWhenEngineIsTooOldSaysWhatIsNeeded() throws Exception {
        Path socket = directory.resolve("docker.sock");
        try (FakeEngine engine = FakeEngine.ofVersions(socket, "1.8.3", "1.12", "1.20")) {
            assertThatThrownBy(() -> open(engine.endpoint()))
                    .isInstanceOf(EngineException.class)
                    .hasMessage("Could not agree on an API version with the engine (unix://" + socket
                            + "): engine 1.8.3 knows API versions up to 1.20. This library needs 1.40 or newer: use Docker"
                            + " 19.03 or newer.");
        }
    }

    @Test
    void openWhenEngineIsTooNewSaysWhatIsKnown() throws Exception {
        Path socket = directory.resolve("docker.sock");
        try (FakeEngine engine = FakeEngine.ofVersions(socket, "40.0.0", "1.90", "1.99")) {
            assertThatThrownBy(() -> open(engine.endpoint()))
                    .isInstanceOf(EngineException.class)
                    .hasMessage("Could not agree on an API version with the engine (unix://" + socket
                            + "): engine 40.0.0 takes API versions from 1.90 on. This library knows versions up to 1.51:"
                            + " use a newer docker-workflow, or start the daemon with DOCKER_MIN_API_VERSION=1.51.");
        }
    }

    @ParameterizedTest
    @CsvSource({"1.12, 1.41, 1.41", "1.44, 1.52, 1.51", "1.24, 1.40, 1.40", "1.9, 1.51, 1.51", "1.51, 2.0, 1.51"})
    void openWhenVersionsOverlapPinsTheNewestThatBothKnow(String oldest, String newest, String agreed)
            throws Exception {
        try (FakeEngine engine = FakeEngine.ofVersions(directory.resolve("s"), "x", oldest, newest);
                EngineConnection connection = open(engine.endpoint())) {
            assertThat(connection.version().api()).isEqualTo(agreed);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SSH-2.0-OpenSSH_9.2\\r\\n | SSH-2.0-OpenSSH_9.2",
                "HTTP/1.1 200 OK\\r\\n\\r\\n<html>hello</html> | <html>hello</html>",
                "HTTP/1.1 200 OK\\r\\n\\r\\n{\"version\":1} | {\"version\":1}",
                "HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\nrubbish\\r\\n | rubbish",
            })
    void openWhenItIsNotAnEngineQuotesIt(String answer, String said) throws Exception {
        Path socket = directory.resolve("docker.sock");
        try (FakeEngine engine = FakeEngine.saying(socket, answer.translateEscapes())) {
            assertThatThrownBy(() -> open(engine.endpoint()))
                    .isInstanceOf(EngineException.class)
                    .hasMessage("Could not connect to the engine (unix://" + socket + "): what answered is not a Docker"
                            + " engine, it said \"" + said + "\". Set DOCKER_HOST to where a Docker engine listens.");
        }
    }

    @Test
    void openWhenVersionIsRefusedQuotesTheAnswer() throws Exception {
        Path socket = directory.resolve("docker.sock");
        try (FakeEngine engine = FakeEngine.saying(socket, "HTTP/1.0 403 Forbidden\r\n\r\nNot allowed here")) {
            assertThatThrownBy(() -> open(engine.endpoint()))
                    .isInstanceOf(EngineException.class)
                    .hasMessage(
                            "Could not connect to the engine (unix://" + socket + "): it answered 403 Not allowed here."
                                    + " Check that a Docker engine listens there, and that it lets GET /version through.");
        }
    }

    @Test
    void openWhenEngineIsSilentGivesUp() throws Exception {
        Path socket = directory.resolve("docker.sock");
        try (FakeEngine engine = FakeEngine.saying(socket, "")) {
            assertThatThrownBy(() -> EngineHandshake.with(engine.endpoint(), Duration.ofSeconds(1)))
                    .isInstanceOf(EngineException.class)
                    .hasMessage(
                            "Could not connect to the engine (unix://" + socket + "): it did not answer within 1 s. See"
                                    + " in the Docker daemon's log what it waits for, or restart it.");
        }
    }

    @Test
    void openWhenCertificatesAreMissingNamesThem() throws IOException {
        Files.createFile(directory.resolve("ca.pem"));

        assertThatThrownBy(() -> open(new Endpoint.Tcp("localhost", 2376, Optional.of(directory))))
                .isInstanceOf(EngineException.class)
                .hasMessage("Could not read the certificates (" + directory
                        + "): there is no readable cert.pem, key.pem. Put"
                        + " all of ca.pem, cert.pem, key.pem there, or set DOCKER_CERT_PATH to the directory that holds"
                        + " them.");
    }

    @ParameterizedTest
    @CsvSource({
        "ca.pem, holds no certificate",
        "cert.pem, holds no certificate",
        "key.pem, holds no private key without a pass phrase"
    })
    void openWhenACertificateIsGarbledSaysWhich(String file, String reason) throws Exception {
        Path client = TestCertificates.authority().write(directory, "EC", true);
        Files.writeString(client.resolve(file), "nonsense");
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = server.getLocalPort();
            assertThatThrownBy(() -> open(new Endpoint.Tcp("127.0.0.1", port, Optional.of(client))))
                    .isInstanceOf(EngineException.class)
                    .hasMessage("Could not connect to the engine (tcp://127.0.0.1:" + port + "): "
                            + client.resolve(file) + " " + reason + ". Put all of ca.pem, cert.pem, key.pem there in"
                            + " PEM form, or set DOCKER_CERT_PATH to the directory that holds them.");
        }
    }

    @Test
    void openWhenInterruptedKeepsTheFlag() throws Exception {
        try (FakeEngine engine = FakeEngine.saying(directory.resolve("s"), "")) {
            Thread.currentThread().interrupt();

            assertThatThrownBy(() -> open(engine.endpoint())).isInstanceOf(EngineException.class);

            assertThat(Thread.interrupted()).isTrue();
        }
    }

    private static EngineConnection open(Endpoint endpoint) {
        return EngineConnection.open(endpoint);
    }
}
