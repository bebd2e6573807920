package io.dockerworkflow.internal.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dockerworkflow.testsupport.TestCertificates;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PemCertificatesTest {
    private static final String BROKEN = "-----BEGIN %1$s-----\nbm8=\n-----END %1$s-----\n";

    @TempDir
    private Path directory;

    @BeforeEach
    void writeCertificates() throws Exception {
        TestCertificates.authority().write(directory, "EC", true);
    }

    @ParameterizedTest
    @CsvSource({"EC, true", "EC, false", "RSA, true", "RSA, false"})
    void keyWhenItIsOfAnyFormIsRead(String algorithm, boolean pkcs8) throws Exception {
        Path client = TestCertificates.authority().write(directory.resolve("client"), algorithm, pkcs8);

        PemCertificates certificates = PemCertificates.read(client);

        assertThat(certificates.key().getAlgorithm()).isEqualTo(algorithm.equals("EC") ? "EC" : "RSA");
        assertThat(certificates.chain()).hasSize(1);
        assertThat(certificates.authorities()).hasSize(1);
        assertThat(certificates.context().getProtocol()).isEqualTo("TLS");
    }

    @Test
    void keyWhenParametersStandBeforeItIsRead() throws Exception {
        Path client = TestCertificates.authority().write(directory.resolve("client"), "EC", false);
        Path key = client.resolve("key.pem");
        Files.writeString(
                key,
                "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n"
                        + Files.readString(key));

        assertThat(PemCertificates.read(client).key().getAlgorithm()).isEqualTo("EC");
    }

    @Test
    void authoritiesWhenThereAreSeveralAreAllTrusted() throws Exception {
        Path other = TestCertificates.authority().write(directory.resolve("other"), "EC", true);
        Path bundle = directory.resolve("ca.pem");
        Files.writeString(bundle, Files.readString(bundle) + Files.readString(other.resolve("ca.pem")));

        assertThat(PemCertificates.read(directory).authorities()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ca.pem", "cert.pem", "key.pem"})
    void readWhenAFileIsMissingNamesIt(String file) throws Exception {
        Files.delete(directory.resolve(file));

        refusesToRead(
                "there is no readable " + file,
                "Put all of ca.pem, cert.pem, key.pem there, or set DOCKER_CERT_PATH to the directory that holds them.");
    }

    @ParameterizedTest
    @CsvSource({"ca.pem, CERTIFICATE", "cert.pem, CERTIFICATE"})
    void readWhenACertificateIsGarbledNamesIt(String file, String block) throws Exception {
        for (String text : new String[] {"", "nonsense", "-----BEGIN " + block, BROKEN.formatted(block), "\0\u00ff"}) {
            Files.writeString(directory.resolve(file), text);

            refusesToRead(directory.resolve(file) + " holds no certificate", garbledRemedy());
        }
    }

    @Test
    void readWhenTheKeyIsGarbledNamesIt() throws Exception {
        Path key = directory.resolve("key.pem");
        String block = "PRIVATE KEY";
        String[] texts = {
            "",
            "nonsense",
            "-----BEGIN " + block,
            BROKEN.formatted(block),
            BROKEN.formatted("EC " + block),
            BROKEN.formatted("RSA " + block),
            "-----BEGIN PRIVATE KEY-----\n\u00a0!!\n-----END PRIVATE KEY-----\n",
            Files.readString(directory.resolve("cert.pem"))
        };
        for (String text : texts) {
            Files.writeString(key, text);

            refusesToRead(key + " holds no private key without a pass phrase", garbledRemedy());
        }
        Files.write(key, new byte[] {(byte) 0xff, 0, (byte) 0x80, '\n'});
        refusesToRead(key + " holds no private key without a pass phrase", garbledRemedy());
    }

    private static String garbledRemedy() {
        return "Put all of ca.pem, cert.pem, key.pem there in PEM form, or set DOCKER_CERT_PATH to the directory that"
                + " holds them.";
    }

    private void refusesToRead(String reason, String remedy) {
        assertThatThrownBy(() -> PemCertificates.read(directory))
                .isInstanceOfSatisfying(UnusableCertificatesException.class, failure -> {
                    assertThat(failure).hasMessage(reason);
                    assertThat(failure.told())
                            .hasMessage(
                                    "Could not read the certificates (" + directory + "): " + reason + ". " + remedy)
                            .hasCause(failure);
                });
    }
}
