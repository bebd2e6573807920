package io.dockerworkflow.dood.gateway.buildkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dockerworkflow.dood.gateway.build.BuildKitBuilds;
import io.dockerworkflow.dood.gateway.protocol.ApiException;
import io.dockerworkflow.dood.gateway.protocol.ApiJson;
import io.dockerworkflow.dood.gateway.protocol.Query;
import io.dockerworkflow.dood.gateway.session.GatewayContext;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A build with BuildKit that the engine drives, as the docker CLI before 23 asks for: {@code POST /build?version=2}. */
public final class BuildKitQuery implements BuildKitBuilds {
    private static final String FROM_CLIENT = "client-session";
    private static final String TRACE = "moby.buildkit.trace";

    /** What sends the result to the client. */
    private static final Set<String> OUTPUTS = Set.of("local", "tar", "cacheonly");

    private final GatewayContext gateway;
    private final BuildKit buildKit;

    public BuildKitQuery(GatewayContext gateway, BuildKit buildKit) {
        this.gateway = gateway;
        this.buildKit = buildKit;
    }

    @Override
    public void translate(Query query) {
        requireTranslatable(query.get("remote"));
        if (query.has("outputs")) {
            requireToClient(query.get("outputs"));
        }
        ObjectNode arguments = ApiJson.object();
        try {
            buildKit.direct(query.get("session"), arguments(query)).forEach(arguments::put);
        } catch (IllegalStateException e) {
            throw ApiException.badRequest("docker-workflow cannot relay this build: " + e.getMessage());
        }
        query.set("buildargs", ApiJson.text(arguments));
        buildKit.isolationHost()
                .ifPresent(host ->
                        query.add("extrahosts", host).set("nocache", "1").remove("cachefrom"));
    }

    /** The Dockerfile of a remote context is not seen here, and could name another's image or miss the session's. */
    private void requireTranslatable(String remote) {
        if (!remote.isEmpty()
                && !remote.equals(FROM_CLIENT)
                && !(gateway.images().all().isEmpty() && gateway.visible().all())) {
            throw ApiException.badRequest("docker-workflow cannot relay a build of the remote context " + remote
                    + " to a shared engine: the engine could take another image for one that the session has; use buildx"
                    + " with an engine from 24 on, or clone the context and build it from its directory");
        }
    }

    private static void requireToClient(String outputs) {
        for (JsonNode output : ApiJson.parseParameter("outputs", outputs)) {
            output.properties().stream()
                    .filter(field -> field.getKey().equalsIgnoreCase("Type"))
                    .map(field -> field.getValue().asText())
                    .filter(type -> !OUTPUTS.contains(type))
                    .findFirst()
                    .ifPresent(type -> {
                        throw ApiException.badRequest(
                                "docker-workflow cannot relay the output type \"" + type
                                        + "\" to a shared engine: names in it are not translated; tag the result with -t, and use docker push to push it");
                    });
        }
    }

    private static Map<String, String> arguments(Query query) {
        Map<String, String> arguments = new LinkedHashMap<>();
        // An argument without a value is null, and takes its value from nowhere.
        ApiJson.parseParameter("buildargs", query.get("buildargs")).properties().forEach(argument -> {
            if (!argument.getValue().isNull()) {
                arguments.put(argument.getKey(), argument.getValue().asText());
            }
        });
        return arguments;
    }

    @Override
    public String engineRef(String build) {
        return buildKit.engineRef(build);
    }

    @Override
    public List<ObjectNode> filter(ObjectNode line) {
        if (ApiJson.text(line, "id").equals(TRACE) && line.path("aux").isTextual()) {
            byte[] status = Base64.getDecoder().decode(line.path("aux").asText());
            return List.of(line.put("aux", Base64.getEncoder().encodeToString(buildKit.progress(status))));
        }
        return List.of(gateway.messages().progress(line));
    }
}
