package io.dockerworkflow.dood.gateway;

import io.dockerworkflow.dood.gateway.ImageTags.Pending;
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
final class ImagePull {
    /** How often to pull what another session, which pulled the same, took away in the moment in which it was there. */
    private static final int ATTEMPTS = 5;

    private final GatewayContext gateway;
    private final ImageTags tags;
    private final PulledImages pulled;
    private final ImageImport imports;

    ImagePull(GatewayContext gateway, ImageTags tags, PulledImages pulled, ImageImport imports) {
        this.gateway = gateway;
        this.tags = tags;
        this.pulled = pulled;
        this.imports = imports;
    }

    List<Route> routes() {
        return List.of(Route.of("POST", "/images/create", this::create));
    }

    private CompletionStage<Reply> create(Call call) {
        String image = call.query().get("fromImage");
        if (image.isEmpty()) {
            return imports.create(call);
        }
        String tag = call.query().get("tag");
        String written = tag.isEmpty() ? image : ImageNames.repository(image) + (tag.contains(":") ? "@" : ":") + tag;
        if (written.equals(ImageNames.repository(written))) {
            return EngineImages.names(call).thenApply(before -> allTags(call, written, before));
        }
        String reference = ImageNames.familiar(written);
        // Fails if the name is malformed, or the session is ending.
        Pending name = reference.contains("@") ? tags.announceDigest(reference) : tags.announce(reference);
        return EngineImages.names(call)
                .thenCompose(before -> digest(call, reference)
                        .thenCompose(digest -> digest.isPresent()
                                ? byDigest(call, reference, digest.orElseThrow(), name, before)
                                : CompletableFuture.completedFuture(byTag(call, reference, name, before))))
                .whenComplete((reply, failure) -> {
                    if (failure != null) {
                        name.settle(false);
                    }
                });
    }

    /** The digest that the registry has for the reference now. */
    private CompletionStage<Optional<String>> digest(Call call, String reference) {
        int at = reference.indexOf('@');
        if (at >= 0) {
            return CompletableFuture.completedFuture(Optional.of(reference.substring(at + 1)));
        }
        return RegistryQuestion.digest(gateway, call, reference, call.headers().getAll(RegistryQuestion.CREDENTIALS));
    }

    private CompletionStage<Reply> byDigest(
            Call call, String reference, String digest, Pending name, Map<String, String> before) {
        String hosts = ImageNames.repository(reference) + "@" + digest;
        boolean byTag = !reference.contains("@");
        Optional<String> beside = byTag ? Optional.of(digest) : Optional.empty();
        Query query = call.query().copy();
        query.set("fromImage", ImageNames.repository(query.get("fromImage"))).set("tag", digest);
        return pulled.isCurrent(call, reference, hosts).thenApply(current -> {
            pulled.announce(hosts, before);
            PullProgress progress = new PullProgress();
            return call.forward("/images/create", query)
                    .with(new Reply.Filter.Lines(
                            line -> {
                                progress.hear(line);
                                return List.of(byTag ? PullProgress.asOfTag(line, hosts, reference, current) : line);
                            },
                            () -> progress.succeeded()
                                    ? take(call, query, hosts, beside, name, before, ATTEMPTS)
                                    : pulled.notPulled(call, hosts, name)));
        });
    }

    private CompletionStage<Boolean> take(
            Call call,
            Query query,
            String hosts,
            Optional<String> digest,
            Pending name,
            Map<String, String> before,
            int attempts) {
        return pulled.take(call, hosts, digest, List.of(name), before).thenCompose(taken -> {
            if (taken) {
                return CompletableFuture.completedFuture(true);
            }
            return attempts == 0
                    ? pulled.notPulled(call, hosts, name)
                    : RegistryQuestion.ask(gateway, call, HttpMethod.POST, "/images/create", query)
                            .thenCompose(again -> take(call, query, hosts, digest, name, before, attempts - 1));
        });
    }

    private Reply byTag(Call call, String reference, Pending name, Map<String, String> before) {
        pulled.announce(reference, before);
        PullProgress progress = new PullProgress();
        return call.forward("/images/create", call.query())
                .with(new Reply.Filter.Lines(
                        line -> {
                            progress.hear(line);
                            return List.of(gateway.errors().progress(line));
                        },
                        () -> progress.succeeded()
                                ? pulled.take(call, reference, progress.digest(), List.of(name), before)
                                        .thenCompose(taken -> taken
                                                ? CompletableFuture.completedFuture(true)
                                                : pulled.notPulled(call, reference, name))
                                : pulled.notPulled(call, reference, name)));
    }

    private Reply allTags(Call call, String image, Map<String, String> before) {
        String repository = ImageNames.repository(ImageNames.familiar(image));
        // In the order in which the engine speaks of them: each with its digest, once it has that.
        Map<String, Optional<String>> seen = new LinkedHashMap<>();
        PullProgress progress = new PullProgress();
        return call.forward("/images/create", call.query())
                .with(new Reply.Filter.Lines(
                        line -> {
                            progress.hear(line);
                            progress.tag().ifPresent(tag -> {
                                String reference = repository + ":" + tag;
                                if (!seen.containsKey(reference)) {
                                    pulled.announce(reference, before);
                                }
                                seen.put(reference, progress.digest());
                            });
                            return List.of(gateway.errors().progress(line));
                        },
                        () -> pulled.takeAll(call, seen, before)));
    }
}
