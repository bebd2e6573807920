package io.dockerworkflow.dood.gateway.image;

import io.dockerworkflow.dood.gateway.http.ClientRequest;
import io.dockerworkflow.dood.gateway.http.ClientResponse;
import io.dockerworkflow.dood.gateway.http.Route;
import io.dockerworkflow.dood.gateway.image.ImageTags.Pending;
import io.dockerworkflow.dood.gateway.protocol.Query;
import io.dockerworkflow.dood.gateway.session.GatewayContext;
import io.dockerworkflow.internal.engine.ImageReference;
import io.netty.handler.codec.http.HttpMethod;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Pulls. The registry is asked which digest a tag has, and the engine is told to pull that: so it gives no tag, and at no time is
 * a tag of the host's another image. Where the registry does not say, or all tags are pulled, the host's are put back afterwards.
 */
public final class ImagePullRoutes {
    /** How often to pull what another session, which pulled the same, took away in the moment in which it was there. */
    private static final int ATTEMPTS = 5;

    private final GatewayContext gateway;
    private final ImageTags tags;
    private final PulledImages pulled;
    private final ImageImportRoutes imports;

    public ImagePullRoutes(GatewayContext gateway, ImageTags tags, PulledImages pulled, ImageImportRoutes imports) {
        this.gateway = gateway;
        this.tags = tags;
        this.pulled = pulled;
        this.imports = imports;
    }

    public List<Route> routes() {
        return List.of(Route.of("POST", "/images/create", this::create));
    }

    private CompletionStage<ClientResponse> create(ClientRequest request) {
        String image = request.query().get("fromImage");
        if (image.isEmpty()) {
            return imports.create(request);
        }
        String tag = request.query().get("tag");
        String written =
                tag.isEmpty() ? image : ImageReference.nameAsWritten(image) + (tag.contains(":") ? "@" : ":") + tag;
        if (written.equals(ImageReference.nameAsWritten(written))) {
            return ImageApi.names(request).thenApply(before -> allTags(request, written, before));
        }
        String reference = ImageReference.of(written).withDefaultTag().familiar();
        // Fails if the name is malformed, or the session is ending.
        Pending name = reference.contains("@") ? tags.announceDigest(reference) : tags.announce(reference);
        return ImageApi.names(request)
                .thenCompose(before -> digest(request, reference)
                        .thenCompose(digest -> digest.isPresent()
                                ? byDigest(request, reference, digest.orElseThrow(), name, before)
                                : CompletableFuture.completedFuture(byTag(request, reference, name, before))))
                .whenComplete((response, failure) -> {
                    if (failure != null) {
                        name.settle(false);
                    }
                });
    }

    /** The digest that the registry has for the reference now. */
    private CompletionStage<Optional<String>> digest(ClientRequest request, String reference) {
        Optional<String> digest = ImageReference.of(reference).digest();
        if (digest.isPresent()) {
            return CompletableFuture.completedFuture(digest);
        }
        return RegistryLookup.digest(
                gateway, request, reference, request.headers().getAll(RegistryLookup.CREDENTIALS));
    }

    private CompletionStage<ClientResponse> byDigest(
            ClientRequest request, String reference, String digest, Pending name, Map<String, String> before) {
        String hosts = ImageReference.nameAsWritten(reference) + "@" + digest;
        boolean byTag = !reference.contains("@");
        Optional<String> beside = byTag ? Optional.of(digest) : Optional.empty();
        Query query = request.query().copy();
        query.set("fromImage", ImageReference.nameAsWritten(query.get("fromImage")))
                .set("tag", digest);
        return pulled.isCurrent(request, reference, hosts).thenApply(current -> {
            pulled.announce(hosts, before);
            PullProgress progress = new PullProgress();
            return request.forward("/images/create", query)
                    .with(new ClientResponse.Filter.Lines(
                            line -> {
                                progress.hear(line);
                                return List.of(byTag ? PullProgress.asOfTag(line, hosts, reference, current) : line);
                            },
                            () -> progress.succeeded()
                                    ? take(request, query, hosts, beside, name, before, ATTEMPTS)
                                    : pulled.notPulled(request, hosts, name)));
        });
    }

    private CompletionStage<Boolean> take(
            ClientRequest request,
            Query query,
            String hosts,
            Optional<String> digest,
            Pending name,
            Map<String, String> before,
            int attempts) {
        return pulled.take(request, hosts, digest, List.of(name), before).thenCompose(taken -> {
            if (taken) {
                return CompletableFuture.completedFuture(true);
            }
            return attempts == 0
                    ? pulled.notPulled(request, hosts, name)
                    : RegistryLookup.ask(gateway, request, HttpMethod.POST, "/images/create", query)
                            .thenCompose(again -> take(request, query, hosts, digest, name, before, attempts - 1));
        });
    }

    private ClientResponse byTag(ClientRequest request, String reference, Pending name, Map<String, String> before) {
        pulled.announce(reference, before);
        PullProgress progress = new PullProgress();
        return request.forward("/images/create", request.query())
                .with(new ClientResponse.Filter.Lines(
                        line -> {
                            progress.hear(line);
                            return List.of(gateway.messages().progress(line));
                        },
                        () -> progress.succeeded()
                                ? pulled.take(request, reference, progress.digest(), List.of(name), before)
                                        .thenCompose(taken -> taken
                                                ? CompletableFuture.completedFuture(true)
                                                : pulled.notPulled(request, reference, name))
                                : pulled.notPulled(request, reference, name)));
    }

    private ClientResponse allTags(ClientRequest request, String image, Map<String, String> before) {
        String repository = ImageReference.nameAsWritten(
                ImageReference.of(image).withDefaultTag().familiar());
        // In the order in which the engine speaks of them: each with its digest, once it has that.
        Map<String, Optional<String>> seen = new LinkedHashMap<>();
        PullProgress progress = new PullProgress();
        return request.forward("/images/create", request.query())
                .with(new ClientResponse.Filter.Lines(
                        line -> {
                            progress.hear(line);
                            progress.tag().ifPresent(tag -> {
                                String reference = repository + ":" + tag;
                                if (!seen.containsKey(reference)) {
                                    pulled.announce(reference, before);
                                }
                                seen.put(reference, progress.digest());
                            });
                            return List.of(gateway.messages().progress(line));
                        },
                        () -> pulled.takeAll(request, seen, before)));
    }
}
