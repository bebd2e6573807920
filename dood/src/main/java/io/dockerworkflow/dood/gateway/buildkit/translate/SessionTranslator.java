package io.dockerworkflow.dood.gateway.buildkit.translate;

import io.dockerworkflow.dood.gateway.build.DockerfileTranslator;
import io.dockerworkflow.dood.gateway.buildkit.wire.GrpcRefusal;
import io.dockerworkflow.dood.gateway.buildkit.wire.GrpcStatus;
import io.dockerworkflow.dood.gateway.buildkit.wire.MessageTransform;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * What becomes of the calls through {@code /session}, where the engine's builder calls and the client answers. Dockerfiles are
 * translated where no rules hold for the build; files, secrets and credentials pass unread.
 */
public final class SessionTranslator {
    private static final String DIFF_COPY = "/moby.filesync.v1.FileSync/DiffCopy";

    /** What BuildKit's clients and its Dockerfile frontend call the directory with the Dockerfile. */
    private static final String DOCKERFILE = "dockerfile";

    private final BuildSettings settings;
    private final BuildArguments arguments;
    private final String session;

    public SessionTranslator(BuildSettings settings, BuildArguments arguments, String session) {
        this.settings = settings;
        this.arguments = arguments;
        this.session = session;
    }

    /** What changes the answer to the call with those headers; empty: it passes unread. */
    public Optional<MessageTransform> answer(Http2Headers headers) {
        boolean dockerfile = DIFF_COPY.contentEquals(headers.path())
                && headers.getAll("dir-name").stream().anyMatch(DOCKERFILE::contentEquals);
        if (!dockerfile
                || settings.sourcePolicies() && !arguments.isDirect(session).getNow(false)) {
            return Optional.empty();
        }
        Map<String, String> given = new TreeMap<>(arguments.of(session));
        Map<String, String> images = new TreeMap<>(settings.images().references());
        UnaryOperator<String> translation =
                text -> new DockerfileTranslator(reference -> image(reference, images), given, true).translate(text);
        return Optional.of(new DockerfileStream(translation, images.hashCode() * 31 + given.hashCode()));
    }

    private Optional<String> image(String reference, Map<String, String> images) {
        if (reference.isEmpty() || reference.equals("scratch")) {
            return Optional.empty();
        }
        String full = BuildReferences.full(reference);
        if (settings.images().isForeign(full)) {
            throw new GrpcRefusal(GrpcStatus.NOT_FOUND, "The Dockerfile names " + reference + ": not found");
        }
        return Optional.ofNullable(images.get(full)).map(engine -> BuildReferences.inFormOf(reference, engine));
    }
}
