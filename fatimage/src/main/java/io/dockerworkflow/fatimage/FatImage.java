package io.dockerworkflow.fatimage;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The image that carries a build's tools: one that exists, or one that is built from a Dockerfile. Immutable. */
public sealed interface FatImage {

    /** An image by its name; pulled if the engine does not have it. */
    static Named named(String image) {
        return new Named(image, List.of());
    }

    /** What the file {@code Dockerfile} in this directory, the build's context, describes. */
    static Built built(Path context) {
        return built(context, context.resolve("Dockerfile"));
    }

    /**
     * What this Dockerfile describes, with this directory as the build's context. The built image's tag is made from the
     * content of both, less what the context's {@code .dockerignore} names: as long as they stay the same nothing is built
     * again, in this session or any other. A newer base image under the same name does not count as a change.
     */
    static Built built(Path context, Path dockerfile) {
        return new Built(context, dockerfile, List.of());
    }

    /**
     * Also demands that these commands are on the image's path. A built image is checked once, before it gets its tag; a
     * named one whenever a session opens.
     *
     * @return a changed copy
     */
    FatImage tools(String... commands);

    /** The commands that the image must offer. */
    List<String> tools();

    /**
     * An image that exists.
     *
     * @param image its name
     * @param tools the commands that it must offer
     */
    record Named(String image, List<String> tools) implements FatImage {
        /** Copies the list. */
        public Named {
            tools = List.copyOf(tools);
        }

        @Override
        public Named tools(String... commands) {
            return new Named(image, Lists.plus(tools, commands));
        }
    }

    /**
     * An image to be built.
     *
     * @param context the directory that the build may read
     * @param dockerfile the Dockerfile, in the context or elsewhere
     * @param tools the commands that it must offer
     */
    record Built(Path context, Path dockerfile, List<String> tools) implements FatImage {
        /** Copies the list and makes the paths absolute. */
        public Built {
            context = context.toAbsolutePath().normalize();
            dockerfile = dockerfile.toAbsolutePath().normalize();
            tools = List.copyOf(tools);
        }

        @Override
        public Built tools(String... commands) {
            return new Built(context, dockerfile, Lists.plus(tools, commands));
        }
    }
}

/** Lists that grow by copying. */
final class Lists {
    private Lists() {}

    static List<String> plus(List<String> list, String... more) {
        return Stream.concat(list.stream(), Stream.of(more)).toList();
    }
}
