package io.dockerworkflow.dood.gateway.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dockerworkflow.dood.gateway.protocol.ApiException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files are as {@code docker save} of 20.10 and of 28.5 writes them. */
class ImageArchiveTest {
    private static final Map<String, String> RENAMED = Map.of(
            "app:1", "dw-x/app:1",
            "r.example:5000/team/app:2", "dw-x/r.example--port--5000/team/app:2",
            "dw-x/tag/app:1", "app:1",
            "dw-x/tag/r:2", "r.example:5000/team/app:2");

    private final ImageArchive archive = new ImageArchive(tag -> RENAMED.getOrDefault(tag, tag));

    private String edit(String path, String content) {
        byte[] bytes = content.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        byte[] edited = archive.editor(path)
                .orElseThrow()
                .edit(bytes)
                .toCompletableFuture()
                .join();
        return new String(edited, StandardCharsets.UTF_8).replace('"', '\'');
    }

    @ParameterizedTest
    @ValueSource(strings = {"oci-layout", "sub/manifest.json", "manifest.json2", "0123/layer.tar", ""})
    void fileWhenItHoldsNoTagsIsLeft(String path) {
        assertThat(archive.editor(path)).isEmpty();
    }

    @Test
    void manifestHasItsTagsRenamed() {
        assertThat(edit(
                        "manifest.json",
                        "[{'Config':'c.json','RepoTags':['app:1','other:1'],'Layers':['l']},{'RepoTags':null},{}]"))
                .isEqualTo(
                        "[{'Config':'c.json','RepoTags':['dw-x/app:1','other:1'],'Layers':['l']},{'RepoTags':null},{}]");
    }

    @Test
    void repositoriesHaveTheirTagsRenamed() {
        assertThat(edit("repositories", "{'app':{'1':'id1','2':'id2'},'r.example:5000/team/app':{'2':'id3'}}"))
                .isEqualTo(
                        "{'dw-x/app':{'1':'id1'},'app':{'2':'id2'},'dw-x/r.example--port--5000/team/app':{'2':'id3'}}");
    }

    @ParameterizedTest
    @CsvSource({
        "docker.io/library/app:1, docker.io/dw-x/app:1, 1",
        "r.example:5000/team/app:2, docker.io/dw-x/r.example--port--5000/team/app:2, 2",
        "docker.io/dw-x/tag/app:1, docker.io/library/app:1, 1",
        "docker.io/dw-x/tag/r:2, r.example:5000/team/app:2, 2",
        "docker.io/library/other:3, docker.io/library/other:3, 3",
    })
    void indexHasItsNamesRenamed(String before, String name, String tag) {
        assertThat(edit(
                        "index.json",
                        "{'manifests':[{'digest':'d','annotations':{'io.containerd.image.name':'" + before
                                + "','org.opencontainers.image.ref.name':'x','other':'y'}},{'digest':'e'}]}"))
                .isEqualTo("{'manifests':[{'digest':'d','annotations':{'io.containerd.image.name':'" + name
                        + "','org.opencontainers.image.ref.name':'" + tag + "','other':'y'}},{'digest':'e'}]}");
    }

    @Test
    void indexWhenAnImageHasNoNameLeavesIt() {
        String index = "{'manifests':[{'annotations':{'org.opencontainers.image.ref.name':'app:1'}}]}";
        assertThat(edit("index.json", index)).isEqualTo(index);
        assertThat(edit("index.json", "{'schemaVersion':2}")).isEqualTo("{'schemaVersion':2}");
    }

    @Test
    void fileWhenItIsNoJsonIsRefused() {
        assertThatThrownBy(() -> edit("manifest.json", "[")).isInstanceOf(ApiException.class);
    }
}
