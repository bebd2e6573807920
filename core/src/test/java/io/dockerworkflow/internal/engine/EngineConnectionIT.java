package io.dockerworkflow.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dockerworkflow.Endpoint;
import io.dockerworkflow.EngineException;
import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.testsupport.TestCertificates;
import io.dockerworkflow.testsupport.TlsRelay;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EngineConnectionIT {
    private static final Endpoint ENGINE = new EngineLocator(System.getenv()).locate();

    @TempDir
    private Path directory;

    @Test
    void openWhenEngineAnswersKnowsItAndPinsAVersion() {
        try (EngineConnection engine = EngineConnection.open(SessionOptions.defaults())) {
            assertThat(engine.endpoint()).isEqualTo(ENGINE);
            assertThat(engine.version().os()).isEqualTo("linux");
            assertThat(engine.version().engine())
                    .isEqualTo(engine.docker().versionCmd().exec().getVersion());
            assertThat(ApiVersion.parse(engine.version().api()).orElseThrow())
                    .isLessThanOrEqualTo(
                            ApiVersion.parse(engine.version().maxApi()).orElseThrow())
                    .isLessThanOrEqualTo(
                            ApiVersion.parse(EngineVersion.NEWEST_API).orElseThrow());
            engine.docker().pingCmd().exec();
        }
    }

    @Test
    void openWhenTheProcessSaysOtherwiseDoesNotListen() {
        String before = System.setProperty("DOCKER_HOST", "tcp://no.such.host.invalid:1");
        try (EngineConnection engine = EngineConnection.open(ENGINE)) {
            engine.docker().pingCmd().exec();
        } finally {
            if (before == null) {
                System.clearProperty("DOCKER_HOST");
            } else {
                System.setProperty("DOCKER_HOST", before);
            }
        }
    }

    @Test
    void openWhenConfigurationHasCredentialsUsesThem() throws Exception {
        String auth = Base64.getEncoder().encodeToString("me:secret".getBytes(StandardCharsets.UTF_8));
        Files.writeString(
                directory.resolve("config.json"), "{\"auths\":{\"registry.invalid\":{\"auth\":\"" + auth + "\"}}}");
        try (EngineConnection engine = EngineConnection.open(ENGINE, Map.of("DOCKER_CONFIG", directory.toString()))) {
            assertThat(engine.docker().pullImageCmd("registry.invalid/image").getAuthConfig())
                    .satisfies(used -> assertThat(used.getUsername()).isEqualTo("me"));
            assertThat(engine.docker().pullImageCmd("other.invalid/image").getAuthConfig())
                    .isNull();
        }
    }

    @Test
    void closeWhenCalledTwiceDoesNothingMore() {
        EngineConnection engine = EngineConnection.open(ENGINE);
        try (EngineConnection other = EngineConnection.open(ENGINE)) {
            engine.close();
            assertThatThrownBy(() -> engine.docker().pingCmd().exec())
                    .isInstanceOf(EngineException.class)
                    .hasMessageEndingWith("it is closed. Open another connection.");

            assertThatCode(engine::close).doesNotThrowAnyException();

            assertThatCode(() -> other.docker().pingCmd().exec())
                    .as("another connection")
                    .doesNotThrowAnyException();
        }
    }

    @ParameterizedTest
    @CsvSource({"EC, true", "EC, false", "RSA, true", "RSA, false"})
    void openWhenEngineWantsCertificatesPresentsThem(String algorithm, boolean pkcs8) throws Exception {
        TestCertificates authority = TestCertificates.authority();
        Path server = authority.write(directory.resolve("server"), "EC", true);
        Path client = authority.write(directory.resolve("client"), algorithm, pkcs8);
        try (TlsRelay relay = TlsRelay.start(server, ENGINE);
                EngineConnection engine = EngineConnection.open(relay.endpoint(Optional.of(client)))) {
            engine.docker().pingCmd().exec();
        }
    }

    @Test
    void openWhenServerIsOfAnotherAuthorityRefuses() throws Exception {
        Path server = TestCertificates.authority().write(directory.resolve("server"), "EC", true);
        Path client = TestCertificates.authority().write(directory.resolve("client"), "EC", true);
        try (TlsRelay relay = TlsRelay.start(server, ENGINE)) {
            Endpoint.Tcp endpoint = relay.endpoint(Optional.of(client));
            assertThatThrownBy(() -> EngineConnection.open(endpoint))
                    .isInstanceOf(EngineException.class)
                    .hasMessageStartingWith("Could not connect to the engine (" + endpoint.dockerHost() + "): ")
                    .hasMessageEndingWith("Check that the engine serves TLS there, that ca.pem is of the authority that"
                            + " signed its certificate, and that the certificate names this host.");
        }
    }

    @Test
    void openWhenCertificateNamesAnotherHostRefuses() throws Exception {
        TestCertificates authority = TestCertificates.authority();
        Path server = authority.write(directory.resolve("server"), "EC", true);
        Path client = authority.write(directory.resolve("client"), "EC", true);
        try (TlsRelay relay = TlsRelay.start(server, ENGINE)) {
            Endpoint.Tcp byName = new Endpoint.Tcp(
                    "localhost", relay.endpoint(Optional.empty()).port(), Optional.of(client));
            assertThatThrownBy(() -> EngineConnection.open(byName))
                    .isInstanceOf(EngineException.class)
                    .hasMessage(
                            "Could not connect to the engine (" + byName.dockerHost() + "): No name matching localhost"
                                    + " found. Check that the engine serves TLS there, that ca.pem is of the authority that"
                                    + " signed its certificate, and that the certificate names this host.");
        }
    }

    @Test
    void openWhenKeyIsNoneSaysSo() throws Exception {
        Path client = TestCertificates.authority().write(directory, "EC", true);
        Files.writeString(client.resolve("key.pem"), "nonsense");
        try (TlsRelay relay =
                TlsRelay.start(TestCertificates.authority().write(directory.resolve("server"), "EC", true), ENGINE)) {
            Endpoint.Tcp endpoint = relay.endpoint(Optional.of(client));
            assertThatThrownBy(() -> EngineConnection.open(endpoint))
                    .isInstanceOf(EngineException.class)
                    .hasMessageStartingWith("Could not connect to the engine (" + endpoint.dockerHost() + "): " + client
                            + "/key.pem holds no private key without a pass phrase.");
        }
    }

    @Test
    void openWhenEngineWantsTlsAndGetsNoneSaysHow() throws Exception {
        Path server = TestCertificates.authority().write(directory.resolve("server"), "EC", true);
        try (TlsRelay relay = TlsRelay.start(server, ENGINE)) {
            Endpoint.Tcp plain = relay.endpoint(Optional.empty());
            assertThatThrownBy(() -> EngineConnection.open(plain))
                    .isInstanceOf(EngineException.class)
                    .hasMessageStartingWith("Could not connect to the engine (" + plain.dockerHost() + "): ")
                    .hasMessageEndingWith("Set DOCKER_HOST to where a Docker engine listens; if this one wants TLS, set"
                            + " DOCKER_TLS_VERIFY=1 and DOCKER_CERT_PATH.");
        }
    }
}
