package io.dockerworkflow.examples.benchmark.gateway;

import io.dockerworkflow.examples.benchmark.measure.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** A proxy in front of the engine's socket, as a process of its own. Whoever starts it closes it. */
final class ProxyProcess implements AutoCloseable {
    private static final int START_SECONDS = 20;

    private final Peer peer;
    private final Process process;

    private ProxyProcess(Peer peer, Process process) {
        this.peer = peer;
        this.process = process;
    }

    /**
     * Debian's HAProxy as it is set up to guard a Docker socket: HTTP, an allow-list of paths, no timeout that would end a
     * stream. All else is its default.
     */
    static ProxyProcess haproxy(Path engine, Path directory) {
        Path socket = directory.resolve("haproxy.sock");
        Path config = directory.resolve("haproxy.cfg");
        String text = """
                global
                    maxconn 2000
                defaults
                    mode http
                    timeout connect 5s
                    timeout client 1h
                    timeout server 1h
                    timeout tunnel 1h
                frontend docker
                    bind unix@%s mode 600
                    acl allowed path,url_dec -m reg -i ^(/v[\\d\\.]+)?/(_ping|auth|build|commit|containers|events|exec|grpc|images|info|networks|session|system|version|volumes)(/|$)
                    http-request deny unless allowed
                    default_backend engine
                backend engine
                    server docker unix@%s
                """.formatted(socket, engine);
        try {
            Files.writeString(config, text);
        } catch (IOException e) {
            throw new IllegalStateException("Cannot write " + config, e);
        }
        return start(new Peer("HAProxy", socket), List.of("haproxy", "-db", "-q", "-f", config.toString()));
    }

    /** Debian's socat: bytes, and a process for each connection. */
    static ProxyProcess socat(Path engine, Path directory) {
        Path socket = directory.resolve("socat.sock");
        // The backlog is 5 by default, which 200 clients at once overrun.
        return start(
                new Peer("socat", socket),
                List.of(
                        "socat",
                        "-lf",
                        directory.resolve("socat.log").toString(),
                        "UNIX-LISTEN:" + socket + ",fork,mode=600,backlog=1024",
                        "UNIX-CONNECT:" + engine));
    }

    private static ProxyProcess start(Peer peer, List<String> words) {
        Path directory = Objects.requireNonNull(peer.socket().getParent());
        try (WatchService watch = directory.getFileSystem().newWatchService()) {
            directory.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
            Process process = new Command(words, "").start(ProcessBuilder.Redirect.DISCARD);
            ProxyProcess started = new ProxyProcess(peer, process);
            try {
                started.awaitSocket(watch);
                return started;
            } catch (RuntimeException e) {
                started.close();
                throw e;
            }
        } catch (IOException e) {
            throw new IllegalStateException("Cannot watch " + directory, e);
        }
    }

    private void awaitSocket(WatchService watch) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        try {
            while (!Files.exists(peer.socket())) {
                WatchKey key = watch.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (key == null) {
                    throw new IllegalStateException(
                            peer.name() + " does not listen after " + START_SECONDS + " seconds");
                }
                key.pollEvents();
                key.reset();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for " + peer.name(), e);
        }
    }

    Peer peer() {
        return peer;
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        process.onExit().orTimeout(START_SECONDS, TimeUnit.SECONDS).join();
    }
}
