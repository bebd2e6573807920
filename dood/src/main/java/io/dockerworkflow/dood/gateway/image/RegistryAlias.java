package io.dockerworkflow.dood.gateway.image;

import com.fasterxml.jackson.databind.JsonNode;
import io.dockerworkflow.dood.gateway.http.ClientRequest;
import io.netty.handler.codec.http.HttpMethod;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Another spelling of an image's name, which leads to the same registry: a port may begin with a zero. An engine takes the two for
 * different names (seen with 20.10.24, 26.1.5 and 28.5.2), so that what the host calls by the one stays as it is.
 */
final class RegistryAlias {
    private static final Pattern WITH_PORT = Pattern.compile("([^/]+:)([0-9]+/.*)");

    /** Of one without a dot, an engine could not tell that it is a registry. */
    private static final Pattern WITHOUT_PORT = Pattern.compile("([^/:]*\\.[^/:]*)(/.*)");

    /** Engines reach it without TLS, and so without a port at another one than HTTPS's. */
    private static final String LOOPBACK = "127.";

    private RegistryAlias() {}

    /** The other spelling, with regard to what the engine says of its registries. */
    static CompletionStage<Optional<String>> of(ClientRequest request, String reference) {
        return request.ask(HttpMethod.GET, "/info")
                .thenApply(info -> of(reference, info.orThrow().json()));
    }

    /**
     * The other spelling; empty for the engine's default registry, whose names have no address, and for one that the engine's
     * settings name as insecure, because they would not be found by it.
     *
     * @param info an answer of {@code GET /info}
     */
    static Optional<String> of(String reference, JsonNode info) {
        String registry = reference.substring(0, Math.max(0, reference.indexOf('/')));
        JsonNode settings = info.path("RegistryConfig").path("IndexConfigs").path(registry);
        if (!settings.path("Secure").asBoolean(true)) {
            return Optional.empty();
        }
        Matcher with = WITH_PORT.matcher(reference);
        if (with.matches()) {
            return Optional.of(with.group(1) + "0" + with.group(2));
        }
        Matcher without = WITHOUT_PORT.matcher(reference);
        return without.matches() && !registry.startsWith(LOOPBACK)
                ? Optional.of(without.group(1) + ":443" + without.group(2))
                : Optional.empty();
    }
}
