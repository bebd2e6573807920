package io.dockerworkflow.dood.gateway.image;

import com.fasterxml.jackson.databind.JsonNode;
import io.dockerworkflow.dood.gateway.engine.EngineResponse;
import io.dockerworkflow.dood.gateway.http.ClientRequest;
import io.dockerworkflow.dood.gateway.http.ClientResponse;
import io.dockerworkflow.dood.gateway.http.Route;
import io.dockerworkflow.dood.gateway.protocol.ApiException;
import io.dockerworkflow.dood.gateway.protocol.ApiJson;
import io.dockerworkflow.dood.gateway.protocol.PercentEncoding;
import io.dockerworkflow.dood.gateway.protocol.Query;
import io.dockerworkflow.dood.gateway.session.GatewayContext;
import io.dockerworkflow.internal.engine.ImageReference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Pushes. The registry must see the client's name, so an image has that on the engine for as long as its push takes; or another
 * spelling of it, where that is the host's.
 */
public final class ImagePushRoutes {
    private final GatewayContext gateway;
    private final PulledImages pulled;
    private final Set<String> taken = ConcurrentHashMap.newKeySet();

    public ImagePushRoutes(GatewayContext gateway, PulledImages pulled) {
        this.gateway = gateway;
        this.pulled = pulled;
    }

    public List<Route> routes() {
        return List.of(Route.of("POST", "/images/{name}/push", this::push));
    }

    private CompletionStage<ClientResponse> push(ClientRequest request) {
        String tag = request.query().get("tag");
        String written =
                tag.isEmpty() ? request.variable() : ImageReference.nameAsWritten(request.variable()) + ":" + tag;
        String repository = ImageReference.nameAsWritten(
                ImageReference.of(written).withDefaultTag().familiar());
        boolean allTags = written.equals(ImageReference.nameAsWritten(written));
        List<String> references = gateway.images().all().keySet().stream()
                .filter(name -> allTags
                        ? !name.contains("@")
                                && ImageReference.nameAsWritten(name).equals(repository)
                        : name.equals(
                                ImageReference.of(written).withDefaultTag().familiar()))
                .sorted()
                .toList();
        if (references.isEmpty()) {
            return CompletableFuture.completedFuture(pushOfHosts(request, written, allTags));
        }
        if (allTags && !gateway.visible().pinned(repository).equals(repository)) {
            throw ApiException.badRequest(
                    "docker-workflow cannot relay a push of all tags of " + repository
                            + " where images of the host are hidden: the engine would push its tags, too; push them one by one");
        }
        Push push = new Push(request, allTags);
        return push.begin(references)
                .thenApply(any -> forward(request, written, push))
                .handle((response, failure) -> failure == null
                        ? CompletableFuture.completedFuture(response)
                        : push.end(Map.of())
                                .handle((any, ignored) -> true)
                                .thenCompose(any -> CompletableFuture.<ClientResponse>failedFuture(failure)))
                .thenCompose(reply -> reply);
    }

    private ClientResponse forward(ClientRequest request, String written, Push push) {
        String reference = ImageReference.of(written).withDefaultTag().familiar();
        String repository = ImageReference.nameAsWritten(reference);
        Query query = request.query().copy();
        if (!push.allTags) {
            query.set("tag", reference.substring(repository.length() + 1));
        }
        Map<String, String> digests = new ConcurrentHashMap<>();
        String pushed = ImageReference.nameAsWritten(push.spelling.orElse(written));
        return request.forward(ImageApi.path(pushed) + "/push", query)
                .with(new ClientResponse.Filter.Lines(
                        line -> {
                            JsonNode aux = line.path("aux");
                            if (ImageReference.isDigest(ApiJson.text(aux, "Digest"))) {
                                digests.put(repository + ":" + ApiJson.text(aux, "Tag"), ApiJson.text(aux, "Digest"));
                            }
                            return List.of(gateway.messages()
                                    .progress(
                                            line,
                                            text -> push.spelling.isEmpty()
                                                    ? text
                                                    : text.replace(registry(pushed), registry(repository))));
                        },
                        () -> push.end(digests)));
    }

    private static String registry(String repository) {
        return repository.substring(0, repository.indexOf('/'));
    }

