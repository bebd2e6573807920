package io.dockerworkflow.dood.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import io.dockerworkflow.Child;
import io.dockerworkflow.dood.gateway.ImageTags.Pending;
import io.netty.handler.codec.http.HttpMethod;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;

/** Images to and from registries: pull and push. The host's tags are afterwards what they were before. */
final class ImageTransfer {
    private final GatewayContext gateway;
    private final ImageTags tags;
    private final ImageImport imports;

    ImageTransfer(GatewayContext gateway, ImageTags tags, ImageImport imports) {
        this.gateway = gateway;
        this.tags = tags;
        this.imports = imports;
    }

    List<Route> routes() {
        return List.of(
                Route.of("POST", "/images/create", this::create), Route.of("POST", "/images/{name}/push", this::push));
    }

    private CompletionStage<Reply> create(Call call) {
        return call.query().get("fromImage").isEmpty() ? imports.create(call) : pull(call);
    }

    private CompletionStage<Reply> pull(Call call) {
        String image = call.query().get("fromImage");
        String tag = call.query().get("tag");
        String separator = tag.contains(":") ? "@" : ":";
        // No tag at all would pull every tag of the repository.
        String reference = ImageNames.familiar(tag.isEmpty() ? image : image + separator + tag);
        boolean byDigest = reference.contains("@");
        return idOf(call, reference).thenApply(before -> {
            Child host = new Child(Child.Kind.IMAGE, reference);
            Optional<Pending> alias = byDigest ? Optional.empty() : Optional.of(tags.announce(reference));
            if (before.isEmpty()) {
                gateway.births().trackUnlabelled(host);
            }
            Query query = call.query().copy();
            if (tag.isEmpty() && !byDigest) {
                query.set("tag", reference.substring(reference.lastIndexOf(':') + 1));
                query.set("fromImage", reference.substring(0, reference.lastIndexOf(':')));
            }
            AtomicBoolean pulled = new AtomicBoolean();
            return call.forward("/images/create", query)
                    .with(new Reply.Filter.Lines(
                            line -> {
                                // An error is the last thing that is said.
                                pulled.set(!line.has("error"));
                                return List.of(gateway.errors().progress(line));
                            },
                            () -> pulled.get()
                                    ? pulled(call, reference, host, before, alias)
                                    : notPulled(call, reference, host, alias)));
        });
    }

    /** What the host has under that name is not the session's for having asked. */
    private CompletionStage<?> notPulled(Call call, String reference, Child host, Optional<Pending> alias) {
        return idOf(call, reference)
                .thenAccept(now -> {
                    if (now.isEmpty()) {
                        gateway.births().forget(host);
                    }
                })
                .handle((done, failure) -> true)
                .thenCompose(
                        done -> alias.isPresent() ? alias.get().settle(call) : CompletableFuture.completedFuture(true));
    }

    private CompletionStage<?> pulled(
            Call call, String reference, Child host, Optional<String> before, Optional<Pending> alias) {
        return idOf(call, reference)
                .<Object>thenCompose(now -> {
                    if (now.isEmpty()) {
                        gateway.births().forget(host);
                    }
                    if (now.isPresent() && alias.isEmpty()) {
                        gateway.visible().adopt(reference);
                    }
                    if (now.isEmpty() || alias.isEmpty()) {
                        return CompletableFuture.completedFuture(true);
                    }
                    CompletionStage<EngineAnswer> tagged = tagAs(
                            call,
                            now.get(),
                            alias.get().repository(),
                            alias.get().tag());
                    boolean moved = before.isPresent() && !before.equals(now);
                    return moved
                            ? tagged.thenCompose(done -> restore(call, before.orElseThrow(), reference))
                                    .thenApply(done -> done)
                            : tagged.thenApply(done -> done);
                })
                .handle((done, failure) -> true)
                .thenCompose(
                        done -> alias.isPresent() ? alias.get().settle(call) : CompletableFuture.completedFuture(true));
    }

    /** The host's tag has moved to what the registry has now; a session must not do that to others. */
    private CompletionStage<EngineAnswer> restore(Call call, String id, String reference) {
        int colon = reference.lastIndexOf(':');
        return tagAs(call, id, reference.substring(0, colon), reference.substring(colon + 1));
    }

