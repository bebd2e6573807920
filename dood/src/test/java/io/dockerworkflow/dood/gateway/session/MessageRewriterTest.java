package io.dockerworkflow.dood.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.dockerworkflow.Mode;
import io.dockerworkflow.SessionId;
import io.dockerworkflow.dood.testsupport.Trees;
import io.dockerworkflow.internal.children.SessionNames;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessageRewriterTest {
    private static final SessionNames NAMES = new SessionNames(new SessionId("0a0b0c0d"), Mode.DOOD, "own", Map.of());

    private final ImageNames images = new ImageNames(NAMES);
    private final MessageRewriter messages = new MessageRewriter(NAMES, images);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "No such container: dw-0a0b0c0d-db|No such container: db",
                "Conflict. The container name \"/dw-0a0b0c0d-db\" is already in use|Conflict. The container name \"/db\" is already in use",
                "dw-0a0b0c0d-a and dw-0a0b0c0d-b|a and b",
                "in use by dw-11112222-web, dw-33334444-db|in use by (another session's), (another session's)",
                "volume dw-0a0b0c0d-data used by /dw-11112222-web|volume data used by /(another session's)",
                "nothing of ours|nothing of ours",
                "dw-0a0b0c0 xdw-11112222-web|dw-0a0b0c0 xdw-11112222-web",
            })
    void messageHasTheClientsNames(String engine, String client) {
        assertThat(messages.rewrite(engine)).isEqualTo(client);
    }

    @Test
    void messageWhenItNamesAnImageHasTheClientsReference() {
        String tag = images.claim("app:1");
        assertThat(messages.rewrite("No such image: " + tag + ".")).isEqualTo("No such image: app:1.");
        assertThat(messages.rewrite("pull access denied for dw-11112222-images/x/tag/app:1"))
                .isEqualTo("pull access denied for (another session's)/x/tag/app:1");
    }

    @Test
    void progressHasTheClientsNamesInAllItsTexts() {
        assertThat(
                        Trees.text(
                                messages.progress(
                                        Trees.object(
                                                "{'status':'s dw-0a0b0c0d-a','stream':'t dw-0a0b0c0d-b',"
                                                        + "'error':'e dw-0a0b0c0d-c','errorDetail':{'code':1,'message':'m dw-0a0b0c0d-d'},'id':'dw-0a0b0c0d-e'}"))))
                .isEqualTo("{'status':'s a','stream':'t b','error':'e c','errorDetail':{'code':1,'message':'m d'},"
                        + "'id':'dw-0a0b0c0d-e'}");
    }

    @Test
    void progressWhenAChangeIsGivenIsChangedAfterIt() {
        assertThat(Trees.text(messages.progress(Trees.object("{'stream':'dw-0a0b0c0d-a'}"), text -> "<" + text + ">")))
                .isEqualTo("{'stream':'<a>'}");
    }

    @Test
    void progressWhenFieldsHaveOtherTypesIsLeft() {
        String line = "{'status':7,'stream':null,'errorDetail':'x'}";
        assertThat(Trees.text(messages.progress(Trees.object(line)))).isEqualTo(line);
    }
}
