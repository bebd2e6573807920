package io.dockerworkflow.dood.gateway.image;

import com.fasterxml.jackson.databind.JsonNode;
import io.dockerworkflow.dood.gateway.protocol.EngineTime;
import io.dockerworkflow.dood.gateway.protocol.Filters;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.Set;

/**
 * What a prune is narrowed to, as the daemon reads it.
 *
 * @param until from when on images are kept
 * @param labels what an image must have, as {@code name} or {@code name=value}
 * @param without what it must not have, all of it
 */
record PruneFilter(Optional<Instant> until, Set<String> labels, Set<String> without) {

    /**
     * Reads what the engine has found right.
     *
     * @param now on the engine
     */
    static PruneFilter of(Filters filters, OffsetDateTime now) {
        Optional<Instant> until = filters.get("until").stream().findFirst().map(text -> EngineTime.parse(text, now));
        return new PruneFilter(until, filters.get("label"), filters.get("label!"));
    }

    /** Whether it leaves an element of {@code GET /images/json} in. That is in whole seconds: one of the same second is kept. */
    boolean matches(JsonNode image) {
        long created = image.path("Created").asLong();
        JsonNode has = image.path("Labels");
        return until.filter(limit -> created >= limit.getEpochSecond()).isEmpty()
                && hasAll(has, labels)
                && (without.isEmpty() || !hasAll(has, without));
    }

    private static boolean hasAll(JsonNode has, Set<String> wanted) {
        return wanted.stream().allMatch(label -> {
            int equals = label.indexOf('=');
            JsonNode value = has.path(equals < 0 ? label : label.substring(0, equals));
            return !value.isMissingNode() && (equals < 0 || value.asText("").equals(label.substring(equals + 1)));
        });
    }
}
