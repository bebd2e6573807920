package io.dockerworkflow.internal.engine;

import java.security.KeyManagementException;
import java.security.Provider;
import java.security.SecureRandom;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * What docker-java is given for a Unix socket, where nobody speaks TLS. Without any it takes the JDK's default, whose providers
 * and authorities a cold JVM has to load first (docker-java 3.7.1 with httpclient5).
 */
final class UnusedTls extends SSLContext {
    UnusedTls() {
        super(new Refusing(), new None(), "none");
    }

    private static final class None extends Provider {
        private static final long serialVersionUID = 1;

        None() {
            super("none", "1", "speaks no TLS");
        }
    }

    private static final class Refusing extends SSLContextSpi {
        private static UnsupportedOperationException refusal() {
            return new UnsupportedOperationException("a Unix socket's client was asked for TLS");
        }

        @Override
        protected void engineInit(
                KeyManager @Nullable [] keys, TrustManager @Nullable [] trusted, @Nullable SecureRandom random)
                throws KeyManagementException {
            throw refusal();
        }

        @Override
        protected SSLSocketFactory engineGetSocketFactory() {
            throw refusal();
        }

        @Override
        protected SSLServerSocketFactory engineGetServerSocketFactory() {
            throw refusal();
        }

        @Override
        protected SSLEngine engineCreateSSLEngine() {
            throw refusal();
        }

        @Override
        protected SSLEngine engineCreateSSLEngine(String host, int port) {
            throw refusal();
        }

        @Override
        protected SSLSessionContext engineGetServerSessionContext() {
            throw refusal();
        }

        @Override
        protected SSLSessionContext engineGetClientSessionContext() {
            throw refusal();
        }
    }
}
