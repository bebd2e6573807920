package io.dockerworkflow.examples.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;

/** The command {@code docker-workflow}. */
public final class CliMain {
    /** Longer than a session may take to end. */
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private CliMain() {}

    /**
     * Runs the command and exits with its code.
     *
     * @param args the command line
     */
    public static void main(String[] args) {
        CountDownLatch done = new CountDownLatch(1);
        // On a signal the JVM waits for its hooks, then exits with 128 and the signal's number. Interrupting the main
        // thread
        // lets a signal take the same way out as any other end: what is open is closed, also what is just being opened.
        Runtime.getRuntime().addShutdownHook(interrupt(Thread.currentThread(), done));
        int code;
        try {
            code = commandLine().execute(args);
        } finally {
            done.countDown();
        }
        System.exit(code);
    }

    static CommandLine commandLine() {
        return new CommandLine(new RootCommand())
                .setStopAtPositional(true)
                .setOut(writer(FileDescriptor.out))
                .setErr(writer(FileDescriptor.err))
                .setParameterExceptionHandler(CliMain::explain)
                .setExecutionExceptionHandler(new ErrorPrinter());
    }

    /** One line on what is wrong, not the whole usage, above which it would not be seen. */
    private static int explain(CommandLine.ParameterException error, String[] args) {
        CommandLine command = error.getCommandLine();
        command.getErr().println("docker-workflow: " + error.getMessage());
        command.getErr().println("See: " + command.getCommandSpec().qualifiedName() + " --help");
        return command.getCommandSpec().exitCodeOnInvalidInput();
    }

    /** What a container writes is passed on as it is, whatever the locale. */
    private static PrintWriter writer(FileDescriptor stream) {
        return new PrintWriter(new OutputStreamWriter(new FileOutputStream(stream), StandardCharsets.UTF_8), true);
    }

    private static Thread interrupt(Thread main, CountDownLatch done) {
        return new Thread(
                () -> {
                    if (done.getCount() == 0) {
                        return;
                    }
                    main.interrupt();
                    try {
                        done.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "docker-workflow-signal");
    }
}
