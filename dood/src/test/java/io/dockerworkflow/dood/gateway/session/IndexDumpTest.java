package io.dockerworkflow.dood.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.dockerworkflow.dood.gateway.session.NamedObjects.Entry;
import io.dockerworkflow.dood.testsupport.ServedSession;
import org.junit.jupiter.api.Test;

class IndexDumpTest {
    private final SessionIndex index = new SessionIndex();
    private final ImageNames images = new ImageNames(ServedSession.NAMES);

    @Test
    void indexWhenItIsEmptySaysSo() {
        assertThat(IndexDump.text(index, images)).isEqualTo("""
                containers: 0, and 0 gone
                networks: 0, and 0 gone
                volumes: 0, and 0 gone
                images: 0
                execs: 0
                """);
    }

    @Test
    void objectsAreSortedByTheClientsNames() {
        index.containers().put(new Entry("c2", "web", "dw-web"));
        index.containers().put(new Entry("c1", "db", "dw-db"));
        index.containers().remove("c0");
        index.volumes().put(new Entry("dw-data", "data", "dw-data"));
        index.exec("e1", "c1");
        index.exec("e2", "stranger");
        images.confirm(images.claim("app:1"));
        String time = "[0-9T:.Z-]+";
        assertThat(IndexDump.text(index, images))
                .matches("containers: 2, and 1 gone\n"
                        + "  db = dw-db, id c1, since " + time + "\n"
                        + "  web = dw-web, id c2, since " + time + "\n"
                        + "networks: 0, and 0 gone\n"
                        + "volumes: 1, and 0 gone\n"
                        + "  data = dw-data, since " + time + "\n"
                        + "images: 1\n"
                        + "  app:1 = dw-0a0b0c0d-images/own/tag/app:1, since " + time + "\n"
                        + "execs: 2\n"
                        + "(  in db, id e1, since " + time + "\n|  in stranger, id e2, since " + time + "\n){2}");
    }
}
