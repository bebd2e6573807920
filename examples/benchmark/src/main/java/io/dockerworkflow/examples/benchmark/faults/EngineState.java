package io.dockerworkflow.examples.benchmark.faults;

import io.dockerworkflow.examples.benchmark.measure.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Everything that is on an engine, and in the directory of the sessions' directories. Of use only where nobody else uses the
 * engine.
 *
 * @param things their kinds and ids
 */
record EngineState(Set<String> things) {
    private static final List<List<String>> LISTS = List.of(
            List.of("ps", "-a", "--no-trunc", "--format", "container {{.ID}} {{.Names}}"),
            List.of("network", "ls", "--no-trunc", "--format", "network {{.ID}} {{.Name}}"),
            List.of("volume", "ls", "--format", "volume {{.Name}}"),
            List.of("images", "-a", "--no-trunc", "--format", "image {{.ID}} {{.Repository}}:{{.Tag}}"));

    EngineState {
        things = Set.copyOf(things);
    }

    /** What is on the engine and in the directory now. */
    static EngineState of(Path engine, Path directory) {
        Set<String> things = new LinkedHashSet<>();
        for (List<String> list : LISTS) {
            Command.docker(engine, list.toArray(String[]::new))
                    .run()
                    .lines()
                    .filter(line -> !line.isBlank())
                    .forEach(things::add);
        }
        try (DirectoryStream<Path> directories = Files.newDirectoryStream(directory)) {
            directories.forEach(each -> things.add("directory " + each));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new EngineState(things);
    }

    /** What is here and was not there before. */
    Set<String> since(EngineState before) {
        Set<String> more = new LinkedHashSet<>(things);
        more.removeAll(before.things);
        return more;
    }
}
