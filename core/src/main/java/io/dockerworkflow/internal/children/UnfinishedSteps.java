package io.dockerworkflow.internal.children;

import io.dockerworkflow.Child;
import io.dockerworkflow.Child.Kind;
import io.dockerworkflow.internal.engine.ApiVersion;
import io.dockerworkflow.internal.engine.EngineApi;
import io.dockerworkflow.internal.engine.RefusedException;
import io.dockerworkflow.internal.json.Json;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/** Removes what classic builds have left that were broken off by their client's death: images without a name or a label. */
public final class UnfinishedSteps {
    /** From the next version on, engines do not tell which container an image was made of, though they know (28.5.2). */
    private static final ApiVersion LAST_WITH_CONTAINERS = new ApiVersion(1, 44);

    /** So long a copy may take. Whoever begins another later is somebody else. */
    private static final Duration LONGEST_COPY = Duration.ofMinutes(1);

    private final EngineApi api;
    private final ApiObjects objects;

    /** Those on that engine. */
    public UnfinishedSteps(EngineApi api) {
        this.api = api.asOf(LAST_WITH_CONTAINERS);
        this.objects = new ApiObjects(this.api);
    }

    /**
     * Removes what a build that was broken off just now has made of its last image that has a name. Later, it could be what somebody
     * else has built on that image.
     *
     * @param image a child of the owner that died; others than {@linkplain SessionImageName#unfinished such images} are left alone
     */
    public void removeOn(Child image) {
        if (image.kind() != Kind.IMAGE || !SessionImageName.isUnfinished(image.name())) {
            return;
        }
        try {
            String id = api.get("/images/" + EngineApi.encodedImage(image.name()) + "/json")
                    .text("Id");
            removeMadeOf(id, api.get("/images/json?all=1").elements());
        } catch (RefusedException | UncheckedIOException e) {
            // The build had not come to it, or is over; or the engine is in trouble, and the removal will say so.
            return;
        }
    }

    /**
     * Removes the images of those steps that are there. An image is known by the container that it was made of, and where there was
     * none, by being the only one without a name that was copied onto the same image in that time: of two, one is somebody else's.
     */
    public void remove(List<UnfinishedStep> steps) {
        if (steps.isEmpty()) {
            return;
        }
        try {
            List<Json> nameless = api.get("/images/json?all=1").elements().stream()
                    .filter(image -> ApiObjects.imageNames(image).isEmpty())
                    .toList();
            steps.forEach(step -> remove(step, nameless));
        } catch (RefusedException | UncheckedIOException e) {
            return; // The engine is in trouble.
        }
    }

    private void remove(UnfinishedStep step, List<Json> nameless) {
        List<String> made = nameless.stream()
                .filter(image -> isMadeOn(step.parent(), image))
                .filter(image -> step.container().isPresent() || isOfTime(step.since(), image))
                .map(image -> image.text("Id"))
                .filter(id -> isMadeBy(step, id))
                .toList();
        if (made.size() == 1) {
            // The engine removes nameless images below it as well, and what a stage begins with may be the host's.
            objects.removeUnused(made.get(0) + (step.base() ? "?noprune=1" : ""));
        }
    }

    private static boolean isMadeOn(String parent, Json image) {
        String id = image.text("ParentId");
        return parent.isEmpty() ? id.isEmpty() : id.startsWith("sha256:" + parent);
    }

    private static boolean isOfTime(Instant begun, Json image) {
        // In whole seconds.
        Instant created = Instant.ofEpochSecond(image.number("Created"));
        return !created.isBefore(begun.minusSeconds(1)) && !created.isAfter(begun.plus(LONGEST_COPY));
    }

    private boolean isMadeBy(UnfinishedStep step, String id) {
        try {
            Json image = api.get("/images/" + id + "/json");
            return step.container()
                    .map(container -> image.text("Container").startsWith(container))
                    .orElseGet(() -> isCopied(image));
        } catch (RefusedException e) {
            return false; // It has gone meanwhile.
        }
    }

    /** As the classic builder says it, and no other. */
    private static boolean isCopied(Json image) {
        String command = image.at("ContainerConfig").at("Cmd").elements().stream()
                .flatMap(word -> word.text().stream())
                .collect(Collectors.joining(" "));
        return command.contains("#(nop) COPY ") || command.contains("#(nop) ADD ");
    }

    private void removeMadeOf(String id, List<Json> images) {
        for (Json image : images) {
            if (image.text("ParentId").equals(id)
                    && ApiObjects.imageNames(image).isEmpty()) {
                removeMadeOf(image.text("Id"), images);
                objects.removeUnused(image.text("Id"));
            }
        }
    }
}
