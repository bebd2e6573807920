package io.dockerworkflow.dood.gateway.volume;

import static org.assertj.core.api.Assertions.assertThat;

import io.dockerworkflow.Endpoint;
import io.dockerworkflow.dood.testsupport.SessionContext;
import io.dockerworkflow.dood.testsupport.Trees;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class VolumeRewriterTest {
    private final SessionContext session =
            new SessionContext(new Endpoint.UnixSocket(Path.of("/none")), Map.of("team", "blue"));
    private final VolumeRewriter rewriter = new VolumeRewriter(session.context().names());

    @AfterEach
    void close() {
        session.close();
    }

    @Test
    void volumeHasTheClientsNameInItsPathToo() {
        assertThat(Trees.text(rewriter.rewrite(Trees.object(
                        "{'Name':'dw-0a0b0c0d-data','Mountpoint':'/var/lib/docker/volumes/dw-0a0b0c0d-data/_data',"
                                + "'Labels':{'io.dockerworkflow.session':'0a0b0c0d','a':'1'}}"))))
                .isEqualTo("{'Name':'data','Mountpoint':'/var/lib/docker/volumes/data/_data','Labels':{'a':'1'}}");
    }

    @Test
    void volumeWhenNoLabelsWereAskedForHasNull() {
        assertThat(Trees.text(rewriter.rewrite(
                        Trees.object("{'Name':'dw-0a0b0c0d-data','Labels':{'io.dockerworkflow.session':'0a0b0c0d',"
                                + "'io.dockerworkflow.nolabels':'','team':'blue'}}"))))
                .isEqualTo("{'Name':'data','Labels':null}");
    }

    @Test
    void volumeWhenItIsAnonymousKeepsItsName() {
        String volume = "{'Name':'0123','Mountpoint':'/v/0123/_data','Labels':null}";
        assertThat(Trees.text(rewriter.rewrite(Trees.object(volume)))).isEqualTo(volume);
    }
}
