package io.dockerworkflow;

import java.util.Optional;
import java.util.stream.Collectors;

/** A session ended, but at least one child survived it. */
public final class TeardownException extends WorkflowException {
    private static final long serialVersionUID = 1L;

    private final transient TeardownReport report;

    /** Creates an error for this session and report. */
    public TeardownException(SessionId session, TeardownReport report) {
        super(
                "remove every child",
                "session " + session,
                Optional.of(report.survivors().stream()
                        .map(TeardownReport.Survivor::toString)
                        .collect(Collectors.joining("; "))),
                "Remove what is left by hand; `docker ps -a --filter label=io.dockerworkflow.session=" + session
                        + "` shows its containers.",
                null);
        this.report = report;
    }

    /** The report of the teardown. */
    public TeardownReport report() {
        return report;
    }
}