    private CompletionStage<EngineAnswer> tagAs(Call call, String id, String repository, String tag) {
        Query query = new Query().set("repo", repository).set("tag", tag);
        return call.ask(HttpMethod.POST, "/images/" + Percent.encodePath(id) + "/tag", query);
    }

    /** The id of the host's image of that name, if there is one. */
    private CompletionStage<Optional<String>> idOf(Call call, String reference) {
        return call.ask(HttpMethod.GET, "/images/" + Percent.encodePath(reference) + "/json")
                .thenApply(answer -> answer.ok() ? Optional.of(Json.text(answer.object(), "Id")) : Optional.empty());
    }

    /** The registry must see the client's name, so the image has it on the engine for as long as the push takes. */
    private CompletionStage<Reply> push(Call call) {
        String repository = call.variable();
        String tag = call.query().get("tag");
        String reference = ImageNames.familiar(tag.isEmpty() ? repository : repository + ":" + tag);
        if (!gateway.images().isOwn(reference)) {
            return CompletableFuture.completedFuture(pushOfHosts(call, repository, reference));
        }
        String own = gateway.images().toEngine(reference);
        return idOf(call, own)
                .thenCombine(idOf(call, reference), (mine, hosts) -> {
                    if (hosts.isPresent() && !hosts.equals(mine)) {
                        throw new ApiException(
                                409,
                                "conflict: the host has another image called " + reference
                                        + ", and a push would have to move that name for a moment; give the image a name of its own");
                    }
                    Query query = call.query().copy().set("tag", reference.substring(reference.lastIndexOf(':') + 1));
                    String path = "/images/" + Percent.encodePath(reference.substring(0, reference.lastIndexOf(':')))
                            + "/push";
                    Reply.Forward forward = call.forward(path, query);
                    if (hosts.isPresent()) {
                        return CompletableFuture.<Reply>completedFuture(forward);
                    }
                    Child temporary = new Child(Child.Kind.IMAGE, reference);
                    gateway.births().trackUnlabelled(temporary);
                    return restore(call, mine.orElse(own), reference).<Reply>thenApply(tagged -> {
                        tagged.orThrow();
                        return forward.with(new Reply.Filter.Lines(
                                line -> List.of(gateway.errors().progress(line)), () -> untag(call, temporary)));
                    });
                })
                .thenCompose(reply -> reply);
    }

    private Reply pushOfHosts(Call call, String repository, String reference) {
        boolean allTags = call.query().get("tag").isEmpty();
        if (!gateway.visible().allows(reference)) {
            // Asked by a name that no engine knows, the engine says so itself.
            gateway.images().claim(repository);
            String unknown = gateway.images().claim(reference);
            String path = unknown.substring(0, unknown.lastIndexOf(':'));
            return call.forward("/images/" + Percent.encodePath(path) + "/push", call.query())
                    .with(new Reply.Filter.Lines(
                            line -> List.of(gateway.errors().progress(line))));
        }
        Query query = call.query().copy();
        if (allTags && !gateway.visible().pinned(repository).equals(repository)) {
            query.set("tag", "latest");
        }
        return call.forward("/images/" + Percent.encodePath(repository) + "/push", query);
    }

    private CompletionStage<?> untag(Call call, Child temporary) {
        return call.ask(HttpMethod.DELETE, "/images/" + Percent.encodePath(temporary.name()))
                .thenAccept(answer -> {
                    if (answer.ok() || answer.status() == 404) {
                        gateway.births().forget(temporary);
                    }
                });
    }

    /** Ids of all images that there are, before something adds to them. */
    static CompletionStage<Set<String>> allIds(Call call) {
        return call.ask(HttpMethod.GET, "/images/json", new Query().set("all", "1"))
                .thenApply(answer -> {
                    Set<String> ids = new HashSet<>();
                    for (JsonNode image : answer.orThrow().json()) {
                        ids.add(Json.text(image, "Id"));
                    }
                    return ids;
                });
    }
}
