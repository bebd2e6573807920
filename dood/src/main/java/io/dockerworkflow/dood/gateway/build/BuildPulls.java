package io.dockerworkflow.dood.gateway.build;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dockerworkflow.dood.gateway.http.ClientRequest;
import io.dockerworkflow.dood.gateway.image.ImageApi;
import io.dockerworkflow.dood.gateway.image.ImageTags;
import io.dockerworkflow.dood.gateway.image.ImageTags.Pending;
import io.dockerworkflow.dood.gateway.image.PullProgress;
import io.dockerworkflow.dood.gateway.image.PulledImages;
import io.dockerworkflow.dood.gateway.image.RegistryLookup;
import io.dockerworkflow.dood.gateway.protocol.TextFields;
import io.dockerworkflow.dood.gateway.session.GatewayContext;
import io.dockerworkflow.internal.engine.ImageReference;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * What the classic builder is to pull even if the engine has it ({@code docker build --pull}). By a tag it would move the host's. So
 * the registries are asked for the digests that the tags have, and the builder is given a Dockerfile with those, from which it gives
 * no tag. What a registry does not say stays a tag: then the builder says what is wrong with it. One build, one use.
 */
final class BuildPulls {
    private final GatewayContext gateway;
    private final ImageTags tags;
    private final PulledImages pulled;
    private final ClientRequest request;
    private final Map<String, Base> bases = new LinkedHashMap<>();
    private final Map<Base, List<Pending>> names = new LinkedHashMap<>();
    private CompletionStage<?> named = CompletableFuture.completedFuture(true);

    BuildPulls(GatewayContext gateway, ImageTags tags, PulledImages pulled, ClientRequest request) {
        this.gateway = gateway;
        this.tags = tags;
        this.pulled = pulled;
        this.request = request;
    }

    /**
     * An image that the Dockerfile names.
     *
     * @param written its name there, with a tag or without
     * @param digest what the registry has under it
     * @param current whether that is what the session has under it, too
     */
    private record Base(String written, String digest, boolean current) {
        /** The name that the builder is given. */
        String given() {
            return ImageReference.nameAsWritten(written) + "@" + digest;
        }

        /** That name as the engine shows it. */
        String shown() {
            return ImageReference.of(given()).withDefaultTag().familiar();
        }

        String tag() {
            return ImageReference.of(written).withDefaultTag().familiar();
        }
    }

    /**
     * The Dockerfile for the builder.
     *
     * @param translation puts other references into the Dockerfile, for those for which there are any
     */
    CompletionStage<String> translate(Function<Function<String, Optional<String>>, String> translation) {
        Set<String> references = new LinkedHashSet<>();
        String same = translation.apply(reference -> {
            references.add(reference);
            return Optional.empty();
        });
        references.removeIf(reference -> reference.isEmpty() || reference.equals("scratch") || reference.contains("@"));
        if (references.isEmpty()) {
            return CompletableFuture.completedFuture(same);
        }
        CompletionStage<?> asked = CompletableFuture.completedFuture(true);
        for (String reference : references) {
            // All at once: each takes a registry some 100 ms.
            asked = asked.thenCombine(base(reference), (any, base) -> base.map(found -> bases.put(reference, found)));
        }
        return asked.thenApply(any -> translation.apply(
                reference -> Optional.ofNullable(bases.get(reference)).map(Base::given)));
    }

    private CompletionStage<Optional<Base>> base(String reference) {
        return RegistryLookup.digest(gateway, request, reference, BuildCredentials.of(request.headers(), reference))
                .thenCompose(digest -> {
                    if (digest.isEmpty()) {
                        return CompletableFuture.completedFuture(Optional.empty());
                    }
                    Base base = new Base(reference, digest.get(), false);
                    return pulled.isCurrent(request, base.tag(), base.shown())
                            .thenApply(current -> Optional.of(new Base(reference, digest.get(), current)));
                });
    }

    /** Hears what the builder has pulled: it has the session's names at once, since another session that pulled it may end. */
    void heard(String reference) {
        for (Base base : bases.values()) {
            if (base.shown().equals(reference) && !names.containsKey(base)) {
                List<Pending> own = List.of(tags.announce(base.tag()), tags.announceDigest(reference));
                names.put(base, own);
                for (Pending name : own) {
                    // If that fails, take() does it.
                    named = named.thenCompose(any -> ImageApi.tag(request, reference, name.engineReference()))
                            .handle((any, failure) -> true);
                }
            }
        }
    }

    /**
     * The build has ended: what the builder has pulled becomes the session's, and the host's names are what they were.
     *
     * @param all what the builder has said of that, by the engine's references
     * @param before the host's names as they were
     */
    CompletionStage<Boolean> takeAll(Map<String, Optional<String>> all, Map<String, String> before) {
        Map<String, Optional<String>> others = new LinkedHashMap<>(all);
        names.keySet().forEach(base -> others.remove(base.shown()));
        CompletionStage<Boolean> done = named.thenCompose(any -> pulled.takeAll(request, others, before));
        for (Map.Entry<Base, List<Pending>> each : names.entrySet()) {
            done = done.thenCompose(any -> take(each.getKey().shown(), each.getValue(), before));
        }
        return done;
    }

    private CompletionStage<Boolean> take(String shown, List<Pending> own, Map<String, String> before) {
        return pulled.take(request, shown, Optional.empty(), own, before).thenCompose(taken -> {
            CompletionStage<Boolean> done = CompletableFuture.completedFuture(taken);
            if (!taken) {
                for (Pending name : own) {
                    done = done.thenCompose(any -> pulled.notPulled(request, shown, name));
                }
            }
            return done;
        });
    }

    /** What the builder says, with the names that the Dockerfile has. Changes the line in place. */
    ObjectNode asWritten(ObjectNode line) {
        for (Base base : bases.values()) {
            TextFields.text(line, "stream", text -> text.replace(base.given(), base.written()));
            PullProgress.asOfTag(line, base.shown(), base.tag(), base.current());
        }
        return line;
    }
}
