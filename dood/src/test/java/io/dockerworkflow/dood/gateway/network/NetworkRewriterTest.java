package io.dockerworkflow.dood.gateway.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.dockerworkflow.Endpoint;
import io.dockerworkflow.dood.testsupport.SessionContext;
import io.dockerworkflow.dood.testsupport.Trees;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NetworkRewriterTest {
    private final SessionContext session =
            new SessionContext(new Endpoint.UnixSocket(Path.of("/none")), Map.of("team", "blue"));
    private final NetworkRewriter rewriter =
            new NetworkRewriter(session.context().names());

    @AfterEach
    void close() {
        session.close();
    }

    @Test
    void networkHasTheClientsNamesAndItsContainersOnly() {
        assertThat(Trees.text(rewriter.rewrite(Trees.object(
                        "{'Name':'dw-0a0b0c0d-app','Id':'1','ConfigFrom':{'Network':'dw-0a0b0c0d-base'},'Labels':"
                                + "{'a':'1','io.dockerworkflow.session':'0a0b0c0d','team':'blue'},'Containers':{"
                                + "'c1':{'Name':'dw-0a0b0c0d-db','IPv4Address':'x'},'c2':{'Name':'stranger'},"
                                + "'c3':{'Name':'dw-11112222-db'},'ep-4':{'Name':''}}}"))))
                .isEqualTo("{'Name':'app','Id':'1','ConfigFrom':{'Network':'base'},'Labels':{'a':'1'},"
                        + "'Containers':{'c1':{'Name':'db','IPv4Address':'x'}}}");
    }

    @Test
    void networkWhenItIsPredefinedKeepsItsName() {
        String bridge = "{'Name':'bridge','ConfigFrom':{'Network':''},'Labels':{},'Containers':{}}";
        assertThat(Trees.text(rewriter.rewrite(Trees.object(bridge)))).isEqualTo(bridge);
        assertThat(Trees.text(rewriter.rewrite(Trees.object("{'Name':null}")))).isEqualTo("{'Name':null}");
    }
}
