package io.dockerworkflow.dood.gateway.volume;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dockerworkflow.dood.gateway.http.ClientRequest;
import io.dockerworkflow.dood.gateway.http.ClientResponse;
import io.dockerworkflow.dood.gateway.http.Route;
import io.dockerworkflow.dood.gateway.protocol.ApiJson;
import io.dockerworkflow.dood.gateway.protocol.Filters;
import io.dockerworkflow.dood.gateway.protocol.NameRules;
import io.dockerworkflow.dood.gateway.protocol.Query;
import io.dockerworkflow.dood.gateway.session.ExclusiveOperation;
import io.dockerworkflow.dood.gateway.session.GatewayContext;
import io.dockerworkflow.dood.gateway.session.Resolver;
import io.dockerworkflow.dood.gateway.session.VolumeCreation;
import io.dockerworkflow.dood.policy.RequestKind;
import io.dockerworkflow.internal.children.Labels;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Volumes. */
public final class VolumeRoutes {
    private final GatewayContext gateway;
    private final Resolver resolver;
    private final VolumeCreation creation;
    private final VolumeRewriter rewriter;

    public VolumeRoutes(GatewayContext gateway, Resolver resolver, VolumeCreation creation) {
        this.gateway = gateway;
        this.resolver = resolver;
        this.creation = creation;
        this.rewriter = new VolumeRewriter(gateway.names());
    }

    public List<Route> routes() {
        return List.of(
                Route.of("GET", "/volumes", this::list),
                Route.of("POST", "/volumes/create", this::create),
                Route.of("POST", "/volumes/prune", this::prune),
                Route.of("GET", "/volumes/{name}", this::inspect),
                Route.of("PUT", "/volumes/{name}", this::update),
                Route.of("DELETE", "/volumes/{name}", this::remove));
    }

    private CompletionStage<ClientResponse> create(ClientRequest request) {
        return gateway.gate()
                .body(request, RequestKind.VOLUME_CREATE, gateway.gate().policy()::volumeCreate)
                .thenCompose(body -> {
                    String logical = ApiJson.text(body, "Name");
                    if (!logical.isEmpty()) {
                        NameRules.requireVolumeName(logical);
                    }
                    return creation.make(request, logical, body)
                            .thenApply(response -> ClientResponse.json(
                                    response.orThrow().status(), rewriter.rewrite(response.object())));
                });
    }

    private CompletionStage<ClientResponse> list(ClientRequest request) {
        Filters filters = Filters.of(request.query());
        Set<String> names = filters.remove("name");
        Query query = request.query().copy().set("filters", filters.encode());
        return CompletableFuture.completedFuture(request.forward("/volumes", query)
                .with(ClientResponse.document(answer -> {
                    ArrayNode mine = ApiJson.array();
                    for (JsonNode each : answer.path("Volumes")) {
                        if (each instanceof ObjectNode volume && isMine(volume)) {
                            resolver.learnVolume(ApiJson.text(volume, "Name"));
                            ObjectNode logical = rewriter.rewrite(volume);
                            if (Filters.matches(names, List.of(ApiJson.text(logical, "Name")))) {
                                mine.add(logical);
                            }
                        }
                    }
                    answer.set("Volumes", mine);
                    return answer;
                })));
    }

    /** By its label, or, for those that cannot carry one, by the index. */
    public boolean isMine(ObjectNode volume) {
        return ApiJson.text(volume.path("Labels"), Labels.SESSION)
                        .equals(gateway.names().session().value())
                || gateway.index()
                        .volumes()
                        .byEngineName(ApiJson.text(volume, "Name"))
                        .isPresent();
    }

    private CompletionStage<ClientResponse> inspect(ClientRequest request) {
        return resolver.volume(request, request.variable())
                .thenApply(entry -> request.forward("/volumes/" + entry.engineName(), request.query())
                        .with(ClientResponse.document(rewriter::rewrite)));
    }

    private CompletionStage<ClientResponse> update(ClientRequest request) {
        return resolver.volume(request, request.variable())
                .thenApply(entry -> request.forward("/volumes/" + entry.engineName(), request.query()));
    }

    private CompletionStage<ClientResponse> remove(ClientRequest request) {
        return resolver.volume(request, request.variable())
                .thenCompose(entry -> creation.remove(request, entry.engineName(), request.query()))
                .thenApply(ClientResponse::passed);
    }

    private CompletionStage<ClientResponse> prune(ClientRequest request) {
        Filters filters = Filters.of(request.query());
        filters.add("label", gateway.label());
        Query query = request.query().copy().set("filters", filters.encode());
        return ExclusiveOperation.prune(request, "/volumes/prune", query, answer -> {
            ArrayNode deleted = ApiJson.array();
            answer.path("VolumesDeleted").forEach(name -> {
                gateway.removedChildren().volume(name.asText(""));
                deleted.add(gateway.names().logicalName(name.asText("")).orElse(name.asText("")));
            });
            if (answer.path("VolumesDeleted").isArray()) {
                answer.set("VolumesDeleted", deleted);
            }
            return answer;
        });
    }
}
