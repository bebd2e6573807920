package io.dockerworkflow.examples.benchmark.faults;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.Image;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.httpclient5.ApacheDockerHttpClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Sees everything that is on an engine, and in the directory of the sessions' directories. Of use only where nobody else uses
 * the engine.
 */
final class EngineContents implements AutoCloseable {
    private final DockerClient docker;
    private final Path directory;

    EngineContents(Path engine, Path directory) {
        DockerClientConfig config = DefaultDockerClientConfig.createDefaultConfigBuilder()
                .withDockerHost("unix://" + engine)
                .build();
        this.docker = DockerClientImpl.getInstance(
                config,
                new ApacheDockerHttpClient.Builder()
                        .dockerHost(config.getDockerHost())
                        .build());
        this.directory = directory;
    }

    /** What is there now, each as its kind, id and name. */
    Set<String> things() {
        Set<String> things = new TreeSet<>();
        docker.listContainersCmd()
                .withShowAll(true)
                .exec()
                .forEach(each -> things.add("container " + each.getId() + " " + List.of(each.getNames())));
        docker.listNetworksCmd().exec().forEach(each -> things.add("network " + each.getId() + " " + each.getName()));
        Optional.ofNullable(docker.listVolumesCmd().exec().getVolumes())
                .ifPresent(volumes -> volumes.forEach(each -> things.add("volume " + each.getName())));
        docker.listImagesCmd().withShowAll(true).exec().forEach(each -> things.addAll(names(each)));
        try (DirectoryStream<Path> directories = Files.newDirectoryStream(directory)) {
            directories.forEach(each -> things.add("directory " + each));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return things;
    }

    private static Set<String> names(Image image) {
        Set<String> names = new LinkedHashSet<>(List.of("image " + image.getId()));
        if (image.getRepoTags() != null) {
            Arrays.stream(image.getRepoTags()).forEach(tag -> names.add("image " + image.getId() + " " + tag));
        }
        return names;
    }

    /** What is there now and was not before. */
    Set<String> since(Set<String> before) {
        Set<String> more = things();
        more.removeAll(before);
        return more;
    }

    @Override
    public void close() {
        try {
            docker.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
