package io.dockerworkflow.dood.gateway.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dockerworkflow.dood.gateway.image.ImageLookup;
import io.dockerworkflow.dood.gateway.image.ImageRewriter;
import io.dockerworkflow.dood.gateway.protocol.ApiException;
import io.dockerworkflow.dood.gateway.session.GatewayContext;
import io.dockerworkflow.dood.gateway.session.NamedObjects.Entry;
import io.dockerworkflow.dood.gateway.session.Resolver;
import io.dockerworkflow.dood.testsupport.ScriptedEngine;
import io.dockerworkflow.dood.testsupport.SessionContext;
import io.dockerworkflow.dood.testsupport.Trees;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class ContainerBodyTest {
    @TempDir
    private Path directory;

    private ScriptedEngine engine;
    private SessionContext session;
    private ContainerBody translation;
    private ObjectNode body;

    @BeforeEach
    void start() throws IOException {
        engine = ScriptedEngine.in(directory);
        session = new SessionContext(engine.endpoint(), Map.of("team", "blue"));
        session.context().index().containers().put(new Entry("c1", "db", "dw-0a0b0c0d-db"));
        session.context().index().networks().put(new Entry("n1", "app", "dw-0a0b0c0d-app"));
    }

    @AfterEach
    void stop() throws IOException {
        session.close();
        engine.close();
    }

    private void translate(String given) {
        GatewayContext context = session.context();
        body = Trees.object(given);
        ImageRewriter imageRewriter = new ImageRewriter(context);
        translation = new ContainerBody(
                context,
                new Resolver(context),
                new ImageLookup(context, imageRewriter),
                session.call("POST", "/containers/create"),
                body,
                "web");
        translation.translate().toCompletableFuture().join();
    }

    private String host() {
        return Trees.text(body.path("HostConfig"));
    }

    @Test
    void bodyHasTheSessionsLabels() {
        translate("{'Labels':{'a':'1','team':'red'}}");
        assertThat(Trees.text(body.path("Labels")))
                .isEqualTo(
                        "{'a':'1','team':'blue','io.dockerworkflow.session':'0a0b0c0d','io.dockerworkflow.mode':'dood',"
                                + "'io.dockerworkflow.owner':'own','io.dockerworkflow.name':'web'}");
        assertThatThrownBy(() -> translate("{'Labels':{'io.dockerworkflow.name':'x'}}"))
                .isInstanceOf(ApiException.class);
    }

    @Test
    void imageWhenItIsTheSessionsIsItsTagAsWritten() {
        session.context().images().confirm(session.context().images().claim("app"));
        translate("{'Image':'app'}");
        assertThat(body.path("Image").asText()).isEqualTo("dw-0a0b0c0d-images/own/tag/app");
        translate("{'Image':'busybox'}");
        assertThat(body.path("Image").asText()).isEqualTo("busybox");
        translate("{'Image':'dw-11112222-images/x/tag/app:1'}");
        assertThat(body.path("Image").asText()).as("no other session's").startsWith("dw-0a0b0c0d-images/own/tag/");
    }

    @Nested
    class Volumes {
        @Test
        void bindsOfVolumesAreTheSessions() {
            translate(
                    "{'HostConfig':{'VolumeDriver':'local','Binds':['data:/d:ro','/srv:/srv','/anonymous','new:/n']}}");
            assertThat(host())
                    .startsWith("{'VolumeDriver':'local','Binds':['dw-0a0b0c0d-data:/d:ro','/srv:/srv','/anonymous',"
                            + "'dw-0a0b0c0d-new:/n']");
            assertThat(translation.volumes()).containsOnlyKeys("data", "new");
            assertThat(Trees.text(translation.volumes().get("data"))).isEqualTo("{'Driver':'local'}");
        }

        @Test
        void volumeWhenItIsKnownIsNotMadeAgain() {
            session.context().index().volumes().put(new Entry("dw-0a0b0c0d-data", "data", "dw-0a0b0c0d-data"));
            translate("{'HostConfig':{'Binds':['data:/d']}}");
            assertThat(translation.volumes()).isEmpty();
        }

        @Test
        void mountsOfVolumesAreTheSessions() {
            translate("{'HostConfig':{'Mounts':[{'Type':'volume','Source':'data','VolumeOptions':{'Labels':{'a':'1'},"
                    + "'DriverConfig':{'Name':'local','Options':{'o':'size=1m'}}}},{'Type':'bind','Source':'/srv'},"
                    + "{'Type':'tmpfs','Target':'/t'},{'Type':'volume','Target':'/v'}]}}");
            assertThat(body.path("HostConfig")
                            .path("Mounts")
                            .path(0)
                            .path("Source")
                            .asText())
                    .isEqualTo("dw-0a0b0c0d-data");
            assertThat(body.path("HostConfig")
                            .path("Mounts")
                            .path(1)
                            .path("Source")
                            .asText())
                    .isEqualTo("/srv");
            assertThat(Trees.text(body.path("HostConfig")
                            .path("Mounts")
                            .path(3)
                            .path("VolumeOptions")
                            .path("Labels")))
                    .contains("'io.dockerworkflow.session':'0a0b0c0d'")
                    .doesNotContain("io.dockerworkflow.name");
            assertThat(Trees.text(translation.volumes().get("data")))
                    .isEqualTo("{'Labels':{'a':'1'},'Driver':'local','DriverOpts':{'o':'size=1m'}}");
        }

        @ParameterizedTest
        @ValueSource(strings = {"a:/d", "-a:/d", "a/b:/d"})
        void volumeWhenItsNameIsInvalidIsRefused(String bind) {
            assertThatThrownBy(() -> translate("{'HostConfig':{'Binds':['" + bind + "']}}"))
                    .isInstanceOf(ApiException.class);
        }
    }

    @Nested
    class References {
        @Test
        void containersAreNamedAsTheEngineDoes() {
            translate("{'HostConfig':{'NetworkMode':'container:db','PidMode':'container:c1','IpcMode':'private',"
                    + "'VolumesFrom':['db:ro','c1'],'Links':['db','db:sql']}}");
            assertThat(host())
                    .startsWith(
                            "{'NetworkMode':'container:dw-0a0b0c0d-db','PidMode':'container:c1','IpcMode':'private',"
                                    + "'VolumesFrom':['dw-0a0b0c0d-db:ro','c1'],"
                                    + "'Links':['dw-0a0b0c0d-db:db','dw-0a0b0c0d-db:sql']");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "'NetworkMode':'container:gone'",
                    "'IpcMode':'container:gone'",
                    "'VolumesFrom':['gone']",
                    "'Links':['gone:x']"
                })
        void containerWhenItIsUnknownIsRefused(String field) {
            engine.on("GET", "/v1.41/containers/dw-0a0b0c0d-gone/json").json(404, "{'message':'x'}");
            assertThatThrownBy(() -> translate("{'HostConfig':{" + field + "}}"))
                    .hasRootCauseMessage("No such container: gone");
        }
    }

    @Nested
    class Networks {
        private String endpoints() {
            return Trees.text(body.path("NetworkingConfig").path("EndpointsConfig"));
        }

        @Test
        void networkHasTheContainersNameForAnAlias() {
            translate("{'HostConfig':{'NetworkMode':'app'}}");
            assertThat(host()).isEqualTo("{'NetworkMode':'dw-0a0b0c0d-app'}");
            assertThat(endpoints()).isEqualTo("{'dw-0a0b0c0d-app':{'Aliases':['web']}}");
            assertThat(translation.aliasedNetworks()).containsExactly("dw-0a0b0c0d-app");
        }

        @Test
        void networkWhenItIsGivenByItsIdIsKnownByItsName() {
            translate(
                    "{'NetworkingConfig':{'EndpointsConfig':{'n1':{'Aliases':['x'],'Links':['db:y'],'NetworkID':'app'}}}}");
            assertThat(endpoints())
                    .isEqualTo(
                            "{'n1':{'Aliases':['x','web'],'Links':['dw-0a0b0c0d-db:y'],'NetworkID':'dw-0a0b0c0d-app'}}");
            assertThat(translation.aliasedNetworks()).containsExactly("dw-0a0b0c0d-app");
        }

        @Test
        void aliasWhenTheClientGaveItIsNotTheGateways() {
            translate("{'NetworkingConfig':{'EndpointsConfig':{'app':{'Aliases':['web']}}}}");
            assertThat(endpoints()).isEqualTo("{'dw-0a0b0c0d-app':{'Aliases':['web']}}");
            assertThat(translation.aliasedNetworks()).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(strings = {"bridge", "host", "none", "default"})
        void networkWhenItIsPredefinedHasNoAlias(String mode) {
            translate("{'HostConfig':{'NetworkMode':'" + mode + "'}}");
            assertThat(host()).isEqualTo("{'NetworkMode':'" + mode + "'}");
            assertThat(endpoints()).isEqualTo("{}");
            assertThat(translation.aliasedNetworks()).isEmpty();
        }

        @Test
        void networkWhenItIsAnotherSessionsIsANameThatNoEngineKnows() {
            translate("{'HostConfig':{'NetworkMode':'dw-11112222-app'}}");
            assertThat(host()).isEqualTo("{'NetworkMode':'dw-0a0b0c0d-dw-11112222-app'}");
        }
    }
}
