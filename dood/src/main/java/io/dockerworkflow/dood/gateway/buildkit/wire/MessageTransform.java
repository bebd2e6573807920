package io.dockerworkflow.dood.gateway.buildkit.wire;

import java.util.List;
import java.util.Optional;

/** Changes the messages of one direction of one call. Called from one thread. */
public interface MessageTransform {

    /** The messages to send on in place of this one. */
    List<byte[]> apply(byte[] message) throws GrpcRefusal;

    /** A transform of one message into one message. */
    interface Mapping {
        byte[] map(byte[] message) throws GrpcRefusal;
    }

    static Optional<MessageTransform> each(Mapping mapping) {
        return Optional.of(message -> List.of(mapping.map(message)));
    }
}
