package io.dockerworkflow.testsupport;

import java.io.IOException;
import java.io.Writer;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaMiscPEMGenerator;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemObjectGenerator;

/** An authority and what it signs, in files as the docker CLI keeps them. */
public final class TestCertificates {
    private final KeyPair authority;
    private final X509Certificate authorityCertificate;
    private long serial;

    private TestCertificates(KeyPair authority, X509Certificate certificate) {
        this.authority = authority;
        this.authorityCertificate = certificate;
    }

    public static TestCertificates authority() throws Exception {
        KeyPair keys = keys("EC");
        X500Principal name = new X500Principal("CN=test authority");
        JcaX509v3CertificateBuilder builder = builder(name, name, keys, 1);
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
        return new TestCertificates(keys, signed(builder, keys.getPrivate()));
    }

    /**
     * Writes ca.pem, cert.pem and key.pem.
     *
     * @param algorithm the key's: RSA or EC
     * @param pkcs8 the key's form: "BEGIN PRIVATE KEY", or else the algorithm's own, as older tools write it
     */
    public Path write(Path directory, String algorithm, boolean pkcs8) throws Exception {
        KeyPair keys = keys(algorithm);
        JcaX509v3CertificateBuilder builder = builder(
                authorityCertificate.getSubjectX500Principal(), new X500Principal("CN=test"), keys, ++serial + 1);
        builder.addExtension(
                Extension.subjectAlternativeName,
                false,
                new GeneralNames(new GeneralName(GeneralName.iPAddress, "127.0.0.1")));
        Files.createDirectories(directory);
        pem(directory.resolve("ca.pem"), new JcaMiscPEMGenerator(authorityCertificate));
        pem(directory.resolve("cert.pem"), new JcaMiscPEMGenerator(signed(builder, authority.getPrivate())));
        pem(directory.resolve("key.pem"), pkcs8 ? new JcaPKCS8Generator(keys.getPrivate(), null) : older(keys));
        return directory;
    }

    private static PemObjectGenerator older(KeyPair keys) throws IOException {
        if (keys.getPrivate() instanceof ECPrivateKey key) {
            // The JDK's encoding leaves the curve out, which openssl writes.
            SubjectPublicKeyInfo info =
                    SubjectPublicKeyInfo.getInstance(keys.getPublic().getEncoded());
            return new PemObject(
                    "EC PRIVATE KEY",
                    new org.bouncycastle.asn1.sec.ECPrivateKey(
                                    256, key.getS(), info.getAlgorithm().getParameters())
                            .getEncoded());
        }
        return new JcaMiscPEMGenerator(keys.getPrivate());
    }

    private static KeyPair keys(String algorithm) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        generator.initialize(algorithm.equals("EC") ? 256 : 2048);
        return generator.generateKeyPair();
    }

    private static JcaX509v3CertificateBuilder builder(
            X500Principal issuer, X500Principal subject, KeyPair keys, long serial) {
        Instant now = Instant.now();
        return new JcaX509v3CertificateBuilder(
                issuer,
                BigInteger.valueOf(serial),
                Date.from(now.minus(1, ChronoUnit.HOURS)),
                Date.from(now.plus(1, ChronoUnit.DAYS)),
                subject,
                keys.getPublic());
    }

    private static X509Certificate signed(JcaX509v3CertificateBuilder builder, PrivateKey key) throws Exception {
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key)));
    }

    private static void pem(Path file, PemObjectGenerator content) throws IOException {
        try (Writer writer = Files.newBufferedWriter(file);
                JcaPEMWriter pem = new JcaPEMWriter(writer)) {
            pem.writeObject(content);
        }
    }
}
