package io.dockerworkflow.examples.benchmark.gateway;

import io.dockerworkflow.examples.benchmark.measure.Command;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;

/** A large image and a large build context, of bytes that cannot be compressed. Whoever makes it closes it. */
final class BulkFixture implements AutoCloseable {
    private static final int MB = 1_000_000;
    private static final String IMAGE = "dw-bench-" + ProcessHandle.current().pid() + ":bulk";

    private final Path engine;
    private final Path directory;

    private BulkFixture(Path engine, Path directory) {
        this.engine = engine;
        this.directory = directory;
    }

    static BulkFixture make(Path engine, Path directory, int imageMegabytes, int contextMegabytes) {
        BulkFixture fixture = new BulkFixture(engine, directory);
        try {
            Path content = Files.createDirectories(directory.resolve("image"));
            Path tar = directory.resolve("image.tar");
            random(content.resolve("random"), imageMegabytes);
            new Command(List.of("tar", "-C", content.toString(), "-cf", tar.toString(), "random"), "").run();
            Files.delete(content.resolve("random"));
            Command.docker(engine, "import", "--change", "LABEL dw-bench=1", tar.toString(), IMAGE)
                    .run();
            Files.delete(tar);
            Path context = Files.createDirectories(fixture.context());
            random(context.resolve("random"), contextMegabytes);
            // The upload is what is measured, so the build itself makes nothing but a label.
            Files.writeString(context.resolve("Dockerfile"), "FROM scratch\nLABEL dw-bench=1\n");
            // BuildKit takes only what a build needs; the copy itself comes from its cache.
            Files.writeString(context.resolve("Dockerfile.copy"), "FROM scratch\nCOPY random /\n");
            return fixture;
        } catch (IOException e) {
            throw new IllegalStateException("Cannot prepare the bulk transfers in " + directory, e);
        }
    }

    private static void random(Path file, int megabytes) throws IOException {
        SplittableRandom random = new SplittableRandom(megabytes);
        byte[] block = new byte[MB];
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int i = 0; i < megabytes; i++) {
                random.nextBytes(block);
                out.write(block);
            }
        }
    }

    String image() {
        return IMAGE;
    }

    Path context() {
        return directory.resolve("context");
    }

    /** The path of the Dockerfile of a build that needs all of the context. */
    String dockerfile() {
        return context().resolve("Dockerfile.copy").toString();
    }

    /** Has BuildKit fetch the context anew, though nothing is new in it. */
    void touchContext() {
        try {
            Files.setLastModifiedTime(context().resolve("random"), FileTime.from(Instant.now()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        Command.docker(engine, "rmi", "-f", IMAGE).run();
    }
}
