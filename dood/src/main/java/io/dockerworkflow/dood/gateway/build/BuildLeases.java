package io.dockerworkflow.dood.gateway.build;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dockerworkflow.Child;
import io.dockerworkflow.dood.gateway.build.BuildSteps.Begun;
import io.dockerworkflow.dood.gateway.build.BuildSteps.Found;
import io.dockerworkflow.dood.gateway.build.BuildSteps.Made;
import io.dockerworkflow.dood.gateway.engine.EngineResponse;
import io.dockerworkflow.dood.gateway.http.ClientRequest;
import io.dockerworkflow.dood.gateway.image.ImageApi;
import io.dockerworkflow.dood.gateway.image.ImageLeases;
import io.dockerworkflow.dood.gateway.protocol.ApiJson;
import io.dockerworkflow.dood.gateway.session.GatewayContext;
import io.dockerworkflow.internal.children.UnfinishedStepNotes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leases what a classic build makes, while it makes it, since this process may be killed at any moment. The engine gives the result a
 * tag of the gateway's. Before, another goes from image to image with each stage: with the last image of a stage that is no other's
 * go those below it. One build, one use.
 */
final class BuildLeases {
    private static final Logger LOG = LoggerFactory.getLogger(BuildLeases.class);
    private static final int NOT_FOUND = 404;

    private final GatewayContext gateway;
    private final ClientRequest request;
    private final Set<String> before;
    private final boolean everyStepStays;
    private final long build;
    private final String result;
    private final Map<Integer, String> lastOfStages = new LinkedHashMap<>();
    private final BuildSteps steps = new BuildSteps();
    private final UnfinishedStepNotes notes;
    /** One tag after the other, or they might end on the wrong image. */
    private CompletionStage<?> last = CompletableFuture.completedFuture(true);

    /**
     * Leases for a build that has not begun.
     *
     * @param before the ids of all images that there are: a step can print what the builder would say
     * @param everyStepStays whether a step's image is there for itself, and does not go with the one that was made of it, as where
     *     images are containerd's (engine 28.5.2)
     */
    BuildLeases(GatewayContext gateway, ClientRequest request, Set<String> before, boolean everyStepStays) {
        this.gateway = gateway;
        this.request = request;
        this.before = before;
        this.everyStepStays = everyStepStays;
        this.build = gateway.ownTags().newBuild();
        this.result = gateway.ownTags().resultLease(build);
        this.notes = new UnfinishedStepNotes(gateway.directory(), build);
        gateway.children().trackUnlabelled(child(result));
    }

    /** The tag that the engine is to give to what it builds. */
    String result() {
        return result;
    }

    /** Hears one object of the builder's output, which it leaves as it is. */
    void hear(ObjectNode line) {
        steps.hear(line).ifPresent(heard -> {
            if (heard instanceof Begun step) {
                notes.begin(step.parent(), step.base(), step.container());
            } else if (heard instanceof Found) {
                notes.latest().ifPresent(notes::forget);
            } else if (heard instanceof Made made) {
                made(made);
            }
        });
    }

    private void made(Made made) {
        // That of the last one stays until the engine has given it its tag.
        Optional<Path> note = made.last() ? Optional.empty() : notes.latest();
        last = last.thenCompose(any -> lease(made)).handle((leased, failure) -> {
            if (failure == null) {
                note.ifPresent(notes::forget);
            } else {
                LOG.debug("An image of a build is not leased", failure);
            }
            return failure == null && leased;
        });
    }

    private CompletionStage<Boolean> lease(Made made) {
        return ImageApi.idOf(request, made.id()).thenCompose(found -> {
            if (found.filter(id -> !before.contains(id)).isEmpty()) {
                return CompletableFuture.completedFuture(false);
            }
            if (everyStepStays && !made.last()) {
                return ImageLeases.leaseStep(gateway, request, found.get());
            }
            lastOfStages.put(made.stage(), found.get());
            if (made.last()) {
                // The engine is about to tag it; a tag more would be one to take away, which clients see in the events.
                return CompletableFuture.completedFuture(true);
            }
            gateway.children().trackUnlabelled(child(tag(made.stage())));
            return ImageApi.tag(request, found.get(), tag(made.stage())).thenApply(EngineResponse::ok);
        });
    }

    private String tag(int stage) {
        return gateway.names().unfinishedImage(build, stage);
    }

    /** The build has ended, whether it has a result or has failed. */
    CompletionStage<?> settle() {
        return last.thenCompose(any -> ImageApi.find(request, result))
                .thenCompose(this::settleResult)
                .thenCompose(any -> leaseTheRest())
                .thenAccept(any -> {
                    // A client that is gone leaves a step that the engine may still be committing, for the session's
                    // end.
                    if (!steps.isUnderWay()) {
                        notes.forgetAll();
                    }
                });
    }

    /** A result needs one tag, and has one already if it was found in the cache and is the session's. */
    private CompletionStage<Boolean> settleResult(EngineResponse response) {
        List<String> spare = new ArrayList<>();
        if (response.status() == NOT_FOUND) {
            gateway.children().forget(child(result));
        } else if (response.ok()) {
            JsonNode image = response.json();
            gateway.ownTags().noteLeased(ApiJson.text(image, "Id"));
            if (lastOfStages.remove(steps.stage()) != null) {
                spare.add(tag(steps.stage()));
            }
            if (isLeasedOtherwise(image)) {
                spare.add(result);
            }
        }
        CompletionStage<Boolean> all = CompletableFuture.completedFuture(true);
        for (String tag : spare) {
            all = all.thenCompose(any -> release(tag));
        }
        return all;
    }

    /** The last images of other stages, and of a build that has failed. */
    private CompletionStage<Boolean> leaseTheRest() {
        CompletionStage<Boolean> all = CompletableFuture.completedFuture(true);
        for (Map.Entry<Integer, String> stage : lastOfStages.entrySet()) {
            all = all.thenCompose(any -> ImageLeases.lease(gateway, request, stage.getValue()))
                    .thenCompose(any -> release(tag(stage.getKey())));
        }
        return all;
    }

    private boolean isLeasedOtherwise(JsonNode image) {
        for (JsonNode tag : image.path("RepoTags")) {
            if (gateway.ownTags().isLeaseBefore(tag.asText(""), result)) {
                return true;
            }
        }
        return false;
    }

    private CompletionStage<Boolean> release(String tag) {
        return ImageApi.remove(request, tag).thenApply(response -> {
            boolean gone = response.ok() || response.status() == NOT_FOUND;
            if (gone) {
                gateway.children().forget(child(tag));
            }
            return gone;
        });
    }

    private static Child child(String tag) {
        return new Child(Child.Kind.IMAGE, tag);
    }
}
