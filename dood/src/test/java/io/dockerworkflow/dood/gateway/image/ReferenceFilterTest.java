package io.dockerworkflow.dood.gateway.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dockerworkflow.dood.gateway.protocol.ApiException;
import io.dockerworkflow.dood.gateway.protocol.ApiJson;
import io.dockerworkflow.dood.testsupport.Trees;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The daemon matches by {@code reference.FamiliarMatch}: Go's {@code path.Match} on the name with, then without its tag. */
class ReferenceFilterTest {

    @ParameterizedTest
    @CsvSource({
        "busybox, busybox:latest, true",
        "busybox:latest, busybox:latest, true",
        "busybox:1, busybox:latest, false",
        "busy*, busybox:latest, true",
        "busy, busybox:latest, false",
        "*, team/app:1, false",
        "*/*, team/app:1, true",
        "team/app:?, team/app:1, true",
        "team/app:?, team/app:12, false",
        "[bc]usybox, busybox:latest, true",
        "r:5000/app, r:5000/app:1, true",
        "r:5000/*:1, r:5000/app:1, true",
        "a.c, abc:1, false",
    })
    void tagMatchesAsAShellPattern(String pattern, String tag, boolean matches) {
        ObjectNode image = ApiJson.object();
        image.putArray("RepoTags").add(tag);
        assertThat(ReferenceFilter.keepMatching(image, Set.of(pattern))).isEqualTo(matches);
        assertThat(image.path("RepoTags").size()).isEqualTo(matches ? 1 : 0);
    }

    @Test
    void tagsWhenSomeMatchAreTheOnlyOnesKept() {
        ObjectNode image = Trees.object("{'Id':'1','RepoTags':['a:1','b:1','a:2','c:1']}");
        assertThat(ReferenceFilter.keepMatching(image, Set.of("a", "c:*"))).isTrue();
        assertThat(Trees.text(image)).isEqualTo("{'Id':'1','RepoTags':['a:1','a:2','c:1']}");
    }

    @Test
    void imageWhenNoPatternIsGivenIsKept() {
        assertThat(ReferenceFilter.keepMatching(ApiJson.object(), Set.of())).isTrue();
    }

    @Test
    void imageWhenItHasNoTagsIsNotKept() {
        assertThat(ReferenceFilter.keepMatching(Trees.object("{'RepoTags':null}"), Set.of("*")))
                .isFalse();
        assertThat(ReferenceFilter.keepMatching(Trees.object("{'RepoTags':[]}"), Set.of("*")))
                .isFalse();
        assertThat(ReferenceFilter.keepMatching(ApiJson.object(), Set.of("*"))).isFalse();
    }

    @Test
    void patternWhenItIsMalformedIsRefused() {
        ObjectNode image = Trees.object("{'RepoTags':['a:1']}");
        assertThatThrownBy(() -> ReferenceFilter.keepMatching(image, Set.of("[a")))
                .isInstanceOf(ApiException.class)
                .hasMessage("invalid filter 'reference=[[a]'");
    }
}
