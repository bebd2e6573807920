package io.dockerworkflow.dood.gateway.build;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dockerworkflow.dood.gateway.container.ContainerBody;
import io.dockerworkflow.dood.gateway.http.ClientRequest;
import io.dockerworkflow.dood.gateway.http.ClientResponse;
import io.dockerworkflow.dood.gateway.http.Route;
import io.dockerworkflow.dood.gateway.image.ImageLookup;
import io.dockerworkflow.dood.gateway.image.ImageTags;
import io.dockerworkflow.dood.gateway.image.ImageTags.Pending;
import io.dockerworkflow.dood.gateway.image.PulledImages;
import io.dockerworkflow.dood.gateway.protocol.ApiException;
import io.dockerworkflow.dood.gateway.protocol.ApiJson;
import io.dockerworkflow.dood.gateway.protocol.Query;
import io.dockerworkflow.dood.gateway.session.GatewayContext;
import io.dockerworkflow.dood.gateway.session.PolicyGate;
import io.dockerworkflow.dood.gateway.session.Resolver;
import io.dockerworkflow.dood.gateway.stream.ByteTransform;
import io.dockerworkflow.dood.gateway.stream.Gunzip;
import io.dockerworkflow.dood.policy.MalformedBodyException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Builds that the engine drives: with the classic builder, or with BuildKit and the session of a client of its own. */
public final class BuildRoutes {
    private final GatewayContext gateway;
    private final Resolver resolver;
    private final ImageTags tags;
    private final PulledImages pulled;
    private final BuildKitBuilds buildKit;

    public BuildRoutes(
            GatewayContext gateway, Resolver resolver, ImageTags tags, PulledImages pulled, BuildKitBuilds buildKit) {
        this.gateway = gateway;
        this.resolver = resolver;
        this.tags = tags;
        this.pulled = pulled;
        this.buildKit = buildKit;
    }

    public List<Route> routes() {
        return List.of(
                Route.of("POST", "/build", this::build),
                Route.of("POST", "/build/prune", this::prune),
                Route.of("POST", "/build/cancel", this::cancel));
    }

    /** The builder's cache is everybody's, and has no label to tell whose: nothing of it is the session's to prune. */
    private CompletionStage<ClientResponse> prune(ClientRequest request) {
        ObjectNode nothing = ApiJson.object().put("SpaceReclaimed", 0);
        nothing.putNull("CachesDeleted");
        return done(ClientResponse.json(200, nothing));
    }

    private CompletionStage<ClientResponse> cancel(ClientRequest request) {
        Query query = request.query().copy();
        return done(request.forward("/build/cancel", query.set("id", buildKit.engineRef(query.get("id")))));
    }

    private CompletionStage<ClientResponse> build(ClientRequest request) {
        boolean withBuildKit = request.query().get("version").equals("2");
        boolean classicPull = !withBuildKit && request.query().flag("pull");
        requireSeen(request.query().get("remote"), withBuildKit, classicPull);
        Query query = request.query().copy();
        Map<String, String> set = allowed(query);
        set.forEach(query::set);
        gateway.settings().cgroupParent().ifPresent(parent -> query.set("cgroupparent", parent));
        labels(query, withBuildKit ? gateway.names().labels() : gateway.names().extraLabels());
        // What a build leaves on the way carries no label, so it must not stay.
        query.set("rm", "1").set("forcerm", "1");
        if (query.has("cachefrom") && json(query, "cachefrom") instanceof ArrayNode sources) {
            ArrayNode seen = ApiJson.array();
            sources.forEach(source -> {
                if (isVisible(source.asText(""))) {
                    seen.add(gateway.images().toEngine(source.asText("")));
                }
            });
            query.set("cachefrom", ApiJson.text(seen));
        }
        List<Pending> pending = new ArrayList<>();
        query.remove("t");
        for (String name : request.query().all("t")) {
            if (!name.isEmpty()) {
                Pending tag = tags.announce(name);
                pending.add(tag);
                query.add("t", tag.engineReference());
            }
        }
        if (query.has("buildid")) {
            query.set("buildid", buildKit.engineRef(query.get("buildid")));
        }
        if (withBuildKit) {
            buildKit.translate(query);
            return network(request, query)
                    .<ClientResponse>thenApply(ignored -> request.forward("/build", query)
                            .through(context(query, true))
                            .with(new ClientResponse.Filter.Lines(
                                    buildKit::filter, () -> tags.settle(request, pending))))
                    .whenComplete((response, failure) -> notBegun(pending, failure));
        }
        BuildPulls pulls = new BuildPulls(gateway, tags, pulled, request);
        return network(request, query)
                .thenCompose(ignored -> new ClassicBuild(gateway, tags, pulled, pulls, request, query)
                        .reply(classicPull ? pullingContext(query, pulls) : context(query, false), pending))
                .whenComplete((response, failure) -> notBegun(pending, failure));
    }

