package io.dockerworkflow.dood.gateway.image;

import com.fasterxml.jackson.databind.JsonNode;
import io.dockerworkflow.Child;
import io.dockerworkflow.dood.gateway.http.ClientRequest;
import io.dockerworkflow.dood.gateway.http.PendingWork;
import io.dockerworkflow.dood.gateway.protocol.ApiException;
import io.dockerworkflow.dood.gateway.protocol.Filters;
import io.dockerworkflow.dood.gateway.protocol.Query;
import io.dockerworkflow.dood.gateway.session.GatewayContext;
import io.netty.handler.codec.http.HttpMethod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * A session's turn to have a registry's name on the engine, which other sessions may want for their images. Whoever wants it says
 * so with a tag of its own on the engine, where sessions of all processes see it, and which goes with the session; then looks
 * whether others have said so. Of several, the one with the smallest tag waits, and the others begin anew.
 */
final class PushLock implements PendingWork.Work {
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final GatewayContext gateway;
    private final ClientRequest request;
    private final Set<String> taken;
    private final String reference;
    private final String image;
    private final String mark;
    private final String wanted;
    private final long deadline = System.nanoTime() + PATIENCE.toNanos();
    private volatile boolean ended;

    private PushLock(GatewayContext gateway, ClientRequest request, Set<String> taken, String reference, String image) {
        this.gateway = gateway;
        this.request = request;
        this.taken = taken;
        this.reference = reference;
        this.image = image;
        this.mark = gateway.ownTags().pushMark(reference);
        this.wanted = mark.substring(gateway.images().root().length());
    }

    /**
     * Waits for the turn.
     *
     * @param taken the names that this session has its turn for, which the result is added to
     * @param reference the name
     * @param image the id of the session's image that is to have it
     */
    static CompletionStage<PushLock> of(
            GatewayContext gateway, ClientRequest request, Set<String> taken, String reference, String image) {
        PushLock turn = new PushLock(gateway, request, taken, reference, image);
        gateway.pending().add(turn);
        return turn.begin().whenComplete((any, failure) -> gateway.pending().remove(turn));
    }

    private Child child() {
        return new Child(Child.Kind.IMAGE, mark);
    }

    private CompletionStage<PushLock> begin() {
        if (!taken.add(reference)) {
            return isOver() ? tooLate() : later().thenCompose(any -> begin());
        }
        gateway.children().trackUnlabelled(child());
        return ImageApi.tag(request, image, mark)
                .thenCompose(response -> {
                    response.orThrow();
                    return look();
                })
                .whenComplete((any, failure) -> {
                    if (failure != null) {
                        taken.remove(reference);
                    }
                });
    }

    private CompletionStage<PushLock> look() {
        Filters filters = new Filters().add("reference", "dw-*-images/*" + wanted);
        return request.ask(HttpMethod.GET, "/images/json", new Query().set("filters", filters.encode()))
                .thenCompose(response -> {
                    List<String> others = others(response.orThrow().json());
                    if (others.isEmpty()) {
                        return CompletableFuture.completedFuture(this);
                    }
                    if (isOver()) {
                        return release().thenCompose(any -> tooLate());
                    }
                    boolean first = others.stream().allMatch(other -> mark.compareTo(other) < 0);
                    return first
                            ? later().thenCompose(any -> look())
                            : release().thenCompose(any -> later()).thenCompose(any -> begin());
                });
    }

    private List<String> others(JsonNode images) {
        Pattern marks = Pattern.compile("dw-[0-9a-f]{8}-images/[0-9a-z]+" + Pattern.quote(wanted));
        List<String> others = new ArrayList<>();
        for (JsonNode each : images) {
            for (JsonNode tag : each.path("RepoTags")) {
                String name = tag.asText("");
                if (!name.equals(mark) && marks.matcher(name).matches()) {
                    others.add(name);
                }
            }
        }
        return others;
    }

    private boolean isOver() {
        return ended || System.nanoTime() - deadline > 0;
    }

    private CompletionStage<PushLock> tooLate() {
        String busy = "conflict: another push of " + reference + " has taken " + PATIENCE.toMinutes()
                + " minutes; give the image a name of its own, or try again";
        return CompletableFuture.failedFuture(new ApiException(409, ended ? PendingWork.ENDED : busy));
    }

    private CompletionStage<?> later() {
        CompletableFuture<Void> later = new CompletableFuture<>();
        request.loop().schedule(() -> later.complete(null), PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        return later;
    }

    /** The turn is over. */
    CompletionStage<?> release() {
        taken.remove(reference);
        return ImageApi.remove(request, mark).thenAccept(response -> {
            if (response.ok() || response.status() == 404) {
                gateway.children().forget(child());
            }
        });
    }

    /** The session is cancelled or closed: it waits no longer. */
    @Override
    public CompletionStage<?> end() {
        ended = true;
        return CompletableFuture.completedFuture(true);
    }
}
