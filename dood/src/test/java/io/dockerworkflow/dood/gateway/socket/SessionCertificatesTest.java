package io.dockerworkflow.dood.gateway.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.Test;

class SessionCertificatesTest {
    private static final String ADDRESS = "172.30.0.2";

    private final SessionCertificates certificates = SessionCertificates.make("01234567", ADDRESS);

    private static InputStream bytes(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static X509Certificate certificate(String pem) throws Exception {
        return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(bytes(pem));
    }

    /** A client with these files, for a gateway at that address. */
    private static SSLEngine client(Map<String, String> files, boolean withKey, String address) throws Exception {
        SslContextBuilder builder = SslContextBuilder.forClient().trustManager(bytes(files.get("ca.pem")));
        if (withKey) {
            builder.keyManager(bytes(files.get("cert.pem")), bytes(files.get("key.pem")));
        }
        SslContext context = builder.build();
        SSLEngine engine = context.newEngine(UnpooledByteBufAllocator.DEFAULT, address, 2376);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        engine.setSSLParameters(parameters);
        return engine;
    }

    private SSLEngine gateway() throws Exception {
        return certificates.gatewayTls().newEngine(UnpooledByteBufAllocator.DEFAULT);
    }

    /** Carries bytes between the two until both have finished the handshake and the client's byte has come. */
    private static byte handshake(SSLEngine client, SSLEngine gateway) throws SSLException {
        ByteBuffer toGateway = ByteBuffer.allocate(100_000);
        ByteBuffer toClient = ByteBuffer.allocate(100_000);
        ByteBuffer received = ByteBuffer.allocate(100_000);
        ByteBuffer sent = ByteBuffer.wrap(new byte[] {42});
        for (int turn = 0; turn < 50 && received.position() == 0; turn++) {
            client.wrap(sent, toGateway);
            turn(gateway, toGateway, received);
            gateway.wrap(ByteBuffer.allocate(0), toClient);
            turn(client, toClient, ByteBuffer.allocate(100_000));
        }
        return received.get(0);
    }

    private static void turn(SSLEngine engine, ByteBuffer in, ByteBuffer out) throws SSLException {
        in.flip();
        engine.unwrap(in, out);
        while (engine.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
            engine.getDelegatedTask().run();
        }
        in.compact();
    }

    @Test
    void handshakeWhenTheClientIsTheSessionsSucceeds() throws Exception {
        assertThat(handshake(client(certificates.clientFiles(), true, ADDRESS), gateway()))
                .isEqualTo((byte) 42);
    }

    @Test
    void handshakeWhenTheClientIsAnotherSessionsFails() throws Exception {
        Map<String, String> theirs =
                SessionCertificates.make("76543210", ADDRESS).clientFiles();
        Map<String, String> mixed = Map.of(
                "ca.pem", certificates.clientFiles().get("ca.pem"),
                "cert.pem", theirs.get("cert.pem"),
                "key.pem", theirs.get("key.pem"));
        SSLEngine gateway = gateway();
        assertThatThrownBy(() -> handshake(client(mixed, true, ADDRESS), gateway))
                .isInstanceOf(SSLException.class);
    }

    @Test
    void handshakeWhenTheClientHasNoCertificateFails() throws Exception {
        SSLEngine gateway = gateway();
        assertThatThrownBy(() -> handshake(client(certificates.clientFiles(), false, ADDRESS), gateway))
                .isInstanceOf(SSLException.class);
    }

    @Test
    void handshakeWhenTheGatewayIsElsewhereFails() throws Exception {
        SSLEngine gateway = gateway();
        assertThatThrownBy(() -> handshake(client(certificates.clientFiles(), true, "172.30.0.3"), gateway))
                .isInstanceOf(SSLException.class);
    }

    @Test
    void certificatesWhenMadeSayWhatTheyAreFor() throws Exception {
        Map<String, String> files = certificates.clientFiles();
        X509Certificate authority = certificate(files.get("ca.pem"));
        X509Certificate client = certificate(files.get("cert.pem"));
        assertThat(authority.getBasicConstraints())
                .as("signs no further authority")
                .isZero();
        assertThat(client.getBasicConstraints()).isEqualTo(-1);
        assertThat(client.getExtendedKeyUsage()).isEqualTo(List.of("1.3.6.1.5.5.7.3.2"));
        client.verify(authority.getPublicKey());
        assertThat(files.get("key.pem")).startsWith("-----BEGIN PRIVATE KEY-----");
    }
}
