package io.dockerworkflow.dood.gateway.socket;

import io.netty.channel.ChannelId;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** Tells a channel from every other. Netty's own looks at the machine's network interfaces first, which takes a while. */
final class UnixChannelId implements ChannelId {
    private static final long serialVersionUID = 1;

    private final UUID id;

    UnixChannelId() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        id = new UUID(random.nextLong(), random.nextLong());
    }

    @Override
    public String asShortText() {
        return asLongText().substring(0, 8);
    }

    @Override
    public String asLongText() {
        return id.toString();
    }

    @Override
    public int compareTo(ChannelId other) {
        return asLongText().compareTo(other.asLongText());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof UnixChannelId channel && id.equals(channel.id);
    }

    @Override
    public int hashCode() {
        return id.hashCode();
    }
}
