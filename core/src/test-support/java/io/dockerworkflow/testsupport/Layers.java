package io.dockerworkflow.testsupport;

import com.tngtech.archunit.core.domain.JavaClass;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The layers of the design: a type is seen by the layers after its own, and by no other. Modes stand side by side behind
 * core; that they do not see each other is a rule of its own.
 */
final class Layers {
    static final String ROOT = "io.dockerworkflow";

    /** Where the API leads into what is behind it. They stand on core's last layer. */
    static final Set<String> DOORS = Set.of(ROOT + ".DockerWorkflows", ROOT + ".Sessions");

    private static final String DOORS_LAYER = "the API's doors";

    /** The API first, then each layer after those that it may use. */
    private static final List<String> ORDER = Stream.of(
                    Stream.of(ROOT),
                    Stream.of("json", "http", "engine", "children", "host", "owner", "tracker", "step", "session")
                            .map(layer -> ROOT + ".internal." + layer),
                    Stream.of(DOORS_LAYER),
                    Stream.of(ROOT + ".dood.policy"),
                    Stream.of(
                                    "socket",
                                    "protocol",
                                    "stream",
                                    "engine",
                                    "http",
                                    "session",
                                    "image",
                                    "container",
                                    "network",
                                    "volume",
                                    "system",
                                    "build",
                                    "buildkit.wire",
                                    "buildkit.bridge",
                                    "buildkit.translate",
                                    "buildkit")
                            .map(layer -> ROOT + ".dood.gateway." + layer),
                    Stream.of(ROOT + ".dood.gateway", ROOT + ".dood", ROOT + ".dind", ROOT + ".fatimage"))
            .flatMap(layers -> layers)
            .toList();

    private Layers() {}

    /** The layer of a class: its package, but for the doors. */
    static String of(JavaClass type) {
        return of(type.getPackageName(), topLevelName(type.getName()));
    }

    /** The layer of a top-level class. */
    static String of(String packageName, String className) {
        return DOORS.contains(className) ? DOORS_LAYER : packageName;
    }

    /** The full name of the top-level class that a class belongs to. */
    static String topLevelName(String className) {
        int nested = className.indexOf('$');
        return nested < 0 ? className : className.substring(0, nested);
    }

    /** Whether the list names that layer. */
    static boolean isKnown(String layer) {
        return ORDER.contains(layer);
    }

    /** Whether the first layer may use the second. */
    static boolean mayUse(String user, String used) {
        return ORDER.indexOf(used) <= ORDER.indexOf(user);
    }
}
