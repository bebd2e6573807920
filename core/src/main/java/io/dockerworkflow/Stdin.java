package io.dockerworkflow;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/** The source of a step's standard input. */
public sealed interface Stdin {

    /** No input: the process reads end-of-file at once. */
    static Stdin none() {
        return new None();
    }

    /** This text, in UTF-8, then end-of-file. */
    static Stdin of(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new From(() -> new ByteArrayInputStream(bytes));
    }

    /** The content of a stream. Each run of the step gets a new stream from the supplier. The step runner closes the stream. */
    static Stdin from(Supplier<? extends InputStream> source) {
        return new From(source);
    }

    /** No input. */
    record None() implements Stdin {}

    /**
     * Input from a stream, opened anew for each run.
     *
     * @param source opens the stream
     */
    record From(Supplier<? extends InputStream> source) implements Stdin {}
}
