package io.dockerworkflow.examples.benchmark.measure;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A program of this module in a JVM of its own, with the JVM's default settings, that is told what to do and answers line by
 * line. It ends when its standard input does. Whoever starts it closes it. Not for use by several threads.
 */
public final class ChildProgram implements AutoCloseable {
    private static final int END_SECONDS = 60;

    private final String name;
    private final Process process;
    private final BufferedReader answers;
    private final Writer orders;

    private ChildProgram(String name, Process process) {
        this.name = name;
        this.process = process;
        this.answers = process.inputReader(StandardCharsets.UTF_8);
        this.orders = process.outputWriter(StandardCharsets.UTF_8);
    }

    /** Starts that class's main method as a client of that socket, with these variables. */
    public static ChildProgram start(Class<?> main, Path engine, Map<String, String> variables, String... arguments) {
        List<String> words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        words.addAll(Arrays.asList(arguments));
        ProcessBuilder builder = new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("DOCKER_HOST", "unix://" + engine);
        builder.environment().putAll(variables);
        try {
            return new ChildProgram(main.getSimpleName(), builder.start());
        } catch (IOException e) {
            throw new IllegalStateException("Cannot start " + words, e);
        }
    }

    /** Gives it an order and returns its answer. */
    public String ask(String order) {
        try {
            orders.write(order + "\n");
            orders.flush();
        } catch (IOException e) {
            throw new IllegalStateException(name + " takes no orders", e);
        }
        return answer();
    }

    /** The next line that it prints. */
    public String answer() {
        try {
            String line = answers.readLine();
            if (line == null) {
                throw new IllegalStateException(name + " has ended; its own words are above");
            }
            return line;
        } catch (IOException e) {
            throw new IllegalStateException("Cannot hear " + name, e);
        }
    }

    /** Ends its input and waits for its end. */
    @Override
    public void close() {
        try {
            orders.close();
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException(name + " does not end");
            }
        } catch (IOException e) {
            throw new IllegalStateException("Cannot end " + name, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while " + name + " ended", e);
        } finally {
            process.destroyForcibly();
        }
    }

    /** The child's side: answers each order until there are no more. */
    public static void serve(java.util.function.UnaryOperator<String> orders) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String order = in.readLine(); order != null; order = in.readLine()) {
            System.out.println(orders.apply(order));
            System.out.flush();
        }
    }
}
