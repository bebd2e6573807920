package io.dockerworkflow.dood.gateway.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dockerworkflow.dood.gateway.http.ClientRequest;
import io.dockerworkflow.dood.gateway.protocol.ApiException;
import io.dockerworkflow.dood.gateway.protocol.ApiJson;
import io.dockerworkflow.dood.gateway.protocol.PercentEncoding;
import io.dockerworkflow.dood.gateway.session.NamedObjects.Entry;
import io.dockerworkflow.internal.children.Labels;
import io.netty.handler.codec.http.HttpMethod;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;

/**
 * Finds what a client's name or id means within the session, and what the engine calls it. The index answers; what it does
 * not know yet is looked up on the engine and taken in if it carries the session's label.
 */
public final class Resolver {
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]*");
    private static final Pattern FULL_ID = Pattern.compile("[0-9a-f]{64}");
    private static final Set<String> PREDEFINED = Set.of("bridge", "host", "none", "nat");

    private final GatewayContext gateway;

    public Resolver(GatewayContext gateway) {
        this.gateway = gateway;
    }

    public static boolean isPredefinedNetwork(String name) {
        return PREDEFINED.contains(name);
    }

    static boolean isFullId(String text) {
        return FULL_ID.matcher(text).matches();
    }

    /**
     * The session's container. One that it does not have becomes a name that no engine knows, so that the answer, its status and
     * its words are the engine's own.
     */
    public CompletionStage<Entry> container(ClientRequest request, String reference) {
        String name = reference.startsWith("/") ? reference.substring(1) : reference;
        List<Entry> found = gateway.index().containers().find(name);
        if (found.size() > 1) {
            throw ApiException.badRequest("Multiple IDs found with provided prefix: " + reference);
        }
        if (found.size() == 1) {
            return CompletableFuture.completedFuture(found.get(0).askedFor(name));
        }
        if (!NAME.matcher(name).matches()) {
            throw noSuchContainer(reference);
        }
        String asked = isFullId(name) ? name : gateway.names().engineName(name);
        return request.ask(HttpMethod.GET, "/containers/" + PercentEncoding.encodePath(asked) + "/json")
                .thenApply(response -> {
                    ObjectNode body = response.ok() ? response.object() : ApiJson.object();
                    String session = body.path("Config")
                            .path("Labels")
                            .path(Labels.SESSION)
                            .asText("");
                    return session.equals(gateway.names().session().value()) && isNamed(ApiJson.text(body, "Name"))
                            ? learnContainer(ApiJson.text(body, "Id"), ApiJson.text(body, "Name"))
                                    .askedFor(name)
                            : Entry.unknown(name, gateway.names().engineName(name));
                });
    }

    /**
     * Whether a container has a name of the session's. Its label alone does not make it a child: an image that the session has built
     * and pushed brings that to the containers of whoever runs it.
     */
    boolean isNamed(String engineNameWithSlash) {
        return engineNameWithSlash.startsWith("/" + gateway.names().prefix());
    }

    /** Whether a container, as an engine lists it, is the session's. */
    public boolean isMine(JsonNode summary) {
        boolean labelled = isLabelled(summary);
        for (JsonNode name : summary.path("Names")) {
            // The others are names that containers which link to it have for it.
            if (labelled && name.asText("").lastIndexOf('/') == 0 && isNamed(name.asText(""))) {
                return true;
            }
        }
        return false;
    }

    /** Takes a container of the session into the index. */
    public Entry learnContainer(String id, String engineNameWithSlash) {
        String engineName =
                engineNameWithSlash.startsWith("/") ? engineNameWithSlash.substring(1) : engineNameWithSlash;
        String logical = gateway.names().logicalName(engineName).orElse(engineName);
        Entry entry = new Entry(id, logical, engineName);
        // The engine's list may be older than the news that the container is gone; an id is never used again.
        if (!gateway.index().containers().isGone(id)) {
            gateway.index().containers().put(entry);
        }
        return entry;
    }

    /** The session's network, or a predefined one, or, as {@link #container}, a name that no engine knows. */
    public CompletionStage<Entry> network(ClientRequest request, String reference) {
        if (isPredefinedNetwork(reference)) {
            return CompletableFuture.completedFuture(new Entry(reference, reference, reference));
        }
        List<Entry> found = gateway.index().networks().find(reference);
        if (found.size() > 1) {
            throw ApiException.badRequest(
                    "network " + reference + " is ambiguous (2 matches found based on ID prefix)");
        }
        if (found.size() == 1) {
            return CompletableFuture.completedFuture(found.get(0).askedFor(reference));
        }
        String asked = isFullId(reference) ? reference : gateway.names().engineName(reference);
        return request.ask(HttpMethod.GET, "/networks/" + PercentEncoding.encodePath(asked))
                .thenApply(response -> {
                    ObjectNode body = response.ok() ? response.object() : ApiJson.object();
                    String name = ApiJson.text(body, "Name");
                    if (isLabelled(body)) {
                        return learnNetwork(ApiJson.text(body, "Id"), name).askedFor(reference);
                    }
                    return isPredefinedNetwork(name)
                            ? new Entry(ApiJson.text(body, "Id"), name, name)
                            : Entry.unknown(reference, gateway.names().engineName(reference));
                });
    }

    /** Whether what an engine lists, or a network that it inspects, has the session's label. A network that has it is the session's. */
    public boolean isLabelled(JsonNode object) {
        return ApiJson.text(object.path("Labels"), Labels.SESSION)
                .equals(gateway.names().session().value());
    }

    public Entry learnNetwork(String id, String engineName) {
        Entry entry = new Entry(id, gateway.names().logicalName(engineName).orElse(engineName), engineName);
        gateway.index().networks().put(entry);
        return entry;
    }

    /** The session's volume, or, as {@link #container}, a name that no engine knows. */
    public CompletionStage<Entry> volume(ClientRequest request, String reference) {
        var known = gateway.index().volumes().byName(reference);
        if (known.isPresent()) {
            return CompletableFuture.completedFuture(known.get());
        }
        if (!NAME.matcher(reference).matches()) {
            throw noSuchVolume(reference);
        }
        String asked = gateway.names().engineName(reference);
        return request.ask(HttpMethod.GET, "/volumes/" + PercentEncoding.encodePath(asked))
                .thenApply(response -> {
                    return response.ok() ? learnVolume(asked) : Entry.unknown(reference, asked);
                });
    }

    public Entry learnVolume(String engineName) {
        Entry entry =
                new Entry(engineName, gateway.names().logicalName(engineName).orElse(engineName), engineName);
        gateway.index().volumes().put(entry);
        return entry;
    }

    /** What to write in a body in place of a container's name or id; a foreign or unknown one fails as the daemon's does. */
    public CompletionStage<String> containerToken(ClientRequest request, String reference) {
        return container(request, reference).thenApply(entry -> {
            // An engine makes a container that joins one which is not there, and fails at its start. Here it fails at
            // once.
            if (entry.isUnknown()) {
                throw noSuchContainer(reference);
            }
            return entry.address();
        });
    }

    /** What to write in a body in place of a network's name or id; an unknown one becomes a name that the engine does not know. */
    public String networkToken(String reference) {
        if (isPredefinedNetwork(reference) || reference.equals("default")) {
            return reference;
        }
        List<Entry> found = gateway.index().networks().find(reference);
        if (found.size() == 1) {
            Entry entry = found.get(0);
            return entry.logicalName().equals(reference) ? entry.engineName() : entry.id();
        }
        return gateway.names().engineName(reference);
    }

    /** What the engine calls the volume of that name, whether it exists or not. */
    public String volumeToken(String reference) {
        return gateway.index()
                .volumes()
                .byName(reference)
                .map(Entry::engineName)
                .orElseGet(() -> gateway.names().engineName(reference));
    }

    static ApiException noSuchContainer(String reference) {
        return ApiException.notFound("No such container: " + reference);
    }

    static ApiException noSuchVolume(String reference) {
        return ApiException.notFound("get " + reference + ": no such volume");
    }
}
