package io.dockerworkflow.dind;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchService;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reports when the daemon behind a Unix socket answers. A daemon first listens, and answers when it is ready. So one
 * request, sent as soon as the socket exists, is answered at the right moment.
 */
final class DaemonSocket implements AutoCloseable {
    private static final byte[] PING =
            "GET /_ping HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Path socket;
    private final WatchService watch;
    private final CompletableFuture<Void> answered = new CompletableFuture<>();
    private final Thread thread;

    private DaemonSocket(Path socket, WatchService watch, String threadName) {
        this.socket = socket;
        this.watch = watch;
        this.thread = new Thread(this::waitForAnswer, threadName);
        thread.setDaemon(true);
    }

    /** Begins to watch. Call it before the daemon starts. */
    static DaemonSocket watch(Path socket, String threadName) {
        WatchService watch = null;
        try {
            watch = socket.getFileSystem().newWatchService();
            Objects.requireNonNull(socket.getParent()).register(watch, StandardWatchEventKinds.ENTRY_CREATE);
        } catch (IOException e) {
            closeQuietly(watch, e);
            throw new UncheckedIOException(e);
        }
        DaemonSocket daemon = new DaemonSocket(socket, watch, threadName);
        daemon.thread.start();
        return daemon;
    }

    /** Completes when the daemon has answered. */
    CompletableFuture<Void> answered() {
        return answered;
    }

    @Override
    public void close() {
        // The interrupt also closes the channel if the thread is reading from it.
        thread.interrupt();
    }

    private void waitForAnswer() {
        try (watch) {
            while (!ping()) {
                // The socket exists before it listens, and no event reports when it listens: hence the time limit.
                var key = watch.poll(Files.exists(socket) ? 10 : 1000, TimeUnit.MILLISECONDS);
                if (key != null) {
                    key.pollEvents();
                    key.reset();
                }
            }
            answered.complete(null);
        } catch (IOException | RuntimeException e) {
            answered.completeExceptionally(e);
        } catch (InterruptedException e) {
            // close() was called, so nobody waits any more.
            answered.cancel(false);
        }
    }

    private boolean ping() throws InterruptedException {
        if (!Files.exists(socket)) {
            return false;
        }
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            channel.write(ByteBuffer.wrap(PING));
            ByteBuffer answer = ByteBuffer.allocate(64);
            while (answer.hasRemaining() && channel.read(answer) >= 0) {
                // Continue reading: the status line may come in pieces.
            }
            String status = new String(answer.array(), 0, answer.position(), StandardCharsets.US_ASCII);
            return status.startsWith("HTTP/1.1 200 ");
        } catch (IOException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedException();
            }
            return false;
        }
    }

    private static void closeQuietly(@Nullable WatchService watch, IOException onto) {
        if (watch != null) {
            try {
                watch.close();
            } catch (IOException e) {
                onto.addSuppressed(e);
            }
        }
    }
}
