package io.dockerworkflow.internal.owner;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeftDirectoriesTest {
    private static final String ENGINE = "unix:///engine.sock";

    @TempDir
    private Path parent;

    @Test
    void unfinishedIsWhatHasNeitherAMarkNorAnythingElse() throws IOException {
        Path empty = directory("dw-00000001", "rwx------");
        Path markBegun = directory("dw-00000002", "rwx------");
        Files.createFile(markBegun.resolve(".owner"));
        Path marked = directory("dw-00000003", "rwx------");
        LeftDirectories.mark(marked, ENGINE, "owner");
        Path ofAnotherEngine = directory("dw-00000004", "rwx------");
        LeftDirectories.mark(ofAnotherEngine, "unix:///other.sock", "owner");
        Files.createFile(directory("dw-00000005", "rwx------").resolve("file"));
        directory("dw-00000006", "rwxr-xr-x");
        directory("dw-somebody", "rwx------");

        LeftDirectories directories = new LeftDirectories(List.of(parent), ENGINE);

        assertThat(directories.unfinished()).containsExactlyInAnyOrder(empty, markBegun);
        assertThat(directories.all()).containsOnlyKeys(marked).containsValue("owner");
    }

    private Path directory(String name, String permissions) throws IOException {
        // Set afterwards: at its making the umask would have a word.
        return Files.setPosixFilePermissions(
                Files.createDirectory(parent.resolve(name)), PosixFilePermissions.fromString(permissions));
    }
}
