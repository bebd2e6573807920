package io.dockerworkflow.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dockerworkflow.Endpoint;
import io.dockerworkflow.EngineException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EngineLocatorTest {
    @TempDir
    private Path home;

    @Test
    void locateWhenNothingIsSetGivesTheDefaultSocket() {
        assertThat(locate(Map.of())).isEqualTo(new Endpoint.UnixSocket(Path.of("/var/run/docker.sock")));
    }

    @Test
    void locateWhenDockerHostIsAUnixSocketGivesIt() {
        assertThat(locate(Map.of("DOCKER_HOST", "unix:///x/y.sock")))
                .isEqualTo(new Endpoint.UnixSocket(Path.of("/x/y.sock")));
    }

    @ParameterizedTest
    @CsvSource({
        "tcp://engine, engine, 2375",
        "tcp://engine:1234, engine, 1234",
        "tcp://engine:1234/, engine, 1234",
        "tcp://[::1]:1234, ::1, 1234",
        "tcp://:1234, localhost, 1234",
    })
    void locateWhenDockerHostIsTcpGivesHostAndPort(String dockerHost, String host, int port) {
        assertThat(locate(Map.of("DOCKER_HOST", dockerHost))).isEqualTo(new Endpoint.Tcp(host, port, Optional.empty()));
    }

    @ParameterizedTest
    @CsvSource({"DOCKER_TLS_VERIFY", "DOCKER_TLS"})
    void locateWhenTlsIsWantedNamesTheCertificates(String variable) {
        assertThat(locate(Map.of("DOCKER_HOST", "tcp://engine", variable, "1", "DOCKER_CERT_PATH", "/certs")))
                .isEqualTo(new Endpoint.Tcp("engine", 2376, Optional.of(Path.of("/certs"))));
    }

    @Test
    void locateWhenTlsHasNoCertPathTakesTheConfigurationsDirectory() {
        assertThat(locate(Map.of("DOCKER_HOST", "tcp://engine", "DOCKER_TLS_VERIFY", "1", "HOME", "/home/me")))
                .isEqualTo(new Endpoint.Tcp("engine", 2376, Optional.of(Path.of("/home/me/.docker"))));
    }

    @Test
    void locateWhenOnlyCertPathIsSetUsesNoTls() {
        assertThat(locate(Map.of("DOCKER_HOST", "tcp://engine", "DOCKER_CERT_PATH", "/certs")))
                .isEqualTo(new Endpoint.Tcp("engine", 2375, Optional.empty()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            localhost:2375     | there is no scheme in it. Write unix:///path/to/docker.sock or tcp://HOST:PORT.
            http://engine:2375 | its scheme is unknown. Write unix:///path/to/docker.sock or tcp://HOST:PORT.
            tcp://engine:port  | "engine:port" is not HOST[:PORT]. Write unix:///path/to/docker.sock or tcp://HOST:PORT.
            tcp://engine:70000 | "engine:70000" is not HOST[:PORT]. Write unix:///path/to/docker.sock or tcp://HOST:PORT.
            unix://run/x.sock  | the socket's path is not absolute. Write unix:///path/to/docker.sock or tcp://HOST:PORT.
            ssh://me@engine    | ssh is not supported. Forward the engine's socket (ssh -NL /path/docker.sock:/var/run/docker.sock HOST) and set DOCKER_HOST=unix:///path/docker.sock.
            npipe:////./pipe/d | Windows pipes are not supported. Run this in WSL 2, or expose the engine on TCP with TLS and set DOCKER_HOST=tcp://HOST:2376.
            """)
    void locateWhenDockerHostCannotBeUsedSaysWhy(String dockerHost, String words) {
        assertThatThrownBy(() -> locate(Map.of("DOCKER_HOST", dockerHost)))
                .isInstanceOf(EngineException.class)
                .hasMessage("Could not find the engine (DOCKER_HOST=" + dockerHost + "): " + words);
    }

    @Test
    void locateWhenNothingSaysWhereTheCertificatesAreSaysSo() {
        assertThatThrownBy(() -> locate(Map.of("DOCKER_HOST", "tcp://engine", "DOCKER_TLS_VERIFY", "1")))
                .isInstanceOf(EngineException.class)
                .hasMessage(
                        "Could not find the engine (DOCKER_TLS_VERIFY): neither DOCKER_CERT_PATH nor HOME says where"
                                + " the certificates are. Set DOCKER_CERT_PATH to the directory that holds ca.pem, cert.pem,"
                                + " key.pem.");
    }

    @Test
    void locateWhenContextIsCurrentUsesItsHost() throws IOException {
        context("remote", "tcp://engine:2376");
        Files.writeString(home.resolve(".docker/config.json"), "{\"auths\":{\"r\":{}},\"currentContext\":\"remote\"}");

        assertThat(locate(Map.of("HOME", home.toString())))
                .isEqualTo(new Endpoint.Tcp("engine", 2376, Optional.empty()));
    }

    @Test
    void locateWhenContextHasCertificatesUsesThem() throws IOException {
        context("remote", "tcp://engine:2376");
        Path tls = Files.createDirectories(home.resolve(".docker/contexts/tls/" + sha256("remote") + "/docker"));

        assertThat(locate(Map.of("HOME", home.toString(), "DOCKER_CONTEXT", "remote")))
                .isEqualTo(new Endpoint.Tcp("engine", 2376, Optional.of(tls)));
    }

    @Test
    void locateWhenDockerConfigIsSetLooksForContextsThere() throws IOException {
        context("remote", "unix:///x.sock");

        assertThat(locate(Map.of("DOCKER_CONFIG", home.resolve(".docker").toString(), "DOCKER_CONTEXT", "remote")))
                .isEqualTo(new Endpoint.UnixSocket(Path.of("/x.sock")));
    }

    @Test
    void locateWhenHostAndContextAreSetTakesTheHost() {
        assertThat(locate(Map.of("DOCKER_HOST", "unix:///x.sock", "DOCKER_CONTEXT", "unheard-of")))
                .isEqualTo(new Endpoint.UnixSocket(Path.of("/x.sock")));
    }

    @Test
    void locateWhenContextIsDefaultGivesTheDefaultSocket() throws IOException {
        Files.createDirectories(home.resolve(".docker"));
        Files.writeString(home.resolve(".docker/config.json"), "{\"currentContext\":\"remote\"}");

        assertThat(locate(Map.of("HOME", home.toString(), "DOCKER_CONTEXT", "default")))
                .isEqualTo(new Endpoint.UnixSocket(Path.of("/var/run/docker.sock")));
    }

    @Test
    void locateWhenContextIsUnknownSaysWhereItLooked() {
        assertThatThrownBy(() -> locate(Map.of("HOME", "/nowhere", "DOCKER_CONTEXT", "remote")))
                .isInstanceOf(EngineException.class)
                .hasMessage("Could not find the engine (docker context \"remote\"): there is no such context in"
                        + " /nowhere/.docker/contexts. Choose one that \"docker context ls\" lists, with \"docker context"
                        + " use\" or DOCKER_CONTEXT.");
    }

    @Test
    void locateWhenConfigurationIsNotJsonNamesTheFile() throws IOException {
        Files.createDirectories(home.resolve(".docker"));
        Files.writeString(home.resolve(".docker/config.json"), "[]");

        assertThatThrownBy(() -> locate(Map.of("HOME", home.toString())))
                .isInstanceOf(EngineException.class)
                .hasMessage(
                        "Could not find the engine (" + home + "/.docker/config.json): not a JSON object. Repair the"
                                + " file, or set DOCKER_HOST, which goes before it.");
    }

    @Test
    void locateWhenDefaultSocketIsAbsentTakesTheRootlessEngines() throws IOException {
        Path socket = home.resolve("docker.sock");
        EngineLocator locator =
                new EngineLocator(Map.of("XDG_RUNTIME_DIR", home.toString()), home.resolve("absent.sock"));
        assertThat(locator.locate()).isEqualTo(new Endpoint.UnixSocket(home.resolve("absent.sock")));

        try (ServerSocketChannel listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listening.bind(UnixDomainSocketAddress.of(socket));
            assertThat(locator.locate()).isEqualTo(new Endpoint.UnixSocket(socket));
        }
    }

    private static Endpoint locate(Map<String, String> environment) {
        return new EngineLocator(environment).locate();
    }

    private void context(String name, String host) throws IOException {
        Path directory = Files.createDirectories(home.resolve(".docker/contexts/meta/" + sha256(name)));
        Files.writeString(directory.resolve("meta.json"), """
                {"Name":"%s","Metadata":{"docker":{"Host":"wrong"}},"Endpoints":{"docker":{"Host":"%s","SkipTLSVerify":false}}}
                """.formatted(name, host));
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(
                            java.security.MessageDigest.getInstance("SHA-256").digest(text.getBytes()));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
