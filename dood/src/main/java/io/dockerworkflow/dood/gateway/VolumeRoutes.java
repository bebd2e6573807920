package io.dockerworkflow.dood.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dockerworkflow.Child;
import io.dockerworkflow.dood.policy.Body;
import io.dockerworkflow.spi.Labels;
import io.netty.handler.codec.http.HttpMethod;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Volumes. */
final class VolumeRoutes {
    private final GatewayContext gateway;
    private final Resolver resolver;
    private final LogicalView view;

    VolumeRoutes(GatewayContext gateway, Resolver resolver, LogicalView view) {
        this.gateway = gateway;
        this.resolver = resolver;
        this.view = view;
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

    /** Makes a volume of the session, unless it is there. */
    CompletionStage<EngineAnswer> make(Call call, String logical, ObjectNode body) {
        boolean anonymous = logical.isEmpty();
        boolean bare = !body.hasNonNull("Labels");
        LogicalView.addLabels(
                body,
                "Labels",
                anonymous ? gateway.names().labels() : gateway.names().labels(logical));
        if (bare) {
            Json.child(body, "Labels").put(LogicalView.NO_LABELS, "");
        }
        String engineName = anonymous ? randomName() : gateway.names().engineName(logical);
        body.put("Name", engineName);
        if (anonymous && call.version().atLeast(1, 42)) {
            // What the daemon sets on those that it names itself, and prunes by.
            Json.child(body, "Labels").put("com.docker.volume.anonymous", "");
        }
        gateway.watch().begin();
        Births.Birth birth = gateway.births().begin(new Child(Child.Kind.VOLUME, engineName));
        return call.ask(HttpMethod.POST, "/volumes/create", new Query(), body)
                .thenApply(answer -> {
                    if (answer.ok()) {
                        birth.born();
                        resolver.learnVolume(engineName);
                    }
                    return answer;
                })
                .whenComplete((done, failure) -> birth.end());
    }

    private static String randomName() {
        byte[] bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private CompletionStage<Reply> create(Call call) {
        return gateway.gate()
                .body(call, Body.VOLUME_CREATE, gateway.gate().policy()::volumeCreate)
                .thenCompose(body -> {
                    String logical = Json.text(body, "Name");
                    if (!logical.isEmpty()) {
                        Names.requireVolumeName(logical);
                    }
                    return make(call, logical, body)
                            .thenApply(answer -> Reply.json(answer.orThrow().status(), view.volume(answer.object())));
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
                    ObjectNode logical = view.volume(volume);
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
                        .with(Reply.document(view::volume)));
    }

    private CompletionStage<Reply> update(Call call) {
        return resolver.volume(call, call.variable())
                .thenApply(entry -> call.forward("/volumes/" + entry.engineName(), call.query()));
    }

    private CompletionStage<Reply> remove(Call call) {
        return resolver.volume(call, call.variable())
                .thenCompose(entry -> remove(call, entry.engineName(), call.query()))
                .thenApply(Reply::passed);
    }

    /** Takes a volume back that {@link #make} has made, unless it is in use. */
    CompletionStage<EngineAnswer> unmake(Call call, String engineName) {
        return remove(call, engineName, new Query());
    }

    private CompletionStage<EngineAnswer> remove(Call call, String engineName, Query query) {
        return call.ask(HttpMethod.DELETE, "/volumes/" + engineName, query).thenApply(answer -> {
            if (answer.ok() || answer.status() == 404) {
                gateway.departures().volume(engineName);
            }
            return answer;
        });
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