    /** One push: the names that the images have for it. */
    private final class Push {
        private final ClientRequest request;
        private final boolean allTags;

        /** The host's names as they were when the first image got its own. */
        private Map<String, String> before = Map.of();

        /** The ids of the images that have got their names, by these. */
        private final Map<String, String> named = new LinkedHashMap<>();

        /** The name that the one image has, where its own is the host's. */
        private Optional<String> spelling = Optional.empty();

        private final List<PushLock> turns = new ArrayList<>();

        Push(ClientRequest request, boolean allTags) {
            this.request = request;
            this.allTags = allTags;
        }

        CompletionStage<?> begin(List<String> references) {
            Map<String, String> ids = new LinkedHashMap<>();
            CompletionStage<?> all = CompletableFuture.completedFuture(true);
            // In the order of their names, which is the same for all.
            for (String reference : references) {
                all = all.thenCompose(
                                any -> ImageApi.idOf(request, gateway.images().toEngine(reference)))
                        .thenCompose(found -> {
                            String id = found.orElseThrow(() -> ImageLookup.noSuchImage(reference));
                            ids.put(reference, id);
                            return PushLock.of(gateway, request, taken, reference, id);
                        })
                        .thenAccept(turns::add);
            }
            all = all.thenCompose(any -> ImageApi.names(request)).thenAccept(names -> before = names);
            for (String reference : references) {
                all = all.thenCompose(any -> name(reference, ids.getOrDefault(reference, "")));
            }
            return all;
        }

        private CompletionStage<?> name(String reference, String id) {
            String hosts = before.get(reference);
            if (hosts == null || hosts.equals(id)) {
                return name(reference, id, hosts != null);
            }
            if (allTags) {
                throw conflict(reference, "push its tags one by one");
            }
            return RegistryAlias.of(request, reference).thenCompose(other -> {
                spelling = other.filter(free -> !before.containsKey(free));
                if (spelling.isEmpty()) {
                    throw conflict(reference, "give the image a name of its own");
                }
                return name(reference, id, false);
            });
        }

        private CompletionStage<?> name(String reference, String id, boolean named) {
            pulled.announce(spelling.orElse(reference), before);
            this.named.put(reference, id);
            return named
                    ? CompletableFuture.completedFuture(id)
                    : ImageApi.tag(request, id, spelling.orElse(reference)).thenApply(EngineResponse::orThrow);
        }

        private static ApiException conflict(String reference, String remedy) {
            return new ApiException(
                    409,
                    "conflict: the host has another image called " + reference
                            + ", and this push would have to move that name for a moment; " + remedy);
        }

        /** The names are the host's again, if it had them; and the session finds the images by their digests, too. */
        CompletionStage<?> end(Map<String, String> digests) {
            CompletionStage<?> all = CompletableFuture.completedFuture(true);
            for (Map.Entry<String, String> each : named.entrySet()) {
                Optional<String> digest = Optional.ofNullable(digests.get(each.getKey()));
                all = all.thenCompose(any -> pulled.takePushed(
                        request, each.getValue(), each.getKey(), spelling.orElse(each.getKey()), digest, before));
            }
            for (PushLock turn : turns) {
                all = all.handle((any, failure) -> true).thenCompose(any -> turn.release());
            }
            return all;
        }
    }

    private ClientResponse pushOfHosts(ClientRequest request, String written, boolean allTags) {
        String reference = ImageReference.of(written).withDefaultTag().familiar();
        if (!gateway.visible().allows(reference)) {
            // Asked by a name that no engine knows, the engine says so itself.
            gateway.images().claim(ImageReference.nameAsWritten(written));
            String unknown = gateway.images().claim(reference);
            return request.forward(ImageApi.path(ImageReference.nameAsWritten(unknown)) + "/push", request.query())
                    .with(new ClientResponse.Filter.Lines(
                            line -> List.of(gateway.messages().progress(line))));
        }
        Query query = request.query().copy();
        if (allTags && !gateway.visible().pinned(written).equals(written)) {
            query.set("tag", "latest");
        }
        return request.forward("/images/" + PercentEncoding.encodePath(request.variable()) + "/push", query);
    }
}
