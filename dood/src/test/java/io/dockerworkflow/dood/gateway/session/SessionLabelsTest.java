package io.dockerworkflow.dood.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dockerworkflow.Endpoint;
import io.dockerworkflow.dood.gateway.protocol.ApiException;
import io.dockerworkflow.dood.testsupport.SessionContext;
import io.dockerworkflow.dood.testsupport.Trees;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SessionLabelsTest {
    private final SessionContext session =
            new SessionContext(new Endpoint.UnixSocket(Path.of("/none")), Map.of("team", "blue"));
    private final SessionLabels rewriter = new SessionLabels(session.context().names());

    @AfterEach
    void close() {
        session.close();
    }

    @Test
    void labelsOfTheOptionsAreHiddenByNameAndValue() {
        ObjectNode object = Trees.object("{'Labels':{'team':'red','io.dockerworkflow.any':'x','b':'2'}}");
        rewriter.remove(object, "Labels");
        assertThat(Trees.text(object)).isEqualTo("{'Labels':{'team':'red','b':'2'}}");
        ObjectNode none = Trees.object("{'Labels':null}");
        rewriter.remove(none, "Labels");
        assertThat(Trees.text(none)).isEqualTo("{'Labels':null}");
    }

    @Test
    void labelsAreAddedToThoseThatAreGiven() {
        ObjectNode object = Trees.object("{'Labels':{'a':'1','b':'2'}}");
        SessionLabels.add(object, "Labels", Map.of("b", "3"));
        assertThat(Trees.text(object)).isEqualTo("{'Labels':{'a':'1','b':'3'}}");
        ObjectNode bare = Trees.object("{'Labels':null}");
        SessionLabels.add(bare, "Labels", Map.of("b", "3"));
        assertThat(Trees.text(bare)).isEqualTo("{'Labels':{'b':'3'}}");
    }

    @Test
    void labelWhenItIsReservedIsRefused() {
        ObjectNode object = Trees.object("{'Labels':{'io.dockerworkflow.session':'11112222'}}");
        assertThatThrownBy(() -> SessionLabels.add(object, "Labels", Map.of()))
                .isInstanceOf(ApiException.class)
                .hasMessage("the label \"io.dockerworkflow.session\" is reserved for the session's gateway");
    }
}
