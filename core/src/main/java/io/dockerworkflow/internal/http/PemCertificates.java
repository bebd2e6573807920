package io.dockerworkflow.internal.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;

/**
 * TLS from a directory as the docker CLI keeps it. docker-java's own reader registers a security provider for the whole JVM,
 * which is not ours to change.
 */
public final class PemCertificates {
    /** The files that the directory holds: the authority, the client's certificate and its key. */
    public static final List<String> FILES = List.of("ca.pem", "cert.pem", "key.pem");

    private PemCertificates() {}

    /**
     * Trusts the directory's authority only, and presents its certificate.
     *
     * @throws IOException if a file cannot be read or understood
     */
    public static SSLContext context(Path directory) throws IOException {
        try {
            KeyStore trusted = emptyStore();
            int number = 0;
            for (Certificate authority : certificates(directory.resolve("ca.pem"))) {
                trusted.setCertificateEntry("ca" + number++, authority);
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);

            KeyStore own = emptyStore();
            own.setKeyEntry(
                    "client",
                    key(directory.resolve("key.pem")),
                    new char[0],
                    certificates(directory.resolve("cert.pem")).toArray(new Certificate[0]));
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(own, new char[0]);

            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new SSLException("The certificates in " + directory + " cannot be used: " + e.getMessage(), e);
        }
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private static Collection<? extends Certificate> certificates(Path file)
            throws GeneralSecurityException, IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return CertificateFactory.getInstance("X.509").generateCertificates(in);
        }
    }

    private static PrivateKey key(Path file) throws IOException {
        try (Reader reader = Files.newBufferedReader(file);
                PEMParser parser = new PEMParser(reader)) {
            JcaPEMKeyConverter converter = new JcaPEMKeyConverter();
            // An elliptic curve's key may come behind a block with the curve's parameters.
            for (Object block = parser.readObject(); block != null; block = parser.readObject()) {
                if (block instanceof PEMKeyPair pair) {
                    return converter.getPrivateKey(pair.getPrivateKeyInfo());
                }
                if (block instanceof PrivateKeyInfo info) {
                    return converter.getPrivateKey(info);
                }
            }
            throw new SSLException(file + " holds no private key without a pass phrase");
        }
    }
}
