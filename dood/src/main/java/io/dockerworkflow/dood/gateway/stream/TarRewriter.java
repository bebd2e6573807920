package io.dockerworkflow.dood.gateway.stream;

import io.dockerworkflow.dood.gateway.protocol.ApiException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Changes a few small files of a tar stream and passes everything else on as it is, uncopied. The path of a file may stand in
 * its header, or before it in a PAX or GNU entry.
 */
public final class TarRewriter implements ByteTransform {
    private static final int MAX_EDITED = 16 * 1024 * 1024;

    private enum State {
        HEADER,
        PASSING,
        COLLECTING_NAME,
        COLLECTING_FILE
    }

    private final Function<String, Optional<Editor>> editors;
    private final ByteArrayOutputStream collected = new ByteArrayOutputStream();
    private State state = State.HEADER;
    private TarHeader header = TarHeader.NONE;
    private long left;
    private int size;
    private String longName = "";
    private Editor editor = CompletableFuture::completedFuture;
    private @Nullable CompletableFuture<byte[]> edited;
    private ByteBuf rest = Unpooled.EMPTY_BUFFER;

    /** Changes the content of a file. What comes behind the file waits until that is done. */
    public interface Editor {
        CompletionStage<byte[]> edit(byte[] content);

        static Editor of(UnaryOperator<byte[]> change) {
            return content -> CompletableFuture.completedFuture(change.apply(content));
        }
    }

    /**
     * A rewriter.
     *
     * @param editors for a path, without a leading "./", what changes the file's content; empty to leave it
     */
    public TarRewriter(Function<String, Optional<Editor>> editors) {
        this.editors = editors;
    }

    @Override
    public void feed(ByteBuf piece, Consumer<ByteBuf> out) {
        try {
            while (piece.isReadable() && edited == null) {
                step(piece, out);
            }
            if (piece.isReadable()) {
                rest = piece.readRetainedSlice(piece.readableBytes());
            }
        } finally {
            piece.release();
        }
    }

    @Override
    public Optional<CompletionStage<?>> awaited() {
        return Optional.ofNullable(edited);
    }

    @Override
    public void proceed(Consumer<ByteBuf> out) {
        CompletableFuture<byte[]> done = edited;
        edited = null;
        if (done != null) {
            write(done.join(), out);
            ByteBuf next = rest;
            rest = Unpooled.EMPTY_BUFFER;
            feed(next, out);
        }
    }

    @Override
    public void close() {
        rest.release();
        rest = Unpooled.EMPTY_BUFFER;
    }

    @Override
    public void end(Consumer<ByteBuf> out) {
        if (state == State.HEADER && collected.size() > 0) {
            out.accept(Unpooled.wrappedBuffer(collected.toByteArray()));
        }
    }

    @Override
    public long unchanged() {
        return state == State.PASSING ? left : 0;
    }

    @Override
    public void passed(long bytes) {
        left -= bytes;
        if (left == 0) {
            state = State.HEADER;
        }
    }

    private void step(ByteBuf piece, Consumer<ByteBuf> out) {
        if (state == State.PASSING) {
            int length = (int) Math.min(left, piece.readableBytes());
            out.accept(piece.readRetainedSlice(length));
            passed(length);
            return;
        }
        long wanted = state == State.HEADER ? TarHeader.SIZE - collected.size() : left;
        int length = (int) Math.min(wanted, piece.readableBytes());
        byte[] bytes = new byte[length];
        piece.readBytes(bytes);
        collected.writeBytes(bytes);
        if (state != State.HEADER) {
            left -= length;
        }
        if (state == State.HEADER ? collected.size() == TarHeader.SIZE : left == 0) {
            byte[] whole = collected.toByteArray();
            collected.reset();
            finished(whole, out);
        }
    }

    private void finished(byte[] whole, Consumer<ByteBuf> out) {
        switch (state) {
            case HEADER -> header(whole, out);
            case COLLECTING_NAME -> {
                longName = header.name(whole);
                out.accept(Unpooled.wrappedBuffer(header.bytes(), whole));
                state = State.HEADER;
            }
            case COLLECTING_FILE -> {
                byte[] content = new byte[size];
                System.arraycopy(whole, 0, content, 0, size);
                state = State.HEADER;
                CompletableFuture<byte[]> changed = editor.edit(content).toCompletableFuture();
                if (changed.isDone()) {
                    write(changed.join(), out);
                } else {
                    edited = changed;
                }
            }
            case PASSING -> throw new IllegalStateException();
        }
    }

    private void write(byte[] content, Consumer<ByteBuf> out) {
        header.resize(content.length);
        out.accept(Unpooled.wrappedBuffer(header.bytes(), content, new byte[TarHeader.padding(content.length)]));
    }

    private void header(byte[] block, Consumer<ByteBuf> out) {
        header = new TarHeader(block);
        long length = header.length();
        if (length < 0) {
            throw ApiException.badRequest("malformed tar archive");
        }
        left = length + TarHeader.padding(length);
        if (header.isName() && length <= MAX_EDITED && length > 0) {
            size = (int) length;
            state = State.COLLECTING_NAME;
            return;
        }
        String path = longName.isEmpty() ? header.path() : longName;
        longName = "";
        Optional<Editor> found =
                header.isFile() ? editors.apply(path.startsWith("./") ? path.substring(2) : path) : Optional.empty();
        if (found.isPresent() && length > 0 && length <= MAX_EDITED) {
            editor = found.get();
            size = (int) length;
            state = State.COLLECTING_FILE;
            return;
        }
        out.accept(Unpooled.wrappedBuffer(block));
        state = left > 0 ? State.PASSING : State.HEADER;
    }
}
