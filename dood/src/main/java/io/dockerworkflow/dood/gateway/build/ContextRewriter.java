package io.dockerworkflow.dood.gateway.build;

import io.dockerworkflow.dood.gateway.protocol.ApiException;
import io.dockerworkflow.dood.gateway.stream.ByteTransform;
import io.dockerworkflow.dood.gateway.stream.TarRewriter;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Changes the Dockerfile in a build's context: it may name what the session built before, which the engine knows otherwise. */
final class ContextRewriter implements ByteTransform {
    private static final Path ROOT = Path.of("/");

    private final Set<Path> dockerfiles;
    private final boolean required;
    private final TarRewriter archive;
    private boolean found;

    /**
     * A rewriter.
     *
     * @param dockerfiles the paths that the Dockerfile may have
     * @param translation what becomes of it
     * @param required whether a context is refused in which it was not found as a file of its own; the engine would follow links
     */
    ContextRewriter(Set<String> dockerfiles, Function<String, CompletionStage<String>> translation, boolean required) {
        this.dockerfiles = dockerfiles.stream().map(ContextRewriter::inContext).collect(Collectors.toUnmodifiableSet());
        this.required = required;
        this.archive = new TarRewriter(path -> {
            if (!this.dockerfiles.contains(inContext(path))) {
                return Optional.empty();
            }
            found = true;
            return Optional.of(content -> translation
                    .apply(new String(content, StandardCharsets.UTF_8))
                    .thenApply(text -> text.getBytes(StandardCharsets.UTF_8)));
        });
    }

    /** As the engine resolves it: nothing leads out of the context. */
    private static Path inContext(String path) {
        return ROOT.resolve(path).normalize();
    }

    @Override
    public void feed(ByteBuf piece, Consumer<ByteBuf> out) {
        archive.feed(piece, out);
    }

    @Override
    public Optional<CompletionStage<?>> awaited() {
        return archive.awaited();
    }

    @Override
    public void proceed(Consumer<ByteBuf> out) {
        archive.proceed(out);
    }

    @Override
    public long unchanged() {
        return archive.unchanged();
    }

    @Override
    public void passed(long bytes) {
        archive.passed(bytes);
    }

    @Override
    public void end(Consumer<ByteBuf> out) {
        if (required && !found) {
            throw ApiException.badRequest("Cannot locate specified Dockerfile: "
                    + dockerfiles.stream()
                            .map(path -> ROOT.relativize(path).toString())
                            .sorted()
                            .findFirst()
                            .orElse("")
                    + " (docker-workflow must find it in the context as a file, for a build that pulls, and where images of the"
                    + " host are hidden)");
        }
        archive.end(out);
    }

    @Override
    public void close() {
        archive.close();
    }
}
