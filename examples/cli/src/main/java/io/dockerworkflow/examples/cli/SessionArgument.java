package io.dockerworkflow.examples.cli;

import io.dockerworkflow.SessionId;
import io.dockerworkflow.SessionInfo;
import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.Sessions;
import io.dockerworkflow.WorkflowException;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A session that is on the engine. */
@SuppressWarnings("NullAway.Init") // fields are set by picocli
final class SessionArgument {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Parameters(index = "0", paramLabel = "SESSION", description = "A session's id, as \"ls\" shows it.")
    private String session;

    SessionId id() {
        return SessionId.parse(session)
                .orElseThrow(() -> new CommandLine.ParameterException(
                        command.commandLine(),
                        "A session's id is eight hexadecimal digits, not \"" + session + "\"; \"ls\" shows them"));
    }

    SessionInfo info() {
        return Sessions.find(SessionOptions.defaults(), id())
                .orElseThrow(() -> new WorkflowException(
                        "find the session",
                        session,
                        Optional.of("nothing on the engine belongs to it"),
                        "\"docker-workflow ls\" shows those that are there",
                        null));
    }
}
