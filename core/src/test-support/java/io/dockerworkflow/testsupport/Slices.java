package io.dockerworkflow.testsupport;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Ways to cut a module into slices that must not depend on each other in a circle. */
final class Slices {
    private Slices() {}

    /** A slice for each layer, the root package included. */
    static SliceAssignment byLayer() {
        return by("layers", Layers::of);
    }

    /** A slice for each top-level type. A sealed interface and the types that it permits are one. */
    static SliceAssignment byType(JavaClasses module) {
        Map<String, String> sealedBy = new HashMap<>();
        for (JavaClass type : module) {
            Optional.ofNullable(type.reflect().getPermittedSubclasses()).stream()
                    .flatMap(Arrays::stream)
                    .forEach(permitted -> sealedBy.put(
                            Layers.topLevelName(permitted.getName()), Layers.topLevelName(type.getName())));
        }
        return by("types", type -> {
            String name = Layers.topLevelName(type.getName());
            return sealedBy.getOrDefault(name, name);
        });
    }

    private static SliceAssignment by(String what, Function<JavaClass, String> slice) {
        return new SliceAssignment() {
            @Override
            public SliceIdentifier getIdentifierOf(JavaClass type) {
                return type.getName().startsWith(Layers.ROOT + ".")
                        ? SliceIdentifier.of(slice.apply(type))
                        : SliceIdentifier.ignore();
            }

            @Override
            public String getDescription() {
                return what;
            }
        };
    }
}
