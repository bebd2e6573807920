package io.dockerworkflow.internal.children;

import io.dockerworkflow.Child;
import io.dockerworkflow.Child.Kind;
import io.dockerworkflow.internal.engine.EngineApi;
import io.dockerworkflow.internal.engine.RefusedException;
import io.dockerworkflow.internal.json.Json;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** An engine's objects, by its HTTP API. */
public final class ApiObjects implements EngineObjects {
    private static final String NAMELESS = "<none>";

    private final EngineApi api;

    /** The objects of that engine. */
    public ApiObjects(EngineApi api) {
        this.api = api;
    }

    @Override
    public List<Found> list(Kind kind, String label) {
        String filters = "filters=" + EngineApi.encoded(Json.write(Map.of("label", List.of(label))));
        return switch (kind) {
            case CONTAINER ->
                api.get("/containers/json?all=1&" + filters).elements().stream()
                        .filter(container -> isChild(kind, container))
                        .map(ApiObjects::container)
                        .toList();
            case NETWORK -> each(api.get("/networks?" + filters), ApiObjects::network);
            case VOLUME -> each(api.get("/volumes?" + filters).at("Volumes"), ApiObjects::volume);
            case IMAGE ->
                api.get("/images/json?" + filters).elements().stream()
                        .filter(image -> !isStep(image))
                        .map(ApiObjects::image)
                        .toList();
        };
    }

    @Override
    public void remove(Kind kind, String reference) {
        String name = EngineApi.encoded(reference);
        switch (kind) {
            case CONTAINER -> api.delete("/containers/" + name + "?force=1&v=1");
            case NETWORK -> api.delete("/networks/" + name);
            case VOLUME -> api.delete("/volumes/" + name);
            case IMAGE -> removeImage("/images/" + EngineApi.encodedImage(reference));
        }
    }

    /**
     * With its last name an image goes, but for one on which others are built. An engine that keeps images as containerd does leaves
     * such a one without a name, and says that it has deleted it; if those others go at the same moment, it stays for good (28.5.2).
     */
    private void removeImage(String path) {
        String id = api.get(path + "/json").text("Id");
        api.delete(path);
        try {
            if (imageNames(api.get("/images/" + id + "/json")).isEmpty()) {
                removeUnused(id);
            }
        } catch (RefusedException e) {
            return; // It is gone, as a rule.
        }
    }

    /** Removes an image by its id, unless somebody uses it or has removed it meanwhile. */
    void removeUnused(String image) {
        try {
            api.delete("/images/" + image);
        } catch (RefusedException e) {
            return;
        }
    }

    @Override
    public void stop(String container, Duration grace) {
        api.patient(grace).post("/containers/" + container + "/stop?t=" + grace.toSeconds(), Map.of());
    }

    @Override
    public void release(Kind kind, String reference) {
        if (kind == Kind.CONTAINER) {
            api.post("/containers/" + reference + "/update", Map.of("RestartPolicy", Map.of("Name", "no")));
        } else if (kind == Kind.NETWORK) {
            for (String container :
                    api.get("/networks/" + reference).at("Containers").fields().keySet()) {
                api.post("/networks/" + reference + "/disconnect", Map.of("Container", container, "Force", true));
            }
        }
    }

    /** A container's own name is the one without the name of another that links to it: /db, beside /web/db. */
    public static Optional<String> containerName(Json container) {
        return container.at("Names").elements().stream()
                .flatMap(name -> name.text().stream())
                .min(Comparator.comparingLong(
                        name -> name.chars().filter(c -> c == '/').count()))
                .map(name -> name.substring(1));
    }

    /**
     * Whether a container or image with a session's label is the session's. An image that a session has built brings its labels to
     * every container that is made of it, wherever it was pushed to and whoever runs it: such a one is known by its name.
     */
    public boolean isChild(Kind kind, Json object) {
        return switch (kind) {
            case CONTAINER -> isNamed(kind, object) || !isInherited(object);
            case IMAGE -> isNamed(kind, object) && !isStep(object);
            case NETWORK, VOLUME -> true;
        };
    }

    /** Whether it has a name of the session's whose label it has, or can have none. */
    static boolean isNamed(Kind kind, Json object) {
        Optional<String> session = object.at("Labels").at(Labels.SESSION).text();
        List<String> names = switch (kind) {
            case CONTAINER -> containerName(object).stream().toList();
            case IMAGE -> imageNames(object);
            case NETWORK, VOLUME -> List.of();
        };
        return session.isEmpty()
                || names.isEmpty()
                || names.stream().anyMatch(name -> name.startsWith("dw-" + session.get() + "-"));
    }

    /**
     * Whether a nameless image is on the way to another: the classic builder's, which builds on an image of the session's and may
     * do so this moment, for whomever. What a session has built ends with its labels, and what it has committed has one more.
     */
    private boolean isStep(Json image) {
        if (!imageNames(image).isEmpty()) {
            return false;
        }
        try {
            String parent = api.get("/images/" + image.text("Id") + "/json").text("Parent");
            if (parent.isEmpty()) {
                return false;
            }
            Json inherited = api.get("/images/" + parent + "/json").at("Config");
            return label(inherited).equals(label(image))
                    && committed(inherited).equals(committed(image))
                    && api.get("/images/" + image.text("Id") + "/history").elements().stream()
                            .limit(1)
                            .noneMatch(layer -> layer.text("CreatedBy").contains("LABEL " + Labels.PREFIX));
        } catch (RefusedException e) {
            // It has gone meanwhile, or its parent: then it is no step of a build that runs.
            return false;
        }
    }

    private static String label(Json labelled) {
        return labelled.at("Labels").text(Labels.SESSION);
    }

    private static String committed(Json labelled) {
        return labelled.at("Labels").text(Labels.COMMITTED);
    }

    /** Whether the container's label is its image's. */
    private boolean isInherited(Json container) {
        try {
            Json image = api.get("/images/" + EngineApi.encodedImage(container.text("ImageID")) + "/json");
            return label(image.at("Config")).equals(label(container));
        } catch (RefusedException e) {
            // The image is gone: the label can only be the container's.
            return false;
        }
    }

    private static List<Found> each(Json list, Function<Json, Found> found) {
        return list.elements().stream().map(found).toList();
    }

    private static Found container(Json container) {
        String id = container.text("Id");
        return new Found(
                new Child(Kind.CONTAINER, containerName(container).orElse(id)),
                id,
                List.of(),
                List.copyOf(
                        container.at("NetworkSettings").at("Networks").fields().keySet()));
    }

    private static Found network(Json network) {
        return new Found(
                new Child(Kind.NETWORK, network.text("Name")),
                network.text("Id"),
                List.of(),
                network.at("ConfigFrom").at("Network").text().filter(name -> !name.isEmpty()).stream()
                        .toList());
    }

    private static Found volume(Json volume) {
        return new Found(new Child(Kind.VOLUME, volume.text("Name")), volume.text("Name"), List.of(), List.of());
    }

    private static Found image(Json image) {
        return new Found(new Child(Kind.IMAGE, image.text("Id")), image.text("Id"), imageNames(image), List.of());
    }

    /** A digest is a name like a tag: somebody has pulled the image by it. */
    static List<String> imageNames(Json image) {
        return Stream.of("RepoTags", "RepoDigests")
                .flatMap(names -> image.at(names).elements().stream())
                .flatMap(name -> name.text().stream())
                .filter(name -> !name.startsWith(NAMELESS))
                .toList();
    }
}
