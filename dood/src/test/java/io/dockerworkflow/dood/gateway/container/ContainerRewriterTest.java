package io.dockerworkflow.dood.gateway.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.dockerworkflow.dood.gateway.protocol.ApiJson;
import io.dockerworkflow.dood.testsupport.SessionContext;
import io.dockerworkflow.dood.testsupport.Trees;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Documents have the fields of 20.10's and 28.5's answers that name something. */
class ContainerRewriterTest {
    private final SessionContext session = SessionContext.within("/docker/owner", "caller");
    private final ContainerRewriter rewriter = new ContainerRewriter(session.context());

    @AfterEach
    void close() {
        session.close();
    }

    private String summary(String text) {
        return Trees.text(rewriter.summary(Trees.object(text)));
    }

    private String container(String text) {
        return Trees.text(rewriter.container(Trees.object(text)));
    }

    @Test
    void summaryHasTheClientsNames() {
        String image = session.context().images().claim("app:1");
        assertThat(summary("{'Id':'c1','Names':['/dw-0a0b0c0d-db','/dw-0a0b0c0d-web/sql'],'Image':'" + image
                        + "','Labels':{'a':'1','io.dockerworkflow.name':'db'},"
                        + "'HostConfig':{'NetworkMode':'container:dw-0a0b0c0d-web'},'Mounts':["
                        + "{'Type':'volume','Name':'dw-0a0b0c0d-data','Source':'/v/dw-0a0b0c0d-data/_data'},"
                        + "{'Type':'bind','Source':'/srv'},{'Type':'bind','Source':'/run/session/docker.sock'}]}"))
                .isEqualTo("{'Id':'c1','Names':['/db','/web/sql'],'Image':'app:1','Labels':{'a':'1'},"
                        + "'HostConfig':{'NetworkMode':'container:web'},'Mounts':["
                        + "{'Type':'volume','Name':'data','Source':'/v/data/_data'},"
                        + "{'Type':'bind','Source':'/srv'},{'Type':'bind','Source':'/var/run/docker.sock'}]}");
    }

    @ParameterizedTest
    @CsvSource({
        "dw-0a0b0c0d-db, db",
        "container:dw-0a0b0c0d-db, container:db",
        "container:0123, container:0123",
        "host, host",
        "dw-11112222-db, dw-11112222-db",
        "'', ''",
    })
    void networkModeHasTheClientsName(String engine, String client) {
        assertThat(summary("{'HostConfig':{'NetworkMode':'" + engine + "'}}"))
                .isEqualTo("{'HostConfig':{'NetworkMode':'" + client + "'}}");
    }

    @Test
    void containerHasTheClientsNames() {
        String image = session.context().images().claim("app:1");
        assertThat(container("{'Id':'c1','Name':'/dw-0a0b0c0d-db','State':{'Error':'cannot join dw-0a0b0c0d-web'},"
                        + "'Config':{'Image':'" + image + "','Labels':{'io.dockerworkflow.owner':'own'}},"
                        + "'HostConfig':{'NetworkMode':'dw-0a0b0c0d-app','IpcMode':'container:dw-0a0b0c0d-web',"
                        + "'PidMode':'host','Cgroup':'','VolumesFrom':['dw-0a0b0c0d-data:ro','0123'],"
                        + "'Links':['/dw-0a0b0c0d-web:/dw-0a0b0c0d-db/alias'],'CgroupParent':'/docker/owner',"
                        + "'Binds':['dw-0a0b0c0d-data:/d:ro','/srv:/srv','/run/session/docker.sock:/s','x'],"
                        + "'Mounts':[{'Type':'volume','Source':'dw-0a0b0c0d-data'},"
                        + "{'Type':'volume','VolumeOptions':{'Labels':{'io.dockerworkflow.session':'0a0b0c0d'}}},"
                        + "{'Type':'volume','Source':'','VolumeOptions':{'NoCopy':true,'Labels':{'a':'1'}}}]}}"))
                .isEqualTo("{'Id':'c1','Name':'/db','State':{'Error':'cannot join web'},"
                        + "'Config':{'Image':'app:1','Labels':{}},"
                        + "'HostConfig':{'NetworkMode':'app','IpcMode':'container:web',"
                        + "'PidMode':'host','Cgroup':'','VolumesFrom':['data:ro','0123'],"
                        + "'Links':['/web:/db/alias'],'CgroupParent':'',"
                        + "'Binds':['data:/d:ro','/srv:/srv','/var/run/docker.sock:/s','x'],"
                        + "'Mounts':[{'Type':'volume','Source':'data'},{'Type':'volume'},"
                        + "{'Type':'volume','Source':'','VolumeOptions':{'NoCopy':true,'Labels':{'a':'1'}}}]}}");
    }

    @Test
    void containerWhenItsCgroupIsItsOwnShowsIt() {
        assertThat(container("{'HostConfig':{'CgroupParent':'/other'}}"))
                .isEqualTo("{'HostConfig':{'CgroupParent':'/other'}}");
    }

    @Test
    void aliasWhenTheGatewayHasAddedItIsHiddenOnce() {
        session.context().index().aliasAdded("c1", "dw-0a0b0c0d-app");
        assertThat(container("{'Id':'c1','Name':'/dw-0a0b0c0d-db','NetworkSettings':{'Networks':{"
                        + "'dw-0a0b0c0d-app':{'Aliases':['db','db','other'],'DNSNames':['dw-0a0b0c0d-db','db','c1'],"
                        + "'Links':['dw-0a0b0c0d-web:x']},"
                        + "'dw-0a0b0c0d-two':{'Aliases':['db']},'bridge':{'Aliases':null}}}}"))
                .isEqualTo("{'Id':'c1','Name':'/db','NetworkSettings':{'Networks':{"
                        + "'app':{'Aliases':['db','other'],'DNSNames':['db','c1'],'Links':['web:x']},"
                        + "'two':{'Aliases':['db']},'bridge':{'Aliases':null}}}}");
    }

    @Test
    void aliasesWhenNoneIsLeftAreNull() {
        session.context().index().aliasAdded("c1", "dw-0a0b0c0d-app");
        assertThat(summary("{'Id':'c1','Names':['/dw-0a0b0c0d-db'],'NetworkSettings':{'Networks':{"
                        + "'dw-0a0b0c0d-app':{'Aliases':['db']}}}}"))
                .isEqualTo("{'Id':'c1','Names':['/db'],'NetworkSettings':{'Networks':{'app':{'Aliases':null}}}}");
    }

    @ParameterizedTest
    @CsvSource({"/dw-0a0b0c0d-db, /db", "/dw-0a0b0c0d-web/sql, /web/sql", "/other, /other", "'', ''"})
    void statsHaveTheClientsName(String engine, String client) {
        assertThat(Trees.text(rewriter.stats(ApiJson.object().put("name", engine))))
                .isEqualTo("{'name':'" + client + "'}");
    }

    @Test
    void documentWhenItsFieldsAreOfOtherTypesIsLeft() {
        for (String odd : new String[] {
            "{}",
            "{'Names':null,'Labels':7,'HostConfig':[],'Mounts':{}}",
            "{'Id':null,'NetworkSettings':{'Networks':null},'Mounts':[null,7]}"
        }) {
            assertThat(summary(odd)).isEqualTo(odd);
            assertThat(container(odd)).isEqualTo(odd);
        }
    }
}
