package io.dockerworkflow.examples.cli;

import io.dockerworkflow.WorkflowException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Says what went wrong: of an expected error its message, of a defect everything. */
final class ErrorPrinter implements IExecutionExceptionHandler {

    @Override
    public int handleExecutionException(Exception error, CommandLine command, ParseResult arguments) throws Exception {
        if (error instanceof ParameterException) {
            throw error;
        }
        if (error instanceof InterruptedException) {
            return ExitCodes.INTERRUPTED;
        }
        boolean verbose = command.getParent().getCommand() instanceof RootCommand root && root.verbose();
        if (verbose || !(error instanceof WorkflowException)) {
            error.printStackTrace(command.getErr());
        } else {
            command.getErr().println("docker-workflow: " + error.getMessage());
        }
        return error instanceof HostCommand.NotStarted notStarted ? notStarted.exitCode() : ExitCodes.FAILED;
    }
}
