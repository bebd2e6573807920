package io.dockerworkflow.internal.children;

import static org.assertj.core.api.Assertions.assertThat;

import io.dockerworkflow.SessionId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SessionImageNameTest {
    private static final String PREFIX = "dw-0a0b0c0d-images/0123456789ab";

    private final SessionImageName imageName = new SessionImageName(new SessionId("0a0b0c0d"), "0123456789ab");

    @ParameterizedTest
    @ValueSource(strings = {PREFIX + "/tag/app:1", PREFIX + ":build-1", PREFIX + ":build-1.2", PREFIX + "/push/a/b:1"})
    void ofWhenTheNameIsASessionsTellsWhose(String name) {
        assertThat(SessionImageName.of(name)).contains(imageName);
        assertThat(name).startsWith(imageName.prefix());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "app:1",
                "dw-fatimage:0a0b",
                "dw-0a0b0c0d-images",
                "x/dw-0a0b0c0d-images/none/tag/a:1",
                "<none>:<none>"
            })
    void ofWhenTheNameIsAnybodysIsEmpty(String name) {
        assertThat(SessionImageName.of(name)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "/tag/app:1, app:1",
        "/tag/team/my--app:1, team/my--app:1",
        "/tag/reg--port--5000/app--1a2b3c:1, reg:5000/app:1",
        "/tag/reg--port--5000/my--app--1a2b3c:latest, reg:5000/my--app:latest"
    })
    void logicalNameIsTheClients(String behind, String logical) {
        assertThat(imageName.logicalName(PREFIX + behind)).contains(logical);
    }

    @Test
    void unfinishedIsNoNameOfAClients() {
        assertThat(imageName.logicalName(imageName.unfinished(3, 1))).isEmpty();
        assertThat(SessionImageName.isUnfinished(imageName.unfinished(3, 1))).isTrue();
        assertThat(SessionImageName.isUnfinished(PREFIX + ":build-3")).isFalse();
        assertThat(SessionImageName.isUnfinished(PREFIX + "/tag/app:build-3.1")).isFalse();
    }
}
