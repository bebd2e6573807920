package io.dockerworkflow.dood.testsupport;

import io.dockerworkflow.Endpoint;
import io.dockerworkflow.dood.gateway.protocol.Query;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An engine in this JVM that answers from a script and keeps what it was asked. A request takes the first line of the script that
 * fits and was not taken yet, since the gateway asks some things at the same time. {@link #close} fails the test if something was
 * asked that the script does not have, or the script has something that was not asked.
 */
public final class ScriptedEngine implements AutoCloseable {
    private final ServerSocketChannel server;
    private final Endpoint endpoint;
    private final List<Expected> script = new ArrayList<>();
    private final List<Asked> asked = new ArrayList<>();
    private final List<String> wrong = new ArrayList<>();
    private final List<SocketChannel> connections = new ArrayList<>();
    private boolean closed;

    /**
     * A request that came.
     *
     * @param method its method
     * @param target its target, encoded
     * @param headers its headers, with names in any case
     * @param body its body, without the chunks that it may have come in, a char for a byte
     * @param connection the number of the connection that it came over, from one
     */
    public record Asked(String method, String target, Map<String, String> headers, String body, int connection) {
        /** Method and target without the query. */
        String line() {
            return method + " " + path();
        }

        String path() {
            int mark = target.indexOf('?');
            return mark < 0 ? target : target.substring(0, mark);
        }

        public Query query() {
            int mark = target.indexOf('?');
            return Query.parse(mark < 0 ? "" : target.substring(mark + 1));
        }

        public String header(String name) {
            return headers.getOrDefault(name, "");
        }
    }

    /** What the engine does when it has read a request's head. */
    @FunctionalInterface
    public interface Action {
        void play(Conversation with) throws IOException;
    }

    private ScriptedEngine(ServerSocketChannel server, Endpoint endpoint) {
        this.server = server;
        this.endpoint = endpoint;
        run("scripted-engine", this::accept);
    }

    /** Listens on a Unix socket in that directory. */
    public static ScriptedEngine in(Path directory) throws IOException {
        Path socket = directory.resolve("engine.sock");
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        return new ScriptedEngine(server, new Endpoint.UnixSocket(socket));
    }

    /** Listens on a free port of the loopback address. */
    public static ScriptedEngine onLoopback() throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open();
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        InetSocketAddress address = (InetSocketAddress) server.getLocalAddress();
        return new ScriptedEngine(
                server, new Endpoint.Tcp(address.getAddress().getHostAddress(), address.getPort(), Optional.empty()));
    }

    public Endpoint endpoint() {
        return endpoint;
    }

    /**
     * Adds to the script.
     *
     * @param target the target as it is sent; without a question mark, any query will do
     */
    public Expected on(String method, String target) {
        Expected expected = new Expected(method, target);
        synchronized (this) {
            script.add(expected);
        }
        return expected;
    }

    /** All that was asked so far, in order. */
    public synchronized List<Asked> asked() {
        return List.copyOf(asked);
    }

    /** Accepts no more connections; those that there are go on. */
    public void stopListening() throws IOException {
        server.close();
    }

    /** Waits for something that other threads do. */
    public static <T> T await(CompletableFuture<T> future) {
        try {
            return future.get(10, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        } catch (TimeoutException | InterruptedException e) {
            throw new AssertionError("it did not happen in time", e);
        }
    }

    @Override
    public void close() throws IOException {
        List<SocketChannel> open;
        synchronized (this) {
            closed = true;
            open = List.copyOf(connections);
            script.stream()
                    .filter(expected -> !expected.taken)
                    .forEach(expected -> wrong.add("was not asked: " + expected));
        }
        server.close();
        for (SocketChannel connection : open) {
            connection.close();
        }
        if (!wrong.isEmpty()) {
            throw new AssertionError(wrong.stream().collect(Collectors.joining("\n", "Not by the script:\n", "")));
        }
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel channel = server.accept();
                int number;
                synchronized (this) {
                    connections.add(channel);
                    number = connections.size();
                }
                run("scripted-engine-" + number, () -> serve(channel, number));
            }
        } catch (IOException e) {
            // It listens no more.
            return;
        }
    }

    private void serve(SocketChannel channel, int number) {
        try (Wire wire = new Wire(channel)) {
            for (Optional<Wire.Head> head = wire.head(); head.isPresent(); head = next(wire)) {
                answer(wire, head.get(), number);
            }
        } catch (IOException e) {
            // The other side has gone, or this one was closed; what matters of it, the actions tell.
            return;
        }
    }

    private static Optional<Wire.Head> next(Wire wire) throws IOException {
        return wire.isOpen() ? wire.head() : Optional.empty();
    }

    private void answer(Wire wire, Wire.Head head, int number) throws IOException {
        String[] line = head.line().split(" ");
        Conversation conversation = new Conversation(wire, head);
        Optional<Expected> taken = take(line[0], line[1]);
        if (taken.isEmpty()) {
            fail("was asked: " + head.line());
            wire.send("HTTP/1.1 500 Unexpected\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
            wire.close();
            return;
        }
        Expected expected = taken.get();
        int at;
        synchronized (this) {
            at = asked.size();
            asked.add(new Asked(line[0], line[1], head.headers(), "", number));
        }
        expected.begun.complete(asked().get(at));
        try {
            if (expected.readsBody) {
                conversation.body();
                keep(at, conversation);
            }
            expected.action.play(conversation);
            if (wire.isOpen()) {
                conversation.body();
            }
        } catch (IOException | RuntimeException | AssertionError e) {
            if (!isClosed()) {
                fail(expected + " failed: " + e);
            }
            wire.close();
        }
        Asked whole = keep(at, conversation);
        if (!expected.body.test(whole.body())) {
            fail(expected + " had the body " + whole.body());
        }
        expected.done.complete(whole);
    }

    private synchronized Asked keep(int at, Conversation conversation) {
        Asked begun = asked.get(at);
        String body = new String(conversation.body, StandardCharsets.ISO_8859_1);
        Asked whole = new Asked(begun.method, begun.target, begun.headers, body, begun.connection);
        asked.set(at, whole);
        return whole;
    }

    private synchronized Optional<Expected> take(String method, String target) {
        Optional<Expected> fits = script.stream()
                .filter(expected -> !expected.taken && expected.fits(method, target))
                .findFirst();
        fits.ifPresent(expected -> expected.taken = true);
        return fits;
    }

    private synchronized void fail(String what) {
        wrong.add(what);
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private static void run(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** One line of the script. An answer of 200 without a body, unless it says something else. */
    public static final class Expected {
        private final String method;
        private final String target;
        private final CompletableFuture<Asked> begun = new CompletableFuture<>();
        private final CompletableFuture<Asked> done = new CompletableFuture<>();
        private Predicate<String> body = any -> true;
        private boolean readsBody = true;
        private boolean taken;
        private volatile Action action = with -> with.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");

        private Expected(String method, String target) {
            this.method = method;
            this.target = target;
        }

        private boolean fits(String otherMethod, String otherTarget) {
            int mark = otherTarget.indexOf('?');
            boolean whole = mark < 0 || target.contains("?");
            return method.equals(otherMethod) && target.equals(whole ? otherTarget : otherTarget.substring(0, mark));
        }

        /** Fails the test if the body is another. */
        public Expected withBody(Predicate<String> matcher) {
            body = matcher;
            return this;
        }

        /** Completes when the request's head is there. */
        public CompletableFuture<Asked> begun() {
            return begun;
        }

        /** Completes when the request is answered. */
        public CompletableFuture<Asked> done() {
            return done;
        }

        /** Answers with a document. */
        public Expected json(int status, String text) {
            byte[] document = text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
            return plays(with -> {
                with.send("HTTP/1.1 " + status + " Status\r\nContent-Type: application/json\r\nApi-Version: 1.41\r\n"
                        + "Content-Length: " + document.length + "\r\n\r\n");
                with.wire.send(document);
            });
        }

        /** Answers in these chunks. */
        public Expected chunked(String... pieces) {
            return raw("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + Stream.concat(Arrays.stream(pieces), Stream.of(""))
                            .map(piece -> Integer.toHexString(piece.length()) + "\r\n" + piece + "\r\n")
                            .collect(Collectors.joining()));
        }

        /** Answers with these bytes. */
        public Expected raw(String bytes) {
            return plays(with -> with.send(bytes));
        }

        /** Answers with these bytes and closes the connection, as an engine that ends. */
        public Expected rawThenClose(String bytes) {
            return plays(with -> {
                with.send(bytes);
                with.wire.close();
            });
        }

        /** Never answers; done when the other side has closed the connection. */
        public Expected hangs() {
            return plays(Conversation::awaitEnd);
        }

        /** Does anything, when the whole request is there. */
        public Expected plays(Action any) {
            action = any;
            return this;
        }

        /** Does anything, when the request's head is there; the body is read by it, or after it. */
        public Expected playsEarly(Action any) {
            readsBody = false;
            return plays(any);
        }

        @Override
        public String toString() {
            return method + " " + target;
        }
    }

    /** The engine's side of a connection, while a request is answered. */
    public static final class Conversation {
        private final Wire wire;
        private final Wire.Head head;
        private byte[] body = {};
        private boolean bodyRead;

        private Conversation(Wire wire, Wire.Head head) {
            this.wire = wire;
            this.head = head;
        }

        /** The socket, for what is no HTTP. */
        public Wire wire() {
            return wire;
        }

        public void send(String text) throws IOException {
            wire.send(text);
        }

        /** Reads the request's body, once. */
        public byte[] body() throws IOException {
            if (!bodyRead) {
                bodyRead = true;
                body = wire.body(head);
            }
            return body;
        }

        /** Reads until the other side has ended its output, and closes. */
        public void awaitEnd() throws IOException {
            bodyRead = true;
            try (wire) {
                wire.rest();
            }
        }
    }
}
