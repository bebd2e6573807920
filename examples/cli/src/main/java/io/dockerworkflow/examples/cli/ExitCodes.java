package io.dockerworkflow.examples.cli;

/** The exit codes that are not the command's own; those of {@code docker run}. */
final class ExitCodes {
    static final int FAILED = 125;
    static final int NOT_EXECUTABLE = 126;
    static final int NOT_FOUND = 127;
    static final int INTERRUPTED = 130;

    private ExitCodes() {}
}
