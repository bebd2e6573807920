package io.dockerworkflow.dood.gateway.build;

import static org.assertj.core.api.Assertions.assertThat;

import io.dockerworkflow.dood.gateway.buildkit.translate.DockerfileStream;
import io.dockerworkflow.dood.gateway.buildkit.wire.GrpcRefusal;
import io.dockerworkflow.dood.gateway.buildkit.wire.GrpcStatus;
import io.dockerworkflow.dood.gateway.buildkit.wire.ProtoMessage;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DockerfileTranslatorTest {
    private static final Map<String, String> OWN = Map.of("app", "OWN", "app:1", "OWN:1", "syntax", "SYNTAX");

    private static String translate(String dockerfile, Map<String, String> arguments) {
        return new DockerfileTranslator(image -> Optional.ofNullable(OWN.get(image)), arguments, true)
                .translate(dockerfile);
    }

    @Test
    void dockerfileWhenTheClassicBuilderReadsItHasNoFrontendOrHereDoc() {
        String written = "# syntax=app\nFROM scratch\nRUN : <<END\nFROM app\nEND\n";
        assertThat(new DockerfileTranslator(image -> Optional.ofNullable(OWN.get(image)), Map.of(), false)
                        .translate(written))
                .isEqualTo("# syntax=app\nFROM scratch\nRUN : <<END\nFROM OWN\nEND\n");
    }

    private static String translate(String dockerfile) {
        return translate(dockerfile, Map.of());
    }

    @Test
    void imagesWhenTheyAreTheSessionsAreReplacedWhereverNamed() {
        assertThat(translate("""
                        # syntax=syntax
                        # a comment: FROM app
                        FROM app
                        from --platform=linux/amd64 app:1 as one
                        FROM busybox
                        COPY --from=app:1 --chown=1 /a /b
                        ADD --chown=1 --from=app /a /b
                        RUN --mount=type=bind,from=app,target=/m --mount=from=app:1,target=/n \\
                            # a comment within
                            echo FROM app
                        ONBUILD COPY --from=app /a /b
                        """)).isEqualTo("""
                        # syntax=SYNTAX
                        # a comment: FROM app
                        FROM OWN
                        from --platform=linux/amd64 OWN:1 as one
                        FROM busybox
                        COPY --from=OWN:1 --chown=1 /a /b
                        ADD --chown=1 --from=OWN /a /b
                        RUN --mount=type=bind,from=OWN,target=/m --mount=from=OWN:1,target=/n \\
                            # a comment within
                            echo FROM app
                        ONBUILD COPY --from=OWN /a /b
                        """);
    }

    @Test
    void imagesWhenArgumentsMakeThemAreFound() {
        String dockerfile = String.join(
                "\n",
                "ARG NAME=other TAG",
                "ARG WHOLE=\"${NAME}:${TAG:-1}\"",
                "FROM ${WHOLE}",
                "FROM $NAME",
                "FROM ${TAG:+app}x",
                "");
        assertThat(translate(dockerfile, Map.of("NAME", "app")))
                .contains("FROM OWN:1\n", "FROM OWN\n", "FROM ${TAG:+app}x\n");
        assertThat(translate(dockerfile)).isEqualTo(dockerfile);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "FROM busybox AS app\nFROM app\nCOPY --from=APP /a /b\n",
                "FROM busybox\nCOPY --from=0 /a /b",
                "FROM busybox\nRUN <<END\nFROM app\nEND\nRUN true\n",
                "FROM busybox\nRUN echo \\\nFROM app\n",
                "# escape=`\nFROM busybox\nRUN echo `\nFROM app\n",
                "FROM busybox\nRUN echo --from=app\n",
                "FROM busybox\nARG app\nENV FROM app\n",
                ""
            })
    void fileWhenItNamesNoneOfTheSessionsStaysAsItIs(String dockerfile) {
        assertThat(translate(dockerfile)).isEqualTo(dockerfile);
    }

    @Test
    void fileWhenItsLinesEndAsOnWindowsKeepsThem() {
        assertThat(translate("FROM app\r\nRUN true\r\n")).isEqualTo("FROM OWN\r\nRUN true\r\n");
    }

    @Test
    void streamWhenItSendsADockerfileSendsTheTranslatedAsAnother() {
        DockerfileStream stream = new DockerfileStream(text -> text.toUpperCase(Locale.ROOT), 7);
        ProtoMessage stat =
                new ProtoMessage().add(1, "Dockerfile").addNumber(2, 0644).addNumber(6, 1_000_000_005L);
        ProtoMessage ignore = new ProtoMessage().add(1, ".dockerignore").addNumber(2, 0644);
        byte[] other = new ProtoMessage().set(2, ignore).toBytes();
        byte[] changed = stream.apply(new ProtoMessage().set(2, stat).toBytes()).get(0);
        assertThat(ProtoMessage.parse(changed).message(2).orElseThrow().number(6))
                .isBetween(1_000_000_000L, 1_999_999_999L)
                .isNotEqualTo(1_000_000_005L);
        assertThat(stream.apply(other)).containsExactly(other);
        assertThat(stream.apply(new byte[0])).containsExactly(new byte[0]);

        assertThat(stream.apply(data(0, "from a"))).isEmpty();
        assertThat(stream.apply(data(0, "pp"))).isEmpty();
        byte[] end = new ProtoMessage().addNumber(1, 2).toBytes();
        assertThat(stream.apply(end)).containsExactly(data(0, "FROM APP"), end);

        byte[] ofTheOther = data(1, "from app");
        assertThat(stream.apply(ofTheOther)).containsExactly(ofTheOther);
    }

    @Test
    void streamWhenTheDockerfileIsLongSendsItInPieces() {
        DockerfileStream stream = new DockerfileStream(text -> "x".repeat(70_000), 0);
        stream.apply(new ProtoMessage()
                .set(2, new ProtoMessage().add(1, "Dockerfile"))
                .toBytes());
        List<byte[]> packets = stream.apply(new ProtoMessage().addNumber(1, 2).toBytes());
        assertThat(packets).hasSize(4);
        assertThat(ProtoMessage.parse(packets.get(0)).string(4)).hasSize(32 * 1024);
    }

    @Test
    void streamWhenTheDockerfileIsRefusedFailsAsASenderAndIsSilent() {
        DockerfileStream stream = new DockerfileStream(
                text -> {
                    throw new GrpcRefusal(GrpcStatus.NOT_FOUND, "The Dockerfile names x: not found");
                },
                0);
        byte[] stat = new ProtoMessage()
                .set(2, new ProtoMessage().add(1, "Dockerfile"))
                .toBytes();
        byte[] end = new ProtoMessage().addNumber(1, 2).toBytes();
        stream.apply(stat);
        assertThat(stream.apply(data(0, "FROM x"))).isEmpty();
        byte[] failure = new ProtoMessage()
                .addNumber(1, 4)
                .add(4, "The Dockerfile names x: not found")
                .toBytes();
        assertThat(stream.apply(end)).containsExactly(failure);
        assertThat(stream.apply(stat)).isEmpty();
        assertThat(stream.apply(end)).isEmpty();
    }

    private static byte[] data(long id, String content) {
        ProtoMessage packet = new ProtoMessage().addNumber(1, 2);
        if (id != 0) {
            packet.addNumber(3, id);
        }
        return packet.add(4, content).toBytes();
    }
}
