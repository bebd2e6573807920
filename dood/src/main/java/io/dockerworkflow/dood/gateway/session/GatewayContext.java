package io.dockerworkflow.dood.gateway.session;

import io.dockerworkflow.dood.gateway.engine.EngineClient;
import io.dockerworkflow.dood.gateway.engine.EngineFacts;
import io.dockerworkflow.dood.gateway.http.HttpContext;
import io.dockerworkflow.dood.gateway.http.PendingWork;
import io.dockerworkflow.internal.children.SessionNames;
import java.nio.file.Path;
import java.util.Objects;

/**
 * What the handlers of one gateway share.
 *
 * @param settings what it serves
 * @param engine the engine
 * @param facts what the engine said of itself
 * @param index what the session has
 * @param images the session's image tags
 * @param ownTags the gateway's own
 * @param visible which images the session sees beside those
 * @param store where the engine keeps all of them
 * @param messages puts the client's words into messages
 * @param gate asks the policy about what clients want to make
 * @param removedChildren ends what is known of children that are gone
 * @param engineEvents tells of those that go by themselves
 * @param pending what clients wait for that the session can end
 */
public record GatewayContext(
        GatewaySettings settings,
        EngineClient engine,
        EngineFacts facts,
        SessionIndex index,
        ImageNames images,
        OwnTags ownTags,
        VisibleImages visible,
        ImageStore store,
        MessageRewriter messages,
        PolicyGate gate,
        RemovedChildren removedChildren,
        EngineEventListener engineEvents,
        PendingWork pending)
        implements HttpContext {

    /** The session's names and labels. */
    public SessionNames names() {
        return settings.names();
    }

    /** Where children are announced. */
    public ChildRegistry children() {
        return settings.children();
    }

    /** The gateway's own socket. */
    public Path socket() {
        return settings.socket();
    }

    /** The session's directory. */
    public Path directory() {
        return Objects.requireNonNull(socket().getParent(), "a socket is in a directory");
    }

    @Override
    public long revision() {
        return index.revision() + images.revision();
    }

    @Override
    public String clientMessage(String message) {
        return messages.rewrite(message);
    }

    /** The label that the session's children carry, as filters name it. */
    public String label() {
        return names().label();
    }
}
