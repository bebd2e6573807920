package io.dockerworkflow.internal.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;

/**
 * What a client needs for TLS, from a directory as the docker CLI keeps it. docker-java's own reader registers a security
 * provider for the whole JVM, which is not ours to change. Immutable.
 */
public final class PemCertificates {
    /** The files that the directory holds: the authority, the client's certificate and its key. */
    public static final List<String> FILES = List.of("ca.pem", "cert.pem", "key.pem");

    private static final String ALL = String.join(", ", FILES);
    private static final String ELSEWHERE = " or set DOCKER_CERT_PATH to the directory that holds them";

    private final Path directory;
    private final List<X509Certificate> authorities;
    private final List<X509Certificate> chain;
    private final PrivateKey key;

    private PemCertificates(
            Path directory, List<X509Certificate> authorities, List<X509Certificate> chain, PrivateKey key) {
        this.directory = directory;
        this.authorities = authorities;
        this.chain = chain;
        this.key = key;
    }

    /**
     * Reads the directory's files.
     *
     * @throws UnusableCertificatesException if a file is missing or cannot be understood
     */
    public static PemCertificates read(Path directory) throws UnusableCertificatesException {
        requireAll(directory);
        return new PemCertificates(
                directory,
                certificates(directory, directory.resolve("ca.pem")),
                certificates(directory, directory.resolve("cert.pem")),
                key(directory, directory.resolve("key.pem")));
    }

    /**
     * Looks whether the files are there, without reading them.
     *
     * @throws UnusableCertificatesException if not
     */
    public static void requireAll(Path directory) throws UnusableCertificatesException {
        List<String> missing = FILES.stream()
                .filter(file -> !Files.isReadable(directory.resolve(file)))
                .toList();
        if (!missing.isEmpty()) {
            throw new UnusableCertificatesException(
                    directory,
                    "there is no readable " + String.join(", ", missing),
                    "Put all of " + ALL + " there," + ELSEWHERE,
                    null);
        }
    }

    /** The authorities to trust, and no others. */
    public List<X509Certificate> authorities() {
        return authorities;
    }

    /** The certificate to present, then those that lead from it to an authority. */
    public List<X509Certificate> chain() {
        return chain;
    }

    /** The key of the certificate to present. */
    public PrivateKey key() {
        return key;
    }

    /**
     * Trusts the directory's authority only, and presents its certificate.
     *
     * @throws UnusableCertificatesException if Java refuses them
     */
    public SSLContext context() throws UnusableCertificatesException {
        try {
            KeyStore trusted = emptyStore();
            int number = 0;
            for (X509Certificate authority : authorities) {
                trusted.setCertificateEntry("ca" + number++, authority);
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);

            KeyStore own = emptyStore();
            own.setKeyEntry("client", key, new char[0], chain.toArray(new Certificate[0]));
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(own, new char[0]);

            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw refused(e);
        }
    }

    /** The error for certificates that can be read, but that the TLS library does not take. */
    public UnusableCertificatesException refused(Exception cause) {
        return unusable(directory, "Java cannot use them: " + cause.getMessage(), cause);
    }

    private static UnusableCertificatesException unusable(Path directory, String reason, Throwable cause) {
        return new UnusableCertificatesException(
                directory, reason, "Put all of " + ALL + " there in PEM form," + ELSEWHERE, cause);
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private static List<X509Certificate> certificates(Path directory, Path file) throws UnusableCertificatesException {
        try (InputStream in = Files.newInputStream(file)) {
            List<X509Certificate> certificates =
                    CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
                            .map(X509Certificate.class::cast)
                            .toList();
            if (certificates.isEmpty()) {
                throw new IOException(file + " has no certificate in it");
            }
            return certificates;
        } catch (GeneralSecurityException | IOException e) {
            throw unusable(directory, file + " holds no certificate", e);
        }
    }

    private static PrivateKey key(Path directory, Path file) throws UnusableCertificatesException {
        // Latin 1, because a file that is no text at all is a file without a key.
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1);
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
            throw new IOException(file + " has no block of a private key without a pass phrase");
        } catch (IOException | RuntimeException e) {
            // The parser throws what its decoders throw, checked or not.
            throw unusable(directory, file + " holds no private key without a pass phrase", e);
        }
    }
}
