package io.dockerworkflow.dood.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.dockerworkflow.dood.gateway.http.ServedRequest;
import io.dockerworkflow.dood.testsupport.ScriptedEngine;
import io.dockerworkflow.dood.testsupport.Wire;
import io.dockerworkflow.dood.testsupport.WithServedSession;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Long bodies, which go past the pipelines once that is worthwhile, wherever their chunks begin and end. */
class BodySpliceTest extends WithServedSession {
    private static final int SIZE = 4 * 1024 * 1024;

    private static byte[] content() {
        byte[] content = new byte[SIZE];
        new Random(7).nextBytes(content);
        return content;
    }

    /** Chunks of any size up to that one; some of them are not plain. */
    private static void chunks(Wire wire, byte[] content, int most) throws IOException {
        Random random = new Random(most);
        ByteArrayOutputStream chunks = new ByteArrayOutputStream();
        for (int at = 0; at < content.length; ) {
            int length = Math.min(content.length - at, 1 + random.nextInt(most));
            String extension = random.nextInt(50) == 0 ? ";a=b" : "";
            chunks.writeBytes((Integer.toHexString(length) + extension + "\r\n").getBytes(StandardCharsets.US_ASCII));
            chunks.write(content, at, length);
            chunks.writeBytes(new byte[] {'\r', '\n'});
            at += length;
        }
        chunks.writeBytes("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        byte[] all = chunks.toByteArray();
        for (int at = 0; at < all.length; ) {
            int length = Math.min(all.length - at, 1 + random.nextInt(300_000));
            wire.send(Arrays.copyOfRange(all, at, at + length));
            at += length;
        }
    }

    private ServedRequest last() throws InterruptedException {
        ServedRequest last = session.served().poll(10, TimeUnit.SECONDS);
        assertThat(last).isNotNull();
        return last;
    }

    @ParameterizedTest
    @ValueSource(ints = {5_000, 40_000, 3_000_000, 100_000_000})
    void answerWhenItsChunksAreOfAnySizeIsTheSame(int most) throws Exception {
        session.hasContainer("db");
        engine.on("GET", "/v1.41/containers/dw-0a0b0c0d-db/export").plays(with -> {
            with.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            chunks(with.wire(), content(), most);
        });
        assertThat(client.ask("GET", "/v1.41/containers/db/export").head().line())
                .isEqualTo("HTTP/1.1 200 OK");
        byte[] body = client.wire().body(new Wire.Head("", Map.of("Transfer-Encoding", "chunked")));
        assertThat(Arrays.equals(body, content())).isTrue();
        assertThat(last().bytesOut()).isEqualTo(SIZE);
        engine.on("GET", "/v1.41/_ping");
        assertThat(client.get("/v1.41/_ping").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(ints = {5_000, 40_000, 3_000_000, 100_000_000})
    void bodyWhenItsChunksAreOfAnySizeIsTheSame(int most) throws Exception {
        session.hasContainer("db");
        CompletableFuture<byte[]> received = new CompletableFuture<>();
        engine.on("PUT", "/v1.41/containers/dw-0a0b0c0d-db/archive").plays(with -> {
            received.complete(with.body());
            with.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        });
        client.wire().send("PUT /v1.41/containers/db/archive HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n");
        chunks(client.wire(), content(), most);
        assertThat(client.answer().status()).isEqualTo(200);
        assertThat(Arrays.equals(ScriptedEngine.await(received), content())).isTrue();
        assertThat(last().bytesIn()).isEqualTo(SIZE);
        engine.on("GET", "/v1.41/_ping");
        assertThat(client.get("/v1.41/_ping").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(ints = {40_000, 3_000_000})
    void archiveWhenItGoesThroughARewriterIsWhole(int most) throws Exception {
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        String layer = new String(content(), StandardCharsets.ISO_8859_1);
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(archive)) {
            add(tar, "1/layer.tar", layer);
            add(tar, "manifest.json", "[{\"RepoTags\":[\"busybox:1\"]}]");
            add(tar, "2/layer.tar", layer);
            add(tar, "repositories", "{\"busybox\":{\"1\":\"id\"}}");
        }
        engine.on("GET", "/v1.41/images/get?names=busybox%3A1").plays(with -> {
            with.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            chunks(with.wire(), archive.toByteArray(), most);
        });
        client.ask("GET", "/v1.41/images/busybox:1/get");
        byte[] body = client.wire().body(client.head());
        assertThat(entries(body))
                .containsExactly(
                        "1/layer.tar " + layer.hashCode(),
                        "manifest.json " + "[{\"RepoTags\":[\"busybox:1\"]}]".hashCode(),
                        "2/layer.tar " + layer.hashCode(),
                        "repositories " + "{\"busybox\":{\"1\":\"id\"}}".hashCode());
    }

    /** It opens after a mebibyte, when what has come is passed on: within a chunk's data, behind it, or within its line end. */
    @ParameterizedTest
    @ValueSource(ints = {1000, 1999, 2000, 2001, 2002})
    void answerWhenItPausesAnywhereInAChunkIsTheSame(int pause) throws Exception {
        String before = "a".repeat(1024 * 1024 - 1000);
        String chunk = "b".repeat(2000) + "\r\n";
        CompletableFuture<Void> first = new CompletableFuture<>();
        CompletableFuture<Void> second = new CompletableFuture<>();
        session.hasContainer("db");
        engine.on("GET", "/v1.41/containers/dw-0a0b0c0d-db/export").plays(with -> {
            with.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            with.send(Integer.toHexString(before.length()) + "\r\n" + before + "\r\n");
            ScriptedEngine.await(first);
            with.send("7d0\r\n" + chunk.substring(0, pause));
            ScriptedEngine.await(second);
            with.send(chunk.substring(pause));
            chunks(with.wire(), content(), 100_000);
        });
        assertThat(client.ask("GET", "/v1.41/containers/db/export").head().line())
                .isEqualTo("HTTP/1.1 200 OK");
        assertThat(chunksUpTo(before.length())).isEqualTo(before);
        first.complete(null);
        String begun = chunksUpTo(Math.min(2000, pause));
        second.complete(null);
        assertThat(begun + chunksUpTo(2000 - begun.length())).isEqualTo("b".repeat(2000));
        assertThat(Arrays.equals(
                        client.wire().body(new Wire.Head("", Map.of("Transfer-Encoding", "chunked"))), content()))
                .isTrue();
    }

    private String chunksUpTo(int length) throws IOException {
        StringBuilder chunks = new StringBuilder();
        while (chunks.length() < length) {
            chunks.append(new String(client.wire().chunk(), StandardCharsets.ISO_8859_1));
        }
        return chunks.toString();
    }

    @Test
    void channelWhenItIsNoUnixSocketHasNoPassage() {
        EmbeddedChannel channel = new EmbeddedChannel();
        assertThat(BodySplice.between(channel, new PlainChunks(), channel, ByteTransform.NONE, bytes -> {}))
                .isEmpty();
    }

    private static void add(TarArchiveOutputStream tar, String name, String content) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(content.length());
        tar.putArchiveEntry(entry);
        tar.write(content.getBytes(StandardCharsets.ISO_8859_1));
        tar.closeArchiveEntry();
    }

    private static List<String> entries(byte[] archive) throws IOException {
        List<String> entries = new ArrayList<>();
        try (TarArchiveInputStream tar = new TarArchiveInputStream(new ByteArrayInputStream(archive))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                entries.add(
                        entry.getName() + " " + new String(tar.readAllBytes(), StandardCharsets.ISO_8859_1).hashCode());
            }
        }
        return entries;
    }
}
