package io.dockerworkflow.fatimage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dockerworkflow.WorkflowException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BuildContextTest {
    @TempDir
    Path context;

    @TempDir
    Path elsewhere;

    @BeforeEach
    void writeContext() throws IOException {
        Files.writeString(context.resolve("Dockerfile"), "FROM busybox\nCOPY . /src\n");
        Files.createDirectories(context.resolve("src/deep"));
        Files.writeString(context.resolve("src/deep/a.txt"), "a");
        Files.writeString(context.resolve("run.sh"), "#!/bin/sh\n");
    }

    private String tag() {
        return BuildContext.of(FatImage.built(context)).tag();
    }

    @Test
    void tagWhenContentIsSameIsSame() throws IOException {
        String before = tag();
        Files.setLastModifiedTime(context.resolve("run.sh"), FileTime.fromMillis(1_000_000));

        assertThat(tag()).isEqualTo(before).matches("dw-fatimage:[0-9a-f]{32}");
    }

    @Test
    void tagWhenAnythingThatCountsChangesIsAnother() throws IOException {
        List<String> tags = new ArrayList<>(List.of(tag()));
        Files.writeString(context.resolve("src/deep/a.txt"), "b");
        tags.add(tag());
        Files.setPosixFilePermissions(context.resolve("run.sh"), PosixFilePermissions.fromString("rwx------"));
        tags.add(tag());
        Files.move(context.resolve("src/deep/a.txt"), context.resolve("src/deep/b.txt"));
        tags.add(tag());
        Files.createSymbolicLink(context.resolve("link"), Path.of("run.sh"));
        tags.add(tag());
        Files.createDirectory(context.resolve("empty"));
        tags.add(tag());
        Files.writeString(context.resolve("Dockerfile"), "FROM busybox\n");
        tags.add(tag());
        tags.add(BuildContext.of(FatImage.built(context).tools("git")).tag());

        assertThat(tags).doesNotHaveDuplicates();
    }

    @Test
    void tagWhenIgnoredFileChangesIsSame() throws IOException {
        Files.writeString(context.resolve(".dockerignore"), "target\n");
        Files.createDirectory(context.resolve("target"));
        String before = tag();
        Files.writeString(context.resolve("target/out"), "out");

        assertThat(tag()).isEqualTo(before);
    }

    @Test
    void archiveWhenWrittenHoldsContextWithoutWhatIsIgnored() throws IOException {
        Files.writeString(context.resolve(".dockerignore"), "src\n!src/deep\nDockerfile\n");
        Files.writeString(context.resolve("src/no.txt"), "no");
        Files.setPosixFilePermissions(context.resolve("run.sh"), PosixFilePermissions.fromString("rwxr-x---"));
        Files.createSymbolicLink(context.resolve("link"), Path.of("run.sh"));
        BuildContext built = BuildContext.of(FatImage.built(context));

        List<TarArchiveEntry> entries = entries(built);

        assertThat(entries)
                .extracting(TarArchiveEntry::getName)
                .containsExactly(".dockerignore", "Dockerfile", "link", "run.sh", "src/deep/", "src/deep/a.txt");
        assertThat(entries)
                .filteredOn(TarArchiveEntry::isSymbolicLink)
                .singleElement()
                .extracting(TarArchiveEntry::getLinkName)
                .isEqualTo("run.sh");
        assertThat(entries)
                .filteredOn(entry -> entry.getName().equals("run.sh"))
                .singleElement()
                .extracting(entry -> entry.getMode() & 07777)
                .isEqualTo(0750);
    }

    @Test
    void archiveWhenDockerfileIsElsewhereHoldsIt() throws IOException {
        Path dockerfile = Files.writeString(elsewhere.resolve("My.Dockerfile"), "FROM busybox\n");
        BuildContext built = BuildContext.of(FatImage.built(context, dockerfile));

        assertThat(entries(built)).extracting(TarArchiveEntry::getName).contains(built.dockerfileEntry());
        assertThat(built.dockerfileEntry()).isEqualTo(".dw-dockerfile");
    }

    @Test
    void contextWhenMissingIsNamed() {
        Path missing = context.resolve("nowhere");

        assertThatThrownBy(() -> BuildContext.of(FatImage.built(missing)))
                .isInstanceOf(WorkflowException.class)
                .hasMessage("Could not build the fat image (" + missing + "): no such directory."
                        + " Name the directory that holds what the Dockerfile copies.");
    }

    @Test
    void dockerfileWhenMissingIsNamed() {
        Path missing = context.resolve("Other");

        assertThatThrownBy(() -> BuildContext.of(FatImage.built(context, missing)))
                .isInstanceOf(WorkflowException.class)
                .hasMessageStartingWith("Could not build the fat image (" + missing + "): no such file.");
    }

    private static List<TarArchiveEntry> entries(BuildContext context) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        assertThat(context.writeTo(bytes)).isEqualTo(context.tag());
        List<TarArchiveEntry> entries = new ArrayList<>();
        try (TarArchiveInputStream tar = new TarArchiveInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                entries.add(entry);
            }
        }
        return entries;
    }
}
