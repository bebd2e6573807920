package io.dockerworkflow.dood.gateway.socket;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.Map;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * An authority of one session's own, and what it has signed: the gateway's certificate, and that of the session's clients. The
 * authority's key is thrown away, so there will never be another. Immutable; nothing is written to a disk.
 */
public final class SessionCertificates {
    /** Longer than any session; the keys end with it anyway. */
    private static final int DAYS = 365;

    private final X509Certificate authority;
    private final KeyPair gatewayKeys;
    private final X509Certificate gateway;
    private final KeyPair clientKeys;
    private final X509Certificate client;

    private SessionCertificates(
            X509Certificate authority,
            KeyPair gatewayKeys,
            X509Certificate gateway,
            KeyPair clientKeys,
            X509Certificate client) {
        this.authority = authority;
        this.gatewayKeys = gatewayKeys;
        this.gateway = gateway;
        this.clientKeys = clientKeys;
        this.client = client;
    }

    /**
     * Makes them.
     *
     * @param session in whose name; what tells authorities apart
     * @param address the IP address at which clients reach the gateway
     */
    public static SessionCertificates make(String session, String address) {
        try {
            KeyPair authorityKeys = keys();
            Issuer issuer = new Issuer(new X500Principal("CN=docker-workflow session " + session), authorityKeys);
            KeyPair gatewayKeys = keys();
            KeyPair clientKeys = keys();
            return new SessionCertificates(
                    issuer.authority(),
                    gatewayKeys,
                    issuer.signed(2, "gateway", gatewayKeys, KeyPurposeId.id_kp_serverAuth, address),
                    clientKeys,
                    issuer.signed(3, "client", clientKeys, KeyPurposeId.id_kp_clientAuth, ""));
        } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
            throw new IllegalStateException("This Java cannot make certificates of elliptic curves", e);
        }
    }

    private static KeyPair keys() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    /** Signs. */
    private record Issuer(X500Principal name, KeyPair keys) {
        X509Certificate authority() throws GeneralSecurityException, OperatorCreationException, CertIOException {
            JcaX509v3CertificateBuilder builder = builder(1, name, keys);
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign));
            return sign(builder);
        }

        X509Certificate signed(int serial, String subject, KeyPair holder, KeyPurposeId purpose, String address)
                throws GeneralSecurityException, OperatorCreationException, CertIOException {
            JcaX509v3CertificateBuilder builder = builder(serial, new X500Principal("CN=" + subject), holder);
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            builder.addExtension(Extension.extendedKeyUsage, true, new ExtendedKeyUsage(purpose));
            if (!address.isEmpty()) {
                builder.addExtension(
                        Extension.subjectAlternativeName,
                        false,
                        new GeneralNames(new GeneralName(GeneralName.iPAddress, address)));
            }
            return sign(builder);
        }

        private JcaX509v3CertificateBuilder builder(int serial, X500Principal subject, KeyPair holder) {
            Instant now = Instant.now();
            return new JcaX509v3CertificateBuilder(
                    name,
                    BigInteger.valueOf(serial),
                    Date.from(now.minus(1, ChronoUnit.HOURS)),
                    Date.from(now.plus(DAYS, ChronoUnit.DAYS)),
                    subject,
                    holder.getPublic());
        }

        private X509Certificate sign(JcaX509v3CertificateBuilder builder)
                throws GeneralSecurityException, OperatorCreationException {
            return new JcaX509CertificateConverter()
                    .getCertificate(
                            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
        }
    }

    /** The gateway's side: takes only clients with the session's certificate. */
    public SslContext gatewayTls() throws IOException {
        return SslContextBuilder.forServer(gatewayKeys.getPrivate(), gateway)
                .trustManager(authority)
                .clientAuth(ClientAuth.REQUIRE)
                .protocols("TLSv1.3", "TLSv1.2")
                .build();
    }

    /** What a client needs, as the docker CLI keeps it in a directory: file names and texts. The key is a secret. */
    public Map<String, String> clientFiles() {
        return Map.of("ca.pem", pem(authority), "cert.pem", pem(client), "key.pem", pem(pkcs8()));
    }

    private Object pkcs8() {
        try {
            return new JcaPKCS8Generator(clientKeys.getPrivate(), null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String pem(Object content) {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter pem = new JcaPEMWriter(text)) {
            pem.writeObject(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }
}
