package io.dockerworkflow.dood.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dockerworkflow.dood.gateway.http.ClientRequest;
import io.dockerworkflow.dood.gateway.protocol.ApiException;
import io.dockerworkflow.dood.gateway.session.NamedObjects.Entry;
import io.dockerworkflow.dood.testsupport.ScriptedEngine;
import io.dockerworkflow.dood.testsupport.SessionContext;
import io.dockerworkflow.dood.testsupport.Trees;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class ResolverTest {
    private static final String ID = "0123456789abcdef".repeat(4);
    private static final String MINE = "'Labels':{'io.dockerworkflow.session':'0a0b0c0d'}";

    @TempDir
    private Path directory;

    private ScriptedEngine engine;
    private SessionContext session;
    private Resolver resolver;
    private ClientRequest request;

    @BeforeEach
    void start() throws IOException {
        engine = ScriptedEngine.in(directory);
        session = new SessionContext(engine.endpoint(), Map.of());
        resolver = new Resolver(session.context());
        request = session.call("GET", "/any");
    }

    @AfterEach
    void stop() throws IOException {
        session.close();
        engine.close();
    }

    private static <T> T done(CompletionStage<T> stage) {
        return ScriptedEngine.await(stage.toCompletableFuture());
    }

    private SessionIndex index() {
        return session.context().index();
    }

    @Nested
    class Container {
        private Entry container(String reference) {
            return done(resolver.container(request, reference));
        }

        @Test
        void containerWhenItIsKnownIsNotAskedFor() {
            index().containers().put(new Entry(ID, "db", "dw-0a0b0c0d-db"));
            assertThat(container("db").address()).isEqualTo("dw-0a0b0c0d-db");
            assertThat(container("/db").address()).isEqualTo("dw-0a0b0c0d-db");
            assertThat(container("0123").address()).isEqualTo(ID);
            assertThat(container(ID).address()).isEqualTo(ID);
            assertThat(engine.asked()).isEmpty();
        }

        @Test
        void containerWhenTheEngineKnowsItIsLearned() {
            engine.on("GET", "/v1.41/containers/dw-0a0b0c0d-db/json")
                    .json(200, "{'Id':'" + ID + "','Name':'/dw-0a0b0c0d-db','Config':{" + MINE + "}}");
            assertThat(container("db").id()).isEqualTo(ID);
            assertThat(container("db").address()).as("without asking again").isEqualTo("dw-0a0b0c0d-db");
            assertThat(index().containers().byId(ID)).isPresent();
        }

        @Test
        void containerWhenItIsAskedForByItsIdIsCheckedByItsLabelAndName() {
            engine.on("GET", "/v1.41/containers/" + ID + "/json")
                    .json(200, "{'Id':'" + ID + "','Name':'/dw-0a0b0c0d-db','Config':{" + MINE + "}}");
            Entry entry = container(ID);
            assertThat(entry.logicalName()).isEqualTo("db");
            assertThat(entry.address()).isEqualTo(ID);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "{'Id':'1','Name':'/stranger','Config':{'Labels':{'io.dockerworkflow.session':'0a0b0c0d'}}}",
                    "{'Id':'1','Name':'/dw-0a0b0c0d-db','Config':{'Labels':{'io.dockerworkflow.session':'11112222'}}}",
                    "{'Id':'1','Name':'/dw-0a0b0c0d-db','Config':{'Labels':null}}",
                    "[]",
                })
        void containerWhenItIsAStrangersIsUnknown(String inspected) {
            engine.on("GET", "/v1.41/containers/" + ID + "/json").json(200, inspected);
            Entry entry = container(ID);
            assertThat(entry.isUnknown()).isTrue();
            assertThat(entry.address()).isEqualTo("dw-0a0b0c0d-" + ID);
            assertThat(index().containers().size()).isZero();
        }

        @Test
        void containerWhenTheEngineHasItNotIsUnknown() {
            engine.on("GET", "/v1.41/containers/dw-0a0b0c0d-db/json").json(404, "{'message':'x'}");
            assertThat(container("db").isUnknown()).isTrue();
        }

        @Test
        void prefixWhenItIsAmbiguousIsRefused() {
            index().containers().put(new Entry("abc1", "one", "dw-0a0b0c0d-one"));
            index().containers().put(new Entry("abc2", "two", "dw-0a0b0c0d-two"));
            assertThatThrownBy(() -> resolver.container(request, "abc"))
                    .hasMessage("Multiple IDs found with provided prefix: abc");
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "/", "a b", "a/b", "../x", "a?b", "-a", "a%2fb"})
        void nameWhenNoEngineCouldHaveItIsNotAskedFor(String reference) {
            assertThatThrownBy(() -> resolver.container(request, reference))
                    .isInstanceOf(ApiException.class)
                    .hasMessage("No such container: " + reference);
        }

        @Test
        void containerWhenItIsGoneIsNotLearnedAgain() {
            index().containers().remove(ID);
            resolver.learnContainer(ID, "/dw-0a0b0c0d-db");
            assertThat(index().containers().find("db")).isEmpty();
        }

        @Test
        void tokenWhenTheContainerIsUnknownFails() {
            engine.on("GET", "/v1.41/containers/dw-0a0b0c0d-db/json").json(404, "{'message':'x'}");
            assertThatThrownBy(() -> done(resolver.containerToken(request, "db")))
                    .hasRootCauseMessage("No such container: db");
        }
    }

    @Nested
    class IsMine {
        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                quoteCharacter = '"',
                value = {
                    "'Names':['/dw-0a0b0c0d-db'],'Labels':{'io.dockerworkflow.session':'0a0b0c0d'}|true",
                    "'Names':['/x/alias','/dw-0a0b0c0d-db'],'Labels':{'io.dockerworkflow.session':'0a0b0c0d'}|true",
                    "'Names':['/dw-0a0b0c0d-db/alias','/stranger'],'Labels':{'io.dockerworkflow.session':'0a0b0c0d'}|false",
                    "'Names':['/stranger'],'Labels':{'io.dockerworkflow.session':'0a0b0c0d'}|false",
                    "'Names':['/dw-0a0b0c0d-db'],'Labels':{}|false",
                    "'Names':null,'Labels':null|false",
                })
        void containerIsTheSessionsByLabelAndName(String summary, boolean mine) {
            assertThat(resolver.isMine(Trees.object("{" + summary + "}"))).isEqualTo(mine);
        }
    }

    @Nested
    class Network {
        private Entry network(String reference) {
            return done(resolver.network(request, reference));
        }

        @ParameterizedTest
        @ValueSource(strings = {"bridge", "host", "none", "nat"})
        void networkWhenItIsPredefinedKeepsItsName(String name) {
            assertThat(network(name).address()).isEqualTo(name);
            assertThat(resolver.networkToken(name)).isEqualTo(name);
        }

        @Test
        void networkWhenItHasTheLabelIsLearned() {
            engine.on("GET", "/v1.41/networks/dw-0a0b0c0d-app")
                    .json(200, "{'Id':'" + ID + "','Name':'dw-0a0b0c0d-app'," + MINE + "}");
            assertThat(network("app").id()).isEqualTo(ID);
            assertThat(resolver.networkToken("app")).isEqualTo("dw-0a0b0c0d-app");
            assertThat(resolver.networkToken(ID)).isEqualTo(ID);
            assertThat(resolver.networkToken("0123")).isEqualTo(ID);
        }

        @Test
        void networkWhenItIsThePredefinedOnesIdIsThat() {
            engine.on("GET", "/v1.41/networks/" + ID).json(200, "{'Id':'" + ID + "','Name':'bridge','Labels':{}}");
            Entry entry = network(ID);
            assertThat(entry.engineName()).isEqualTo("bridge");
            assertThat(entry.isUnknown()).isFalse();
        }

        @Test
        void networkWhenItIsAnothersIsUnknown() {
            engine.on("GET", "/v1.41/networks/" + ID).json(200, "{'Id':'" + ID + "','Name':'other','Labels':{}}");
            assertThat(network(ID).isUnknown()).isTrue();
            assertThat(resolver.networkToken("none-such")).isEqualTo("dw-0a0b0c0d-none-such");
            assertThat(resolver.networkToken("default")).isEqualTo("default");
        }

        @Test
        void nameWhenItHasSpecialCharactersIsEncoded() {
            engine.on("GET", "/v1.41/networks/dw-0a0b0c0d-a%20b%2C%3F").json(404, "{}");
            assertThat(network("a b,?").isUnknown()).isTrue();
        }

        @Test
        void prefixWhenItIsAmbiguousIsRefused() {
            index().networks().put(new Entry("abc1", "one", "dw-0a0b0c0d-one"));
            index().networks().put(new Entry("abc2", "two", "dw-0a0b0c0d-two"));
            assertThatThrownBy(() -> resolver.network(request, "abc"))
                    .hasMessage("network abc is ambiguous (2 matches found based on ID prefix)");
        }
    }

    @Nested
    class Volume {
        @Test
        void volumeWhenTheEngineKnowsItIsLearned() {
            engine.on("GET", "/v1.41/volumes/dw-0a0b0c0d-data").json(200, "{}");
            assertThat(done(resolver.volume(request, "data")).engineName()).isEqualTo("dw-0a0b0c0d-data");
            assertThat(done(resolver.volume(request, "data")).id()).isEqualTo("dw-0a0b0c0d-data");
            assertThat(resolver.volumeToken("data")).isEqualTo("dw-0a0b0c0d-data");
        }

        @Test
        void volumeWhenTheEngineHasItNotIsNotLearned() {
            engine.on("GET", "/v1.41/volumes/dw-0a0b0c0d-data").json(404, "{}");
            assertThat(done(resolver.volume(request, "data")).engineName()).isEqualTo("dw-0a0b0c0d-data");
            assertThat(index().volumes().size()).isZero();
            assertThat(resolver.volumeToken("data")).isEqualTo("dw-0a0b0c0d-data");
        }

        @Test
        void volumeWhenItIsAnonymousHasItsOwnName() {
            resolver.learnVolume(ID);
            assertThat(resolver.volumeToken(ID)).isEqualTo(ID);
        }

        @Test
        void nameWhenNoEngineCouldHaveItIsNotAskedFor() {
            assertThatThrownBy(() -> resolver.volume(request, "a/b")).hasMessage("get a/b: no such volume");
        }
    }

    @ParameterizedTest
    @CsvSource({"0123456789abcdef, false", "0123456789ABCDEF, false", "'', false"})
    void idWhenItIsNotWholeIsNone(String text, boolean full) {
        assertThat(Resolver.isFullId(text)).isEqualTo(full);
        assertThat(Resolver.isFullId(ID)).isTrue();
    }
}
