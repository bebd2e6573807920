package io.dockerworkflow.dood.gateway.build;

import com.fasterxml.jackson.databind.JsonNode;
import io.dockerworkflow.dood.gateway.protocol.ApiException;
import io.dockerworkflow.dood.gateway.protocol.ApiJson;
import io.dockerworkflow.internal.engine.ImageReference;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A build's client sends its credentials for all registries at once; a question about one image is to have those of its own. */
final class BuildCredentials {
    private static final String HEADER = "X-Registry-Config";
    private static final Set<String> DEFAULT_REGISTRY = Set.of("docker.io", "index.docker.io");

    private BuildCredentials() {}

    /** The values of a header {@code X-Registry-Auth} for that image: one or, if there are no credentials for it, none. */
    static List<String> of(HttpHeaders headers, String reference) {
        Set<String> registries = registries(ImageReference.of(reference));
        return all(headers.get(HEADER, "")).properties().stream()
                .filter(known -> registries.contains(host(known.getKey())))
                .map(Map.Entry::getValue)
                .limit(1)
                .map(ApiJson::bytes)
                .map(Base64.getUrlEncoder()::encodeToString)
                .toList();
    }

    /** What is malformed is no more than missing, as to an engine. */
    private static JsonNode all(String header) {
        try {
            return ApiJson.parse(Base64.getUrlDecoder().decode(header.getBytes(StandardCharsets.ISO_8859_1)));
        } catch (IllegalArgumentException | ApiException e) {
            return ApiJson.object();
        }
    }

    private static Set<String> registries(ImageReference image) {
        return image.registry().map(Set::of).orElse(DEFAULT_REGISTRY);
    }

    /** Clients of old wrote addresses, the path of the API with them: {@code https://index.docker.io/v1/}. */
    private static String host(String key) {
        String address = key.substring(key.indexOf("://") < 0 ? 0 : key.indexOf("://") + "://".length());
        int path = address.indexOf('/');
        return path < 0 ? address : address.substring(0, path);
    }
}
