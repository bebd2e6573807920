package io.dockerworkflow.dood.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import io.netty.handler.codec.http.HttpMethod;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Another spelling of an image's name, which leads to the same registry: a port may begin with a zero. An engine takes the two for
 * different names (seen with 20.10.24, 26.1.5 and 28.5.2), so that what the host calls by the one stays as it is.
 */
final class RegistrySpelling {
    private static final String HTTPS = ":443";

    private RegistrySpelling() {}

    /**
     * The other spelling; empty for the engine's default registry, whose names have no address, and for one that the engine's
     * settings name as insecure, because they would not be found by it.
     */
    static CompletionStage<Optional<String>> of(Call call, String reference) {
        return call.ask(HttpMethod.GET, "/info").thenApply(info -> {
            JsonNode known = info.orThrow().json().path("RegistryConfig").path("IndexConfigs");
            return registry(reference)
                    .filter(name -> known.path(name).path("Secure").asBoolean(true))
                    .map(name -> respelled(name) + reference.substring(name.length()));
        });
    }

    private static Optional<String> registry(String reference) {
        int slash = reference.indexOf('/');
        String first = slash < 0 ? "" : reference.substring(0, slash);
        return first.contains(".") || first.contains(":") ? Optional.of(first) : Optional.empty();
    }

    private static String respelled(String registry) {
        int colon = registry.lastIndexOf(':');
        return colon < 0 ? registry + HTTPS : registry.substring(0, colon) + ":0" + registry.substring(colon + 1);
    }
}
