package io.dockerworkflow.dood.gateway.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.dockerworkflow.dood.gateway.protocol.ApiJson;
import io.dockerworkflow.dood.gateway.session.NamedObjects.Entry;
import io.dockerworkflow.dood.testsupport.SessionContext;
import io.dockerworkflow.dood.testsupport.Trees;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventRewriterTest {
    private static final String ID = "sha256:" + "0123456789abcdef".repeat(4);

    private final SessionContext session = SessionContext.within("/docker/owner", "caller");
    private final EventRewriter rewriter = new EventRewriter(session.context());

    @AfterEach
    void close() {
        session.close();
    }

    private boolean isMine(String type, String id, String attributes) {
        return rewriter.isMine(
                Trees.object("{'Type':'" + type + "','Actor':{'ID':'" + id + "','Attributes':{" + attributes + "}}}"));
    }

    @Nested
    class IsMine {
        @BeforeEach
        void children() {
            session.context().index().containers().put(new Entry("c1", "db", "dw-0a0b0c0d-db"));
            session.context().index().containers().remove("c2");
            session.context().index().volumes().put(new Entry("anonymous", "anonymous", "anonymous"));
            session.context().ownTags().noteLeased(ID);
            session.context().images().confirm(session.context().images().claim("app:1"));
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                quoteCharacter = '"',
                value = {
                    "container|c1|'name':'dw-0a0b0c0d-db','io.dockerworkflow.session':'0a0b0c0d'|true",
                    "container|c1|'name':'stranger','io.dockerworkflow.session':'0a0b0c0d'|false",
                    "container|c1|'name':'dw-0a0b0c0d-db'|false",
                    "container|c1|'name':'dw-0a0b0c0d-db','io.dockerworkflow.session':'11112222'|false",
                    "network|n1|'name':'dw-0a0b0c0d-app'|true",
                    "network|n1|'name':'dw-11112222-app'|false",
                    "network|n1|'name':'bridge','container':'c1'|true",
                    "network|n1|'name':'bridge','container':'c2'|true",
                    "network|n1|'name':'bridge','container':'c3'|false",
                    "network|n1|'name':'bridge','container':''|false",
                    "network|n1|'name':'dw-0a0b0c0d-app','container':'caller'|false",
                    "volume|dw-0a0b0c0d-data|'driver':'local'|true",
                    "volume|anonymous|'driver':'local'|true",
                    "volume|other|'container':'c1'|true",
                    "volume|other|'driver':'local'|false",
                    "image|x|'io.dockerworkflow.session':'0a0b0c0d'|true",
                    "image|app:1|'name':'app:1'|true",
                    "image|other:1|'name':'other:1'|false",
                    "image|sha256:00|'name':'sha256:00'|false",
                    "daemon|d1|'name':'dw-0a0b0c0d-db'|false",
                    "plugin|p|'io.dockerworkflow.session':'0a0b0c0d'|false",
                })
        void eventIsToldByWhatItSaysOfItself(String type, String id, String attributes, boolean mine) {
            assertThat(isMine(type, id, attributes)).isEqualTo(mine);
        }

        @Test
        void imageWhenTheGatewayHoldsItForItselfIsNotTold() {
            assertThat(isMine(
                            "image",
                            ID,
                            "'name':'" + session.context().ownTags().lease(ID) + "'"))
                    .isFalse();
            assertThat(isMine("image", ID, "'name':'" + ID + "'")).isTrue();
        }

        @Test
        void eventWhenItHasNoActorIsNotTold() {
            assertThat(rewriter.isMine(Trees.object("{'Type':'container'}"))).isFalse();
            assertThat(rewriter.isMine(ApiJson.object())).isFalse();
        }
    }

    @Nested
    class Logical {
        private String logical(String event) {
            return Trees.text(rewriter.logical(Trees.object(event)));
        }

        @Test
        void containerHasTheClientsNames() {
            String app = session.context().images().claim("app:1");
            assertThat(logical(
                            "{'status':'rename','id':'c1','from':'" + app + "','Type':'container','Actor':{'ID':'c1',"
                                    + "'Attributes':{'image':'" + app
                                    + "','name':'dw-0a0b0c0d-new','oldName':'/dw-0a0b0c0d-old',"
                                    + "'io.dockerworkflow.name':'old','imageRef':'" + app + "'}}}"))
                    .isEqualTo("{'status':'rename','id':'c1','from':'app:1','Type':'container','Actor':{'ID':'c1',"
                            + "'Attributes':{'image':'app:1','name':'new','oldName':'/old','imageRef':'app:1'}}}");
        }

        @Test
        void volumeHasTheClientsNameForItsId() {
            assertThat(logical("{'Type':'volume','Actor':{'ID':'dw-0a0b0c0d-data','Attributes':{'container':'c1'}}}"))
                    .isEqualTo("{'Type':'volume','Actor':{'ID':'data','Attributes':{'container':'c1'}}}");
        }

        @Test
        void imageHasTheClientsReferenceForItsId() {
            String app = session.context().images().claim("app:1");
            assertThat(logical("{'id':'" + app + "','Type':'image','Actor':{'ID':'" + app + "','Attributes':{'name':'"
                            + app + "'}}}"))
                    .isEqualTo("{'id':'app:1','Type':'image','Actor':{'ID':'app:1','Attributes':{'name':'app:1'}}}");
        }

        @Test
        void eventWhenItHasNoActorIsLeft() {
            assertThat(logical("{'Type':'daemon','from':'x'}")).isEqualTo("{'Type':'daemon','from':'x'}");
        }
    }
}
