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
    private final Pattern imagesOfSession;

    public MessageRewriter(SessionNames names, ImageNames images) {
        this.prefix = names.prefix();
        this.images = images;
        this.imagesOfSession =
                Pattern.compile(Pattern.quote(images.root()) + "[a-z0-9._/-]+(:[A-Za-z0-9_][A-Za-z0-9_.-]*)?");
    }

    /** Rewrites one message, or one line of a stream's text. */
    public String rewrite(String message) {
        String mine = withLogicalImages(message).replace(prefix, "");
        Matcher foreign = FOREIGN.matcher(mine);
        return foreign.find() ? foreign.replaceAll("(another session's)") : mine;
    }

    /** Puts the client's references to images in the place of the engine's. */
    String withLogicalImages(String text) {
        if (!text.contains(images.root())) {
            return text;
        }
        return imagesOfSession.matcher(text).replaceAll(found -> Matcher.quoteReplacement(logicalImage(found.group())));
    }

    private String logicalImage(String found) {
        // A sentence may end behind the reference.
        int end = found.length();
        while (end > 0 && (found.charAt(end - 1) == '.' || found.charAt(end - 1) == ':')) {
            end--;
        }
        return images.toLogical(found.substring(0, end)) + found.substring(end);
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
