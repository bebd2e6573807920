package io.dockerworkflow.internal.children;

import io.dockerworkflow.Child;
import io.dockerworkflow.Child.Kind;
import io.dockerworkflow.Mode;
import io.dockerworkflow.SessionId;
import io.dockerworkflow.SessionInfo;
import io.dockerworkflow.SessionInfo.ChildInfo;
import io.dockerworkflow.internal.engine.EngineApi;
import io.dockerworkflow.internal.engine.RefusedException;
import io.dockerworkflow.internal.json.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The sessions that an engine shows. */
public final class Inventory {
    private final EngineApi engine;

    /** The sessions on that engine. */
    public Inventory(EngineApi engine) {
        this.engine = engine;
    }

    /** All sessions, the oldest first. */
    public List<SessionInfo> sessions() {
        List<Labelled> children = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            children.addAll(children(kind));
        }
        // The lifelines last: an owner's runs before its first child is made, so whoever has children has, if alive,
        // one now.
        Set<String> alive = aliveOwners();
        Map<SessionId, List<Labelled>> bySession = new LinkedHashMap<>();
        for (Labelled child : children) {
            SessionId.parse(child.labels().getOrDefault(Labels.SESSION, ""))
                    .ifPresent(id -> bySession
                            .computeIfAbsent(id, key -> new ArrayList<>())
                            .add(child));
        }
        return bySession.entrySet().stream()
                .map(entry -> session(entry.getKey(), entry.getValue(), alive))
                .sorted(Comparator.comparing(SessionInfo::since))
                .toList();
    }

    /** What unlabelled children a session wrote down when it was kept. */
    public Set<Child> keptUnlabelled(SessionId session) {
        Set<Child> children = new LinkedHashSet<>();
        for (Labelled child : children(Kind.VOLUME)) {
            if (session.value().equals(child.labels().get(Labels.SESSION))) {
                child.labels().getOrDefault(Labels.KEPT_UNLABELLED, "").lines().forEach(line -> {
                    int space = line.indexOf(' ');
                    children.add(new Child(Kind.valueOf(line.substring(0, space)), line.substring(space + 1)));
                });
            }
        }
        return children;
    }

    /** What has a name of the session's, with or without a label: a tag of somebody else's image, a volume that the engine made. */
    public Set<Child> named(SessionId session) {
        String prefix = ChildDescription.prefix(session.value());
        Set<Child> children = new LinkedHashSet<>();
        for (Json image : engine.get("/images/json").elements()) {
            image.at("RepoTags").elements().stream()
                    .flatMap(tag -> tag.text().stream())
                    .filter(tag -> tag.startsWith(prefix))
                    .forEach(tag -> children.add(new Child(Kind.IMAGE, tag)));
        }
        engine.get("/volumes").at("Volumes").elements().stream()
                .map(volume -> volume.text("Name"))
                .filter(name -> name.startsWith(prefix))
                .forEach(name -> children.add(new Child(Kind.VOLUME, name)));
        return children;
    }

    /** The containers that are lifelines, with whether they run. */
    public Map<String, Boolean> lifelines() {
        return engine.get(path(Kind.CONTAINER, Labels.LIFELINE)).elements().stream()
                .collect(Collectors.toMap(
                        container -> container.text("Id"),
                        container -> container.text("State").equals("running")));
    }

    /** The owners whose lifelines run. */
    public Set<String> aliveOwners() {
        return engine.get(path(Kind.CONTAINER, Labels.LIFELINE)).elements().stream()
                .filter(container -> container.text("State").equals("running"))
                .map(container -> container.at("Labels").text(Labels.OWNER))
                .collect(Collectors.toSet());
    }

    /**
     * A child and whose it is.
     *
     * @param ownLabels whether the labels are on the engine's object, and not only in its name
     */
    private record Labelled(ChildInfo info, Map<String, String> labels, boolean ownLabels) {}

    private List<Labelled> children(Kind kind) {
        if (kind == Kind.IMAGE) {
            return engine.get("/images/json").elements().stream()
                    .flatMap(image -> images(image).stream())
                    .toList();
        }
        Json answer = engine.get(path(kind, Labels.SESSION));
        List<Json> objects = (kind == Kind.VOLUME ? answer.at("Volumes") : answer).elements();
        ApiObjects known = new ApiObjects(engine);
        return objects.stream()
                .filter(object -> known.isChild(kind, object))
                .map(object -> labelled(kind, object))
                .toList();
    }

    /** An image is a child of each session that has a name for it; one without a name tells by its labels whose it is. */
    private List<Labelled> images(Json image) {
        Map<String, String> labels = image.at("Labels").texts();
        Map<SessionId, SessionImageName> sessions = new LinkedHashMap<>();
        image.at("RepoTags").elements().stream()
                .flatMap(tag -> tag.text().stream())
                .flatMap(tag -> SessionImageName.of(tag).stream())
                .forEach(imageName -> sessions.put(imageName.session(), imageName));
        if (sessions.isEmpty()) {
            return labels.containsKey(Labels.SESSION) && new ApiObjects(engine).isChild(Kind.IMAGE, image)
                    ? List.of(labelled(Kind.IMAGE, image))
                    : List.of();
        }
        return sessions.values().stream()
                .map(imageName -> {
                    boolean own = imageName.session().value().equals(labels.get(Labels.SESSION));
                    String name = ChildDescription.imageName(image, imageName);
                    return new Labelled(
                            ChildDescription.of(Kind.IMAGE, name, imageName.logicalName(name), image),
                            own ? labels : imageName.labels(),
                            own);
                })
                .toList();
    }

    private static Labelled labelled(Kind kind, Json object) {
        Map<String, String> labels = object.at("Labels").texts();
        String name = ChildDescription.engineName(kind, object);
        return new Labelled(
                ChildDescription.of(kind, name, ChildDescription.logicalName(kind, name, labels), object),
                labels,
                true);
    }

    private static String path(Kind kind, String label) {
        String filters = "filters=" + EngineApi.encoded(Json.write(Map.of("label", List.of(label))));
        return switch (kind) {
            case CONTAINER -> "/containers/json?all=1&" + filters;
            case NETWORK -> "/networks?" + filters;
            case VOLUME -> "/volumes?" + filters;
            case IMAGE -> "/images/json?" + filters;
        };
    }

    /** When an image has got its name, which may be long after it was made. */
    private Instant tagged(ChildInfo image) {
        try {
            Json found = engine.get("/images/" + EngineApi.encodedImage(image.id()) + "/json");
            return ChildDescription.time(found.at("Metadata").text("LastTagTime"));
        } catch (RefusedException e) {
            return image.created(); // It has gone meanwhile.
        }
    }

    private SessionInfo session(SessionId id, List<Labelled> children, Set<String> alive) {
        // A name says whose an image is, but neither with what labels its session was opened, nor when.
        List<Labelled> labelled = children.stream().filter(Labelled::ownLabels).toList();
        List<Labelled> telling = labelled.isEmpty() ? children : labelled;
        Map<String, String> labels = telling.get(0).labels();
        String owner = labels.getOrDefault(Labels.OWNER, Labels.NO_OWNER);
        Optional<Instant> keptUntil = children.stream()
                .flatMap(child -> Optional.ofNullable(child.labels().get(Labels.KEPT_UNTIL)).stream())
                .map(seconds -> Instant.ofEpochSecond(Long.parseLong(seconds)))
                .findFirst();
        // What all children carry is the session's; an image brings labels of its own to its containers.
        Map<String, String> extra = new LinkedHashMap<>(labels);
        telling.forEach(child -> extra.entrySet().retainAll(child.labels().entrySet()));
        extra.keySet().removeIf(label -> label.startsWith(Labels.PREFIX));
        return new SessionInfo(
                id,
                Mode.of(labels.getOrDefault(Labels.MODE, "")),
                owner,
                alive.contains(owner),
                telling.stream()
                        .map(child -> child.ownLabels() ? child.info().created() : tagged(child.info()))
                        .min(Comparator.naturalOrder())
                        .orElse(Instant.EPOCH),
                keptUntil,
                extra,
                children.stream().map(Labelled::info).toList());
    }
}
