package io.dockerworkflow.examples.quickstart;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The example's build and the fat image's context, in a temporary directory that goes with this. */
record ExampleFiles(Path directory) implements AutoCloseable {

    static ExampleFiles unpack() throws IOException {
        ExampleFiles files = new ExampleFiles(Files.createTempDirectory("docker-workflow-quickstart"));
        for (String name : List.of("build/build.sh", "build/words.txt", "fat-image/Dockerfile", "fat-image/greet")) {
            Path target = files.directory.resolve(name);
            Files.createDirectories(target.getParent());
            try (InputStream resource = ExampleFiles.class.getResourceAsStream("/" + name)) {
                if (resource == null) {
                    throw new NoSuchFileException(name);
                }
                Files.copy(resource, target);
            }
        }
        return files;
    }

    Path build() {
        return directory.resolve("build");
    }

    Path fatImage() {
        return directory.resolve("fat-image");
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
