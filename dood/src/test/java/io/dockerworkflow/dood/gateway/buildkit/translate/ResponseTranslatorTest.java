package io.dockerworkflow.dood.gateway.buildkit.translate;

import static org.assertj.core.api.Assertions.assertThat;

import io.dockerworkflow.dood.gateway.buildkit.SessionImages;
import io.dockerworkflow.dood.gateway.buildkit.Settings;
import io.dockerworkflow.dood.gateway.buildkit.wire.GrpcHeaders;
import io.dockerworkflow.dood.gateway.buildkit.wire.ProtoMessage;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ResponseTranslatorTest {
    private final ResponseTranslator answers = new ResponseTranslator(Settings.of(new SessionImages(Settings.SESSION)));

    @Test
    void statusWhenItNamesTheSessionsImagesNamesTheClients() {
        ProtoMessage vertex = new ProtoMessage()
                .add(3, "[1/2] FROM docker.io/dw-0a0b0c0d/app:1")
                .add(7, "dw-0a0b0c0d/app: not found");
        ProtoMessage status =
                new ProtoMessage().add(1, "naming to docker.io/dw-0a0b0c0d/app").add(3, "naming");
        ProtoMessage log = new ProtoMessage().add(4, "dw-0a0b0c0d/app");
        ProtoMessage mapped = ProtoMessage.parse(answers.status(new ProtoMessage()
                .add(1, vertex.toBytes())
                .add(2, status.toBytes())
                .add(3, log.toBytes())
                .toBytes()));
        assertThat(mapped.messages(1).get(0).string(3)).isEqualTo("[1/2] FROM docker.io/library/app:1");
        assertThat(mapped.messages(1).get(0).string(7)).isEqualTo("app: not found");
        assertThat(mapped.messages(2).get(0).string(1)).isEqualTo("naming to docker.io/library/app");
        assertThat(mapped.messages(3).get(0).string(4)).isEqualTo("dw-0a0b0c0d/app");
    }

    @Test
    void statusWhenRecordedAndNotConcernedStaysAsItIs() {
        byte[] recorded = Settings.recorded("status-engine-28.5.bin");
        assertThat(answers.status(recorded)).isEqualTo(recorded);
    }

    @Test
    void solveWhenRecordedNamesTheClientsImages() {
        ProtoMessage recorded = ProtoMessage.parse(Settings.recorded("solve-answer-engine-28.5.bin"));
        Map<String, String> map = recorded.stringMap(1);
        map.put("image.name", "docker.io/dw-0a0b0c0d/bkrec:1,docker.io/dw-0a0b0c0d/bkrec:2");
        assertThat(ProtoMessage.parse(answers.solve(recorded.setMap(1, map).toBytes()))
                        .stringMap(1))
                .containsEntry("image.name", "docker.io/library/bkrec:1,docker.io/library/bkrec:2")
                .containsEntry("containerimage.digest", map.get("containerimage.digest"));
    }

    @Test
    void historyWhenTheBuildIsAnothersIsNotShown() {
        assertThat(answers.history(Settings.recorded("history-engine-28.5.bin")))
                .isEmpty();
    }

    @Test
    void historyWhenTheBuildIsTheSessionsIsShownAsTheClientMadeIt() {
        ProtoMessage event = ProtoMessage.parse(Settings.recorded("history-engine-28.5.bin"));
        ProtoMessage build = event.message(2).orElseThrow();
        String ref = build.string(1);
        Map<String, String> attributes = build.stringMap(3);
        attributes.put("label:io.dockerworkflow.session", Settings.SESSION);
        event.set(2, build.set(1, "dw-0a0b0c0d-" + ref).setMap(3, attributes));
        assertThat(answers.history(event.toBytes())).singleElement().satisfies(shown -> {
            ProtoMessage record = ProtoMessage.parse(shown).message(2).orElseThrow();
            assertThat(record.string(1)).isEqualTo(ref);
            assertThat(record.stringMap(3)).containsKey("label:l").doesNotContainKey("label:io.dockerworkflow.session");
        });
    }

    @Test
    void grpcMessageWhenEncodedIsReadBack() {
        assertThat(GrpcHeaders.decode(GrpcHeaders.encode("50% of \u00fc\n"))).isEqualTo("50% of \u00fc\n");
        assertThat(GrpcHeaders.encode("50%")).isEqualTo("50%25");
    }
}
