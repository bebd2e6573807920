package io.dockerworkflow.internal.children;

import io.dockerworkflow.SessionId;
import io.dockerworkflow.WorkflowEvent;
import io.dockerworkflow.WorkflowEvent.ImageProgress;
import io.dockerworkflow.WorkflowListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells a session's listener what happens, and keeps its failures from the session. Safe for use by several threads. */
public final class SessionEvents {
    private static final Logger LOG = LoggerFactory.getLogger(SessionEvents.class);

    private final SessionId session;
    private final WorkflowListener listener;

    public SessionEvents(SessionId session, WorkflowListener listener) {
        this.session = session;
        this.listener = listener;
    }

    /** The session that the events are of. */
    public SessionId session() {
        return session;
    }

    /** Tells the listener what the engine said of an image that it pulls or builds. */
    public void tellImageProgress(String image, String line) {
        tell(new ImageProgress(session, image, line));
    }

    /** Tells the listener; what it throws is logged. */
    public void tell(WorkflowEvent event) {
        try {
            listener.on(event);
        } catch (RuntimeException e) {
            LOG.warn(
                    "A listener of session {} failed on {}",
                    session,
                    event.getClass().getSimpleName(),
                    e);
        }
    }
}
