package io.dockerworkflow.dood.gateway.image;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dockerworkflow.dood.gateway.protocol.ApiJson;
import io.dockerworkflow.dood.gateway.protocol.TextFields;
import io.dockerworkflow.internal.engine.ImageReference;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the engine says while it pulls. One stream, one use. */
public final class PullProgress {
    private static final Pattern END =
            Pattern.compile("Status: (?:Downloaded newer image|Image is up to date) for (\\S+)");
    private static final String PULLING = "Pulling from ";
    private static final String DIGEST_SAID = "Digest: ";

    private boolean failed;
    private boolean heard;
    private Optional<String> tag = Optional.empty();
    private Optional<String> digest = Optional.empty();
    private Optional<String> reference = Optional.empty();

    /**
     * What the engine says of a digest, as it would have said it of the tag. Changes the line in place.
     *
     * @param byDigest the reference that it was given
     * @param reference the one with the tag
     * @param current whether that is an old story to the client
     */
    public static ObjectNode asOfTag(ObjectNode line, String byDigest, String reference, boolean current) {
        TextFields.text(
                line,
                "id",
                id -> id.equals(byDigest) ? ImageReference.of(reference).tag().orElse(reference) : id);
        for (String field : new String[] {"status", "error"}) {
            TextFields.text(line, field, text -> text.replace(byDigest, reference));
        }
        if (line.get("errorDetail") instanceof ObjectNode detail) {
            TextFields.text(detail, "message", text -> text.replace(byDigest, reference));
        }
        if (current) {
            TextFields.text(
                    line, "status", text -> text.replace("Downloaded newer image for", "Image is up to date for"));
        }
        return line;
    }

    /** Hears one object of the stream, which it leaves as it is. */
    public void hear(ObjectNode line) {
        heard = true;
        // An error is the last thing that is said.
        failed = line.has("error");
        reference = Optional.empty();
        String status = ApiJson.text(line, "status");
        Matcher end = END.matcher(status);
        if (status.startsWith(PULLING)) {
            tag = Optional.of(ApiJson.text(line, "id"));
            digest = Optional.empty();
        } else if (status.startsWith(DIGEST_SAID)) {
            digest = Optional.of(status.substring(DIGEST_SAID.length())).filter(ImageReference::isDigest);
        } else if (end.matches()) {
            reference = Optional.of(end.group(1));
        }
    }

    /** Whether all of it is there, as far as the stream says. */
    boolean succeeded() {
        return heard && !failed;
    }

    /** The tag that is being pulled, or was last. */
    Optional<String> tag() {
        return tag;
    }

    /** Its digest, once that is known. */
    public Optional<String> digest() {
        return digest;
    }

    /** What the line heard last says to be there now. */
    public Optional<String> completed() {
        return reference;
    }
}
