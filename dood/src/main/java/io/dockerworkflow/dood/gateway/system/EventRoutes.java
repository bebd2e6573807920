package io.dockerworkflow.dood.gateway.system;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dockerworkflow.dood.gateway.http.ClientRequest;
import io.dockerworkflow.dood.gateway.http.ClientResponse;
import io.dockerworkflow.dood.gateway.http.Route;
import io.dockerworkflow.dood.gateway.protocol.ApiJson;
import io.dockerworkflow.dood.gateway.protocol.Filters;
import io.dockerworkflow.dood.gateway.protocol.Query;
import io.dockerworkflow.internal.engine.ImageReference;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The stream of events, without those of others. */
public final class EventRoutes {
    private final EventRewriter rewriter;

    public EventRoutes(EventRewriter rewriter) {
        this.rewriter = rewriter;
    }

    public List<Route> routes() {
        return List.of(Route.of("GET", "/events", this::events));
    }

    private CompletionStage<ClientResponse> events(ClientRequest request) {
        Filters filters = Filters.of(request.query());
        // These match what only the session knows of an object: its names, and labels, which volumes' events have not.
        Set<String> containers = filters.remove("container");
        Set<String> networks = filters.remove("network");
        Set<String> volumes = filters.remove("volume");
        Set<String> images = filters.remove("image");
        Set<String> labels = filters.remove("label");
        Query query = request.query().copy().set("filters", filters.encode());
        return CompletableFuture.completedFuture(request.forward("/events", query)
                .with(new ClientResponse.Filter.Lines(event -> {
                    if (!rewriter.isMine(event)) {
                        return List.of();
                    }
                    ObjectNode logical = rewriter.logical(event);
                    boolean wanted = fuzzy(containers, logical)
                            && fuzzy(networks, logical)
                            && fuzzy(volumes, logical)
                            && image(images, logical)
                            && labelled(labels, logical);
                    return wanted ? List.of(logical) : List.of();
                })));
    }

    /** As the daemon matches: the actor's id or name begins with the value. */
    private static boolean fuzzy(Set<String> wanted, ObjectNode event) {
        String id = ApiJson.text(event.path("Actor"), "ID");
        String name = ApiJson.text(event.path("Actor").path("Attributes"), "name");
        return wanted.isEmpty() || wanted.stream().anyMatch(value -> id.startsWith(value) || name.startsWith(value));
    }

    private static boolean image(Set<String> wanted, ObjectNode event) {
        JsonNode attributes = event.path("Actor").path("Attributes");
        List<String> names = List.of(
                ApiJson.text(event.path("Actor"), "ID"),
                ApiJson.text(attributes, "name"),
                ApiJson.text(attributes, "image"));
        return wanted.isEmpty()
                || wanted.stream()
                        .anyMatch(value -> names.contains(value)
                                || names.stream()
                                        .map(ImageReference::nameAsWritten)
                                        .anyMatch(value::equals));
    }

    private static boolean labelled(Set<String> wanted, ObjectNode event) {
        JsonNode attributes = event.path("Actor").path("Attributes");
        return wanted.stream().allMatch(label -> {
            int equals = label.indexOf('=');
            return equals < 0
                    ? attributes.has(label)
                    : attributes.has(label.substring(0, equals))
                            && ApiJson.text(attributes, label.substring(0, equals))
                                    .equals(label.substring(equals + 1));
        });
    }
}
