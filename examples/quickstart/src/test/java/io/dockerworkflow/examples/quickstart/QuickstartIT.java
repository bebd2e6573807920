package io.dockerworkflow.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The quickstart as a process of its own. */
class QuickstartIT {

    @Test
    void quickstartWhenRunShowsAllModesAndLeavesNothing() throws Exception {
        Process process = new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/java",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Quickstart.class.getName())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int code = process.waitFor();
        List<String> lines = output.lines().toList();

        Matcher db = Pattern.compile("(?m)^ +the db of session ([0-9a-f]{8})$").matcher(output);
        List<String> reached = db.results().map(found -> found.group(1)).toList();
        assertThat(reached).as(output).hasSize(2).doesNotHaveDuplicates();
        for (String session : reached) {
            assertThat(output).contains("-- session " + session);
        }
        assertThat(lines)
                .filteredOn(line -> line.matches("\\s+db +busybox +app"))
                .hasSize(2);
        assertThat(lines)
                .filteredOn(line -> line.endsWith("tested in a container of the build's own, named greeter"))
                .hasSize(3);
        assertThat(lines)
                .filteredOn(line -> line.endsWith("tested with a tool of the fat image, named greet"))
                .hasSize(1);
        List<String> rows = lines.stream()
                .filter(line -> line.matches("(dood|dind|fatimage) .* s"))
                .toList();
        assertThat(rows).extracting(row -> row.split(" ")[0]).containsExactly("dood", "dood", "dind", "fatimage");
        assertThat(rows).allMatch(row -> row.matches("\\w+ +[0-9.]+ s +[1-9]\\d* +[1-9]\\d* +0 +[0-9.]+ s"));

        // Other programs may use the engine at the same time; what it exits with follows from what it counted.
        String before = after("The engine before: ", lines);
        String after = after("The engine after:  ", lines);
        assertThat(lines).last().isEqualTo("The engine after:  " + after);
        assertThat(code).isEqualTo(before.equals(after) ? 0 : 1);
    }

    private static String after(String beginning, List<String> lines) {
        return lines.stream()
                .filter(line -> line.startsWith(beginning))
                .findFirst()
                .orElseThrow(() -> new AssertionError(lines))
                .substring(beginning.length());
    }
}
