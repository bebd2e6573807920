package io.dockerworkflow.testsupport;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;

/** A registry on this machine that takes connections and never answers, so that a pull from it lasts. */
public final class SilentRegistry implements AutoCloseable {
    private final ServerSocket server;
    private final AtomicInteger begun = new AtomicInteger();

    private SilentRegistry(ServerSocket server) {
        this.server = server;
    }

    public static SilentRegistry start() {
        try {
            SilentRegistry registry = new SilentRegistry(new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1")));
            thread(registry::accept);
            return registry;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An image that it would have. */
    public String image() {
        return "127.0.0.1:" + server.getLocalPort() + "/silent:1";
    }

    /** Whether somebody has asked for it. */
    public boolean isAsked() {
        return begun.get() > 0;
    }

    private void accept() {
        try {
            while (true) {
                Socket client = server.accept();
                begun.incrementAndGet();
                thread(() -> read(client));
            }
        } catch (IOException e) {
            return; // closed: the test is over
        }
    }

    private void read(Socket client) {
        try (client) {
            client.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            return; // the other side broke it off
        }
    }

    private static void thread(Runnable work) {
        Thread thread = new Thread(work, "silent-registry");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
