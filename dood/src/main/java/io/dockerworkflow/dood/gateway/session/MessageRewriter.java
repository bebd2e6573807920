package io.dockerworkflow.dood.gateway.session;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dockerworkflow.dood.gateway.protocol.TextFields;
import io.dockerworkflow.internal.children.SessionNames;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Puts the client's words into the engine's messages: names without the session's prefix, and no other session's at all. */
public final class MessageRewriter {
    private static final Pattern FOREIGN = Pattern.compile("\\bdw-[0-9a-f]{8}-[a-zA-Z0-9_.-]+");

    private final String prefix;
    private final ImageNames images;

    public MessageRewriter(SessionNames names, ImageNames images) {
        this.prefix = names.prefix();
        this.images = images;
    }

    /** Rewrites one message, or one line of a stream's text. */
    public String rewrite(String message) {
        String mine = images.logicalText(message).replace(prefix, "");
        Matcher foreign = FOREIGN.matcher(mine);
        return foreign.find() ? foreign.replaceAll("(another session's)") : mine;
    }

    /** One object of a progress stream, with the client's names in its texts. Changes it in place. */
    public ObjectNode progress(ObjectNode line) {
        return progress(line, UnaryOperator.identity());
    }

    /** The same, with this change after it. */
    public ObjectNode progress(ObjectNode line, UnaryOperator<String> change) {
        UnaryOperator<String> both = text -> change.apply(rewrite(text));
        for (String field : new String[] {"status", "stream", "error"}) {
            TextFields.text(line, field, both);
        }
        if (line.get("errorDetail") instanceof ObjectNode detail) {
            TextFields.text(detail, "message", both);
        }
        return line;
    }
}
