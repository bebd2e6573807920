package io.dockerworkflow.dood.gateway.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dockerworkflow.Endpoint;
import io.dockerworkflow.EngineException;
import io.dockerworkflow.dood.gateway.socket.BusyPolling;
import io.dockerworkflow.testsupport.FakeEngine;
import io.dockerworkflow.testsupport.TestCertificates;
import io.dockerworkflow.testsupport.TlsRelay;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the gateway's client does with certificates, before an engine that is not one and wants some. */
class EngineClientTlsTest {
    private final BusyPolling.Loops polling = new BusyPolling.Loops();
    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, polling);
    private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);

    @TempDir
    private Path directory;

    private TestCertificates authority;

    @BeforeEach
    void makeAuthority() throws Exception {
        authority = TestCertificates.authority();
    }

    @AfterEach
    void closeConnections() {
        channels.close().syncUninterruptibly();
        loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).syncUninterruptibly();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ca.pem", "cert.pem", "key.pem"})
    void clientWhenACertificateIsMissingSaysWhich(String file) throws Exception {
        Path client = authority.write(directory, "EC", true);
        Files.delete(client.resolve(file));

        assertThatThrownBy(() -> client(new Endpoint.Tcp("127.0.0.1", 2376, Optional.of(client))))
                .isInstanceOf(EngineException.class)
                .hasMessage("Could not read the certificates (" + client + "): there is no readable " + file
                        + ". Put all of ca.pem, cert.pem, key.pem there, or set DOCKER_CERT_PATH to the directory that"
                        + " holds them.");
    }

    @ParameterizedTest
    @CsvSource({
        "ca.pem, holds no certificate",
        "cert.pem, holds no certificate",
        "key.pem, holds no private key without a pass phrase"
    })
    void clientWhenACertificateIsGarbledSaysWhich(String file, String reason) throws Exception {
        Path client = authority.write(directory, "EC", true);
        Files.writeString(client.resolve(file), "nonsense");

        assertThatThrownBy(() -> client(new Endpoint.Tcp("127.0.0.1", 2376, Optional.of(client))))
                .isInstanceOf(EngineException.class)
                .hasMessage("Could not read the certificates (" + client + "): " + client.resolve(file) + " " + reason
                        + ". Put all of ca.pem, cert.pem, key.pem there in PEM form, or set DOCKER_CERT_PATH to the"
                        + " directory that holds them.");
    }

    @ParameterizedTest
    @CsvSource({"EC, true", "EC, false", "RSA, true", "RSA, false"})
    void callWhenEngineWantsCertificatesPresentsThem(String algorithm, boolean pkcs8) throws Exception {
        Path certificates = authority.write(directory.resolve("client"), algorithm, pkcs8);
        try (FakeEngine engine = FakeEngine.ofVersions(directory.resolve("s"), "20.10.24", "1.12", "1.41");
                TlsRelay relay = TlsRelay.start(server(), engine.endpoint())) {
            assertThat(version(relay.endpoint(Optional.of(certificates)))).isEqualTo(200);
        }
    }

    @Test
    void callWhenServerIsOfAnotherAuthorityFails() throws Exception {
        Path certificates = TestCertificates.authority().write(directory.resolve("client"), "EC", true);
        try (FakeEngine engine = FakeEngine.ofVersions(directory.resolve("s"), "20.10.24", "1.12", "1.41");
                TlsRelay relay = TlsRelay.start(server(), engine.endpoint())) {
            assertThatThrownBy(() -> version(relay.endpoint(Optional.of(certificates))))
                    .isInstanceOf(ExecutionException.class)
                    .hasRootCauseInstanceOf(Exception.class)
                    .hasStackTraceContaining(SSLException.class.getPackageName());
        }
    }

    @Test
    void callWhenCertificateNamesAnotherHostFails() throws Exception {
        Path certificates = authority.write(directory.resolve("client"), "EC", true);
        try (FakeEngine engine = FakeEngine.ofVersions(directory.resolve("s"), "20.10.24", "1.12", "1.41");
                TlsRelay relay = TlsRelay.start(server(), engine.endpoint())) {
            int port = relay.endpoint(Optional.empty()).port();
            assertThatThrownBy(() -> version(new Endpoint.Tcp("localhost", port, Optional.of(certificates))))
                    .isInstanceOf(ExecutionException.class)
                    .hasStackTraceContaining("No name matching localhost found");
        }
    }

    private Path server() throws Exception {
        return authority.write(directory.resolve("server"), "EC", true);
    }

    private EngineClient client(Endpoint endpoint) {
        return new EngineClient(endpoint, channels, polling);
    }

    private int version(Endpoint endpoint) throws Exception {
        return client(endpoint)
                .send(loops.next(), EngineRequest.of(HttpMethod.GET, "/version"))
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS)
                .status();
    }
}
