package io.dockerworkflow.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The Java in README and docs is the Java that the tests compile and run, line for line, without lines marked as not shown. */
class SnippetsTest {
    private static final String BEGIN = "// snippet: ";
    private static final String END = "// end";
    private static final String HIDDEN = "// not shown";
    private static final String NAME = "<!-- snippet: ";

    private final Path root = root();

    @TestFactory
    List<DynamicTest> snippetWhenShownIsOneThatRuns() throws IOException {
        Map<String, String> sources = new HashMap<>();
        for (Path file : files(root.resolve("examples/quickstart/src/test/java"), ".java")) {
            sources.putAll(marked(Files.readAllLines(file)));
        }
        List<DynamicTest> tests = new ArrayList<>();
        List<Path> documents = new ArrayList<>(files(root.resolve("docs"), ".md"));
        documents.add(root.resolve("README.md"));
        for (Path document : documents) {
            for (Shown shown : shown(Files.readAllLines(document))) {
                tests.add(DynamicTest.dynamicTest(
                        root.relativize(document) + " " + shown.name(),
                        () -> assertThat(shown.code()).isEqualTo(sources.get(shown.name()))));
            }
        }
        assertThat(tests).hasSizeGreaterThan(5);
        return tests;
    }

    /** A block of Java in a document. */
    private record Shown(String name, String code) {}

    private static List<Shown> shown(List<String> lines) {
        List<Shown> blocks = new ArrayList<>();
        String name = "(without a name)";
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.startsWith(NAME)) {
                name = line.substring(NAME.length(), line.indexOf(" -->"));
            } else if (line.equals("```java")) {
                int end = lines.subList(i, lines.size()).indexOf("```") + i;
                blocks.add(new Shown(name, String.join("\n", lines.subList(i + 1, end))));
                name = "(without a name)";
                i = end;
            }
        }
        return blocks;
    }

    private static Map<String, String> marked(List<String> lines) {
        Map<String, String> regions = new HashMap<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.startsWith(BEGIN)) {
                int begin = i + 1;
                while (!lines.get(i).strip().equals(END)) {
                    i++;
                }
                String code = lines.subList(begin, i).stream()
                        .filter(shown -> !shown.endsWith(HIDDEN))
                        .collect(Collectors.joining("\n"));
                regions.put(line.substring(BEGIN.length()), code.stripIndent());
            }
        }
        return regions;
    }

    private static List<Path> files(Path directory, String end) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.toString().endsWith(end)).sorted().toList();
        }
    }

    private static Path root() {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.exists(directory.resolve("README.md")) || !Files.exists(directory.resolve("bin"))) {
            directory = directory.getParent();
        }
        return directory;
    }
}
