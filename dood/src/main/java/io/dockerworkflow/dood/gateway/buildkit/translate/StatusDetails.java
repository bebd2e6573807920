package io.dockerworkflow.dood.gateway.buildkit.translate;

import io.dockerworkflow.dood.gateway.buildkit.wire.GrpcRefusal;
import io.dockerworkflow.dood.gateway.buildkit.wire.ProtoMessage;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Base64;

/** Translates the words of an error's details, which grpc-go prefers to the message beside them. */
final class StatusDetails {
    private static final String DETAILS = "grpc-status-details-bin";
    private static final int MESSAGE = 2;

    private StatusDetails() {}

    static Http2Headers translate(Http2Headers trailers, ResponseTranslator answers) {
        CharSequence encoded = trailers.get(DETAILS);
        if (encoded == null) {
            return trailers;
        }
        try {
            ProtoMessage status = ProtoMessage.parse(Base64.getDecoder().decode(encoded.toString()));
            status.set(MESSAGE, answers.words(status.string(MESSAGE)));
            trailers.set(DETAILS, Base64.getEncoder().withoutPadding().encodeToString(status.toBytes()));
        } catch (IllegalArgumentException | GrpcRefusal e) {
            // The message remains.
            trailers.remove(DETAILS);
        }
        return trailers;
    }
}
