package io.dockerworkflow.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a module's sources import of this project's types.
 *
 * @param all every such import
 */
record SourceImports(List<Import> all) {
    private static final Pattern IMPORT =
            Pattern.compile("^import (?:static )?((?:[a-z]\\w*\\.)+)([A-Z]\\w*)[\\w.*]*;", Pattern.MULTILINE);

    /**
     * One import.
     *
     * @param file the file that imports
     * @param fromLayer its layer
     * @param type the type that is imported
     * @param toLayer that type's layer
     */
    record Import(String file, String fromLayer, String type, String toLayer) {}

    /**
     * Reads a module's main sources.
     *
     * @param classes the directory of its compiled classes, {@code target/classes}
     */
    static SourceImports of(Path classes) {
        Path sources = classes.resolve("../../src/main/java").normalize();
        try (Stream<Path> files = Files.walk(sources)) {
            return new SourceImports(files.filter(file -> file.toString().endsWith(".java"))
                    .flatMap(file -> importsOf(sources, file))
                    .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Those from a layer that comes after the importing file's own. */
    List<Import> upward() {
        return all.stream()
                .filter(each -> !Layers.mayUse(each.fromLayer(), each.toLayer()))
                .toList();
    }

    private static Stream<Import> importsOf(Path sources, Path file) {
        String name = sources.relativize(file).toString().replace(".java", "").replace('/', '.');
        String from = Layers.of(name.substring(0, name.lastIndexOf('.')), name);
        try {
            return IMPORT.matcher(Files.readString(file))
                    .results()
                    .filter(found -> found.group(1).startsWith(Layers.ROOT + "."))
                    .map(found -> new Import(name, from, typeOf(found), layerOf(found)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String typeOf(MatchResult found) {
        return found.group(1) + found.group(2);
    }

    private static String layerOf(MatchResult found) {
        return Layers.of(found.group(1).replaceAll("\\.$", ""), typeOf(found));
    }
}
