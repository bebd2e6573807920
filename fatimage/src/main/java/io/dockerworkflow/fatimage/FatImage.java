package io.dockerworkflow.fatimage;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The image with a build's tools: an existing image, or one that is built from a Dockerfile. Immutable. */
public sealed interface FatImage {

    /** An image by its name. The engine pulls it if it does not have it. */
    static Named named(String image) {
        return new Named(image, List.of());
    }

    /** An image to be built from the file {@code Dockerfile} in this directory, which is the build's context. */
    static Built built(Path context) {
        return built(context, context.resolve("Dockerfile"));
    }

    /**
     * An image to be built from this Dockerfile, with this directory as the build's context. The image's tag is a digest of
     * the content of both, without the files that the context's {@code .dockerignore} names. While the content stays the
     * same, nothing is built again, in this session or any other. A newer base image under the same name does not count as
     * a change.
     */
    static Built built(Path context, Path dockerfile) {
        return new Built(context, dockerfile, List.of());
    }

    /**
     * Requires that these commands are on the image's path. A built image is checked once, before it gets its tag. A named
     * image is checked whenever a session opens.
     *
     * @return a changed copy
     */
    FatImage tools(String... commands);

    /** The commands that the image must have. */
    List<String> tools();

    /**
     * An existing image.
     *
     * @param image its name
     * @param tools the commands that it must have
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
     * @param tools the commands that it must have
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