    private static void notBegun(List<Pending> pending, @Nullable Throwable failure) {
        if (failure != null) {
            pending.forEach(tag -> tag.settle(false));
        }
    }

    /** The builder itself fetches a remote context, and the images that its Dockerfile names would not be looked at. */
    private void requireSeen(String remote, boolean withBuildKit, boolean classicPull) {
        if (!remote.isEmpty()
                && !withBuildKit
                && (classicPull || !gateway.visible().all())) {
            throw ApiException.badRequest("docker-workflow cannot relay a build of the remote context " + remote
                    + (classicPull ? " that pulls" : " where images of the host are hidden")
                    + ": it does not see which images the Dockerfile names; clone the context and build it from its"
                    + " directory");
        }
    }

    private boolean isVisible(String reference) {
        return gateway.images().isOwn(reference) || gateway.visible().allows(reference);
    }

    private Map<String, String> allowed(Query query) {
        try {
            return PolicyGate.allowed(gateway.gate().policy().build(query.names(), query::all));
        } catch (MalformedBodyException e) {
            throw ApiException.badRequest(String.valueOf(e.getMessage()));
        }
    }

    private static void labels(Query query, Map<String, String> added) {
        ObjectNode labels =
                query.has("labels") && json(query, "labels") instanceof ObjectNode given ? given : ApiJson.object();
        added.forEach(labels::put);
        if (!labels.isEmpty()) {
            query.set("labels", ApiJson.text(labels));
        }
    }

    private static JsonNode json(Query query, String name) {
        return ApiJson.parseParameter(name, query.get(name));
    }

    private CompletionStage<?> network(ClientRequest request, Query query) {
        String mode = query.get("networkmode");
        if (mode.startsWith("container:")) {
            return resolver.containerToken(request, mode.substring("container:".length()))
                    .thenAccept(token -> query.set("networkmode", "container:" + token));
        }
        if (ContainerBody.isUserDefined(mode)) {
            return resolver.network(request, mode).thenAccept(network -> {
                // A builder may fetch a remote context before it looks at the network.
                if (network.isUnknown() && !Resolver.isPredefinedNetwork(mode)) {
                    throw ApiException.notFound("network " + mode + " not found");
                }
                query.set("networkmode", network.id());
            });
        }
        return done(ClientResponse.empty(200));
    }

    /** A Dockerfile may build on what the session built before, which the engine knows by another name. */
    private ByteTransform context(Query query, boolean withBuildKit) {
        Map<String, String> arguments = arguments(query);
        return context(
                query,
                !gateway.visible().all() && query.get("remote").isEmpty(),
                text -> CompletableFuture.completedFuture(
                        new DockerfileTranslator(this::image, arguments, withBuildKit).translate(text)));
    }

    /** A registry need not have what the session built before: who asks for a pull wants what the registry has. */
    private static ByteTransform pullingContext(Query query, BuildPulls pulls) {
        Map<String, String> arguments = arguments(query);
        return context(
                query,
                true,
                text -> pulls.translate(images -> new DockerfileTranslator(images, arguments, false).translate(text)));
    }

    private static ByteTransform context(
            Query query, boolean required, Function<String, CompletionStage<String>> translation) {
        String named = query.get("dockerfile");
        return new Gunzip(new ContextRewriter(
                named.isEmpty() ? Set.of("Dockerfile", "dockerfile") : Set.of(named), translation, required));
    }

    private static Map<String, String> arguments(Query query) {
        Map<String, String> arguments = new HashMap<>();
        if (query.has("buildargs") && json(query, "buildargs") instanceof ObjectNode given) {
            given.properties()
                    .forEach(entry ->
                            arguments.put(entry.getKey(), entry.getValue().asText("")));
        }
        return arguments;
    }

    /** What to write for an image that a Dockerfile names; empty to leave it. */
    private Optional<String> image(String reference) {
        if (reference.isEmpty() || reference.equals("scratch")) {
            return Optional.empty();
        }
        if (!isVisible(reference)) {
            throw ImageLookup.noSuchImage(reference);
        }
        return gateway.images().isOwn(reference) ? Optional.of(gateway.images().toEngine(reference)) : Optional.empty();
    }

    private static CompletionStage<ClientResponse> done(ClientResponse response) {
        return CompletableFuture.completedFuture(response);
    }
}
