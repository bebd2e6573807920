package io.dockerworkflow.fatimage;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotFoundException;
import io.dockerworkflow.Child;
import io.dockerworkflow.WorkflowException;
import io.dockerworkflow.internal.engine.EngineImages;
import io.dockerworkflow.internal.session.SessionScope;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Makes sure that the engine has a session's fat image. */
final class ImageSupply {
    private final SessionScope scope;
    private final DockerClient docker;
    private final ToolCheck toolCheck;

    ImageSupply(SessionScope scope) {
        this.scope = scope;
        this.docker = scope.engine().docker();
        this.toolCheck = new ToolCheck(scope);
    }

    /** Pulls or builds the image if the engine does not have it, and returns its name. */
    String supply(FatImage image) {
        if (image instanceof FatImage.Built built) {
            return supply(built);
        }
        FatImage.Named named = (FatImage.Named) image;
        new EngineImages(scope.engine(), scope.events()::tellImageProgress).ensure(named.image());
        toolCheck.check(named.image(), named.tools());
        return named.image();
    }

    /** An image gets its tag last, after it has been built and checked. So an image with the tag is both. */
    private String supply(FatImage.Built image) {
        BuildContext context = BuildContext.of(image);
        String tag = context.tag();
        return exists(tag) ? tag : build(image, context);
    }

    private String build(FatImage.Built image, BuildContext context) {
        Path archive = scope.directory().resolve("context.tar");
        // In the session's name, so that a sweep finds it if this process dies during the build.
        String unchecked = scope.names().engineName("fatimage") + ":unchecked";
        Child tag = new Child(Child.Kind.IMAGE, unchecked);
        // Removed with the session's children: after a failure together with the image, after a success only the name.
        scope.tracker().trackUnlabelled(tag);
        try {
            String finalTag = write(context, archive);
            ImageBuild.run(docker, scope.events(), archive, context.dockerfileEntry(), unchecked, finalTag);
            toolCheck.check(unchecked, image.tools());
            int colon = finalTag.indexOf(':');
            docker.tagImageCmd(unchecked, finalTag.substring(0, colon), finalTag.substring(colon + 1))
                    .exec();
            docker.removeImageCmd(unchecked).exec();
            scope.tracker().forget(tag);
            return finalTag;
        } finally {
            delete(archive);
        }
    }

    private boolean exists(String image) {
        try {
            docker.inspectImageCmd(image).exec();
            return true;
        } catch (NotFoundException e) {
            return false;
        }
    }

    private static String write(BuildContext context, Path archive) {
        try (OutputStream out = Files.newOutputStream(archive)) {
            return context.writeTo(out);
        } catch (IOException e) {
            throw new WorkflowException(
                    "write the build context",
                    archive.toString(),
                    Optional.of(e.toString()),
                    "Make sure that the temporary directory is writable and has room",
                    e);
        }
    }

    private static void delete(Path archive) {
        try {
            Files.deleteIfExists(archive);
        } catch (IOException e) {
            // The session's end deletes its directory anyway.
        }
    }
}
