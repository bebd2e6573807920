package io.dockerworkflow.dood.gateway.buildkit.translate;

import io.dockerworkflow.dood.gateway.buildkit.wire.GrpcRefusal;
import io.dockerworkflow.dood.gateway.buildkit.wire.MessageTransform;
import io.dockerworkflow.dood.gateway.buildkit.wire.ProtoMessage;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Translates the Dockerfiles in what a client sends when the builder asks for its directory of Dockerfiles: the packets of
 * {@code fsutil}, from {@code FileSync/DiffCopy}. First come the files' names, each with what tells whether it has changed,
 * then the contents of those that the builder does not have yet.
 */
public final class DockerfileStream implements MessageTransform {
    private static final int TYPE = 1;
    private static final int STAT = 2;
    private static final int ID = 3;
    private static final int DATA = 4;
    private static final int TYPE_STAT = 0;
    private static final int TYPE_DATA = 2;
    private static final int TYPE_ERROR = 4;
    private static final int STAT_PATH = 1;
    private static final int STAT_MODE = 2;
    private static final int STAT_MODIFIED = 6;
    private static final long DIRECTORY = 0x8000_0000L;
    private static final int CHUNK = 32 * 1024;
    private static final long SECOND = 1_000_000_000;

    private final UnaryOperator<String> translation;
    private final int fingerprint;
    private final Set<Long> dockerfiles = new HashSet<>();
    private final ByteArrayOutputStream content = new ByteArrayOutputStream();
    private long next;
    private boolean failed;

    /**
     * A stream.
     *
     * @param translation what becomes of a Dockerfile
     * @param fingerprint of all that the translation depends on. It becomes part of the time at which the files were changed:
     *     the builder keeps files and asks only for those with another time
     */
    public DockerfileStream(UnaryOperator<String> translation, int fingerprint) {
        this.translation = translation;
        this.fingerprint = fingerprint;
    }

    @Override
    public List<byte[]> apply(byte[] message) {
        if (failed) {
            return List.of();
        }
        ProtoMessage packet = ProtoMessage.parse(message);
        long type = packet.number(TYPE);
        if (type == TYPE_STAT) {
            return List.of(packet.message(STAT).map(stat -> stat(packet, stat)).orElse(message));
        }
        if (type != TYPE_DATA || !dockerfiles.contains(packet.number(ID))) {
            return List.of(message);
        }
        byte[] data = packet.all(DATA).stream().reduce(new byte[0], DockerfileStream::join);
        if (data.length > 0) {
            content.writeBytes(data);
            return List.of();
        }
        return translated(packet.number(ID), message);
    }

    private byte[] stat(ProtoMessage packet, ProtoMessage stat) {
        String path = stat.string(STAT_PATH);
        long id = next++;
        if ((stat.number(STAT_MODE) & DIRECTORY) != 0 || path.endsWith(".dockerignore")) {
            return packet.toBytes();
        }
        dockerfiles.add(id);
        long modified = stat.number(STAT_MODIFIED);
        long marked = modified
                - Math.floorMod(modified, SECOND)
                + Math.floorMod(31L * fingerprint + Math.floorMod(modified, SECOND), SECOND);
        stat.clear(STAT_MODIFIED).addNumber(STAT_MODIFIED, marked);
        return packet.set(STAT, stat).toBytes();
    }

    private List<byte[]> translated(long id, byte[] end) {
        String dockerfile = content.toString(StandardCharsets.UTF_8);
        content.reset();
        byte[] file;
        try {
            file = translation.apply(dockerfile).getBytes(StandardCharsets.UTF_8);
        } catch (GrpcRefusal refusal) {
            failed = true;
            return List.of(failure(refusal.reason()));
        }
        List<byte[]> packets = new ArrayList<>();
        for (int at = 0; at < file.length; at += CHUNK) {
            ProtoMessage packet = new ProtoMessage().addNumber(TYPE, TYPE_DATA);
            if (id != 0) {
                packet.addNumber(ID, id);
            }
            packets.add(packet.add(DATA, Arrays.copyOfRange(file, at, Math.min(file.length, at + CHUNK)))
                    .toBytes());
        }
        packets.add(end);
        return packets;
    }

    /**
     * What a sender says that has failed; the builder ends the call then. A status of gRPC's would not do: on getting it the
     * builder cancels its own work, and now and then tells "context canceled" as the reason (20.10.24: 1 build in 160).
     */
    private static byte[] failure(String reason) {
        return new ProtoMessage()
                .addNumber(TYPE, TYPE_ERROR)
                .add(DATA, reason.getBytes(StandardCharsets.UTF_8))
                .toBytes();
    }

    private static byte[] join(byte[] a, byte[] b) {
        byte[] joined = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, joined, a.length, b.length);
        return joined;
    }
}
