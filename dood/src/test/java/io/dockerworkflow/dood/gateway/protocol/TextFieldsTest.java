package io.dockerworkflow.dood.gateway.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dockerworkflow.dood.testsupport.Trees;
import org.junit.jupiter.api.Test;

class TextFieldsTest {
    @Test
    void textsOfOtherTypesAreLeft() {
        ArrayNode array = (ArrayNode) Trees.tree("['a',1,null,['b']]");
        TextFields.texts(array, text -> text + "!");
        assertThat(Trees.text(array)).isEqualTo("['a!',1,null,['b']]");
        ObjectNode object = Trees.object("{'a':'x','b':1}");
        TextFields.text(object, "a", text -> text + "!");
        TextFields.text(object, "b", text -> text + "!");
        TextFields.text(object, "c", text -> text + "!");
        assertThat(Trees.text(object)).isEqualTo("{'a':'x!','b':1}");
    }

    @Test
    void directoryWhenItIsOnThePathGetsTheOtherName() {
        assertThat(TextFields.directory("/v/dw-1-data/_data", "dw-1-data", "data"))
                .isEqualTo("/v/data/_data");
        assertThat(TextFields.directory("/v/dw-1-data2/_data", "dw-1-data", "data"))
                .isEqualTo("/v/dw-1-data2/_data");
        assertThat(TextFields.directory("/v/dw-1-data", "dw-1-data", "data")).isEqualTo("/v/dw-1-data");
    }
}
