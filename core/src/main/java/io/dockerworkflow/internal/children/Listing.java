package io.dockerworkflow.internal.children;

import io.dockerworkflow.Child;
import io.dockerworkflow.Child.Kind;
import io.dockerworkflow.internal.children.Calls.Answer;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/** What the engine showed, or why it did not. */
record Listing(Map<Kind, List<EngineObjects.Found>> found, String trouble) {

    /** Of these answers; a failure that says something is remembered over one that came too late to. */
    static Listing of(List<Answer<List<EngineObjects.Found>>> answers, String before) {
        Map<Kind, List<EngineObjects.Found>> found = new EnumMap<>(Kind.class);
        String trouble = before;
        Iterator<Answer<List<EngineObjects.Found>>> inOrderOfKinds = answers.iterator();
        for (Kind kind : Kind.values()) {
            Answer<List<EngineObjects.Found>> answer = inOrderOfKinds.next();
            if (answer instanceof Answer.Value<List<EngineObjects.Found>> value) {
                found.put(kind, inOrder(kind, value.value()));
            } else if (answer instanceof Answer.Failure<List<EngineObjects.Found>> failure) {
                if (trouble.isEmpty() || !(failure.cause() instanceof TimeoutException)) {
                    trouble = String.valueOf(failure.cause().getMessage());
                }
            }
        }
        return new Listing(found, trouble);
    }

    boolean complete() {
        return found.size() == Kind.values().length;
    }

    List<EngineObjects.Found> of(Kind kind) {
        return found.getOrDefault(kind, List.of());
    }

    boolean onlyHas(Predicate<EngineObjects.Found> settled) {
        return found.values().stream().flatMap(List::stream).allMatch(settled);
    }

    /** Whether a container is on the network, or another has its configuration from it, as far as the engine has said. */
    boolean mayUse(Child user, Child network) {
        return of(user.kind()).stream()
                .filter(found -> found.child().equals(user))
                .findFirst()
                .map(found -> found.networks().contains(network.name()))
                .orElse(user.kind() == Kind.CONTAINER);
    }

    private static List<EngineObjects.Found> inOrder(Kind kind, List<EngineObjects.Found> found) {
        return switch (kind) {
            // Those of one network together, so that it can go while those of the next still do.
            case CONTAINER ->
                sorted(
                        found,
                        Comparator.comparing(container ->
                                container.networks().stream().findFirst().orElse("")));
            // Those first that have their configuration from another, which cannot go before them.
            case NETWORK ->
                sorted(found, Comparator.comparing(network -> network.networks().isEmpty()));
            case VOLUME, IMAGE -> found;
        };
    }

    private static List<EngineObjects.Found> sorted(
            List<EngineObjects.Found> found, Comparator<EngineObjects.Found> order) {
        return found.stream().sorted(order).toList();
    }
}
