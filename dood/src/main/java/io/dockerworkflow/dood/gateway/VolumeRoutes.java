package io.dockerworkflow.dood.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dockerworkflow.dood.policy.Body;
import io.dockerworkflow.spi.Labels;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Volumes. */
final class VolumeRoutes {
    private final GatewayContext gateway;
    private final Resolver resolver;
    private final VolumeCreation creation;
    private final VolumeRewriter rewriter;

    VolumeRoutes(GatewayContext gateway, Resolver resolver, VolumeCreation creation) {
        this.gateway = gateway;
        this.resolver = resolver;
        this.creation = creation;
        this.rewriter = new VolumeRewriter(gateway.names());
    }

    List<Route> routes() {
        return List.of(
                Route.of("GET", "/volumes", this::list),
                Route.of("POST", "/volumes/create", this::create),
                Route.of("POST", "/volumes/prune", this::prune),
                Route.of("GET", "/volumes/{name}", this::inspect),
                Route.of("PUT", "/volumes/{name}", this::update),
                Route.of("DELETE", "/volumes/{name}", this::remove));
    }

    private CompletionStage<Reply> create(Call call) {
        return gateway.gate()
                .body(call, Body.VOLUME_CREATE, gateway.gate().policy()::volumeCreate)
                .thenCompose(body -> {
                    String logical = Json.text(body, "Name");
                    if (!logical.isEmpty()) {
                        Names.requireVolumeName(logical);
                    }
                    return creation.make(call, logical, body)
                            .thenApply(
                                    answer -> Reply.json(answer.orThrow().status(), rewriter.rewrite(answer.object())));
                });
    }

    private CompletionStage<Reply> list(Call call) {
        Filters filters = Filters.of(call.query());
        Set<String> names = filters.remove("name");
        Query query = call.query().copy().set("filters", filters.encode());
        return CompletableFuture.completedFuture(call.forward("/volumes", query).with(Reply.document(answer -> {
            ArrayNode mine = Json.array();
            for (JsonNode each : answer.path("Volumes")) {
                if (each instanceof ObjectNode volume && isMine(volume)) {
                    resolver.learnVolume(Json.text(volume, "Name"));
                    ObjectNode logical = rewriter.rewrite(volume);
                    if (Filters.matches(names, List.of(Json.text(logical, "Name")))) {
                        mine.add(logical);
                    }
                }
            }
            answer.set("Volumes", mine);
            return answer;
        })));
    }

    /** By its label, or, for those that cannot carry one, by the index. */
    boolean isMine(ObjectNode volume) {
        return Json.text(volume.path("Labels"), Labels.SESSION)
                        .equals(gateway.names().session().value())
                || gateway.index()
                        .volumes()
                        .byEngineName(Json.text(volume, "Name"))
                        .isPresent();
    }

    private CompletionStage<Reply> inspect(Call call) {
        return resolver.volume(call, call.variable())
                .thenApply(entry -> call.forward("/volumes/" + entry.engineName(), call.query())
                        .with(Reply.document(rewriter::rewrite)));
    }

    private CompletionStage<Reply> update(Call call) {
        return resolver.volume(call, call.variable())
                .thenApply(entry -> call.forward("/volumes/" + entry.engineName(), call.query()));
    }

    private CompletionStage<Reply> remove(Call call) {
        return resolver.volume(call, call.variable())
                .thenCompose(entry -> creation.remove(call, entry.engineName(), call.query()))
                .thenApply(Reply::passed);
    }

    private CompletionStage<Reply> prune(Call call) {
        Filters filters = Filters.of(call.query());
        filters.add("label", gateway.label());
        Query query = call.query().copy().set("filters", filters.encode());
        return OneAtATime.prune(call, "/volumes/prune", query, answer -> {
            ArrayNode deleted = Json.array();
            answer.path("VolumesDeleted").forEach(name -> {
                gateway.departures().volume(name.asText(""));
                deleted.add(gateway.names().logicalName(name.asText("")).orElse(name.asText("")));
            });
            if (answer.path("VolumesDeleted").isArray()) {
                answer.set("VolumesDeleted", deleted);
            }
            return answer;
        });
    }
}
