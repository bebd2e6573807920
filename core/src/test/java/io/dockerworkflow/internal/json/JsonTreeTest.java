package io.dockerworkflow.internal.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTreeTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "null",
                "true",
                "\"\"",
                "-7",
                "{\"a\":[1,{\"b\":null},[[]],\"x\"],\"c\":{\"d\":false}}",
                "[2147483647,2147483648,-9223372036854775808,9223372036854775808]",
                "{\"text\":\"quote \\\" slash \\\\ line \\n \\u00e9 \\ud83d\\ude00 \\u2028\"}",
                "{\"\":{\"\":0}}"
            })
    void readAndWriteAgreeWithTheObjectMapper(String json) throws Exception {
        ObjectMapper mapper = new ObjectMapper();
        JsonNode expected = mapper.readTree(json);

        JsonNode tree = JsonTree.read(bytes(json));

        assertThat(tree).isEqualTo(expected);
        assertThat(new String(JsonTree.write(tree), StandardCharsets.UTF_8))
                .isEqualTo(mapper.writeValueAsString(expected));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.10", "-0.5", "123456789012345678901234567890.000000001", "1E+3"})
    void decimalsPassThroughAsTheyWereWritten(String number) throws Exception {
        JsonNode tree = JsonTree.read(bytes(number));

        assertThat(tree).isEqualTo(DecimalNode.valueOf(new BigDecimal(number)));
        assertThat(new String(JsonTree.write(tree), StandardCharsets.UTF_8)).isEqualTo(number);
        assertThat(new String(JsonTree.writeLine(tree), StandardCharsets.UTF_8)).isEqualTo(number + "\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  \n"})
    void readWhenThereIsNothingGivesAMissingNode(String json) throws Exception {
        assertThat(JsonTree.read(bytes(json)).isMissingNode()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{", "[1,", "{\"a\" 1}", "nul", "{} {}", "1 2", "\"open", "{\"a\":}", "[1 2]", "{a:1}", "01"})
    void readWhenItIsNotOneJsonValueFails(String json) {
        assertThatThrownBy(() -> JsonTree.read(bytes(json))).isInstanceOf(JsonProcessingException.class);
    }

    @Test
    void readWhenItIsNestedTooDeeplyFailsInsteadOfOverflowing() {
        assertThatThrownBy(() -> JsonTree.read(bytes("[".repeat(100_000)))).isInstanceOf(JsonProcessingException.class);
    }

    @Test
    void readWhenAKeyIsThereTwiceTakesTheLastOrRefuses() throws Exception {
        byte[] json = bytes("{\"a\":{\"b\":1,\"b\":2}}");

        assertThat(((ObjectNode) JsonTree.read(json)).path("a").path("b").intValue())
                .isEqualTo(2);
        assertThatThrownBy(() -> JsonTree.readUnambiguous(json))
                .isInstanceOf(JsonProcessingException.class)
                .hasMessageContaining("'b'");
    }

    @Test
    void readWhenItIsNestedAsDeeplyAsAllowedReadsIt() throws Exception {
        String json = "[".repeat(1000) + "]".repeat(1000);

        assertThat(new String(JsonTree.write(JsonTree.read(bytes(json))), StandardCharsets.UTF_8))
                .isEqualTo(json);
        assertThatThrownBy(() -> JsonTree.read(bytes("[" + json + "]"))).isInstanceOf(JsonProcessingException.class);
    }

    @Test
    void readWhenATextIsLongReadsUpTo64Megabytes() throws Exception {
        byte[] json = bytes("\"" + "a".repeat(20_000_001) + "\"");

        assertThat(JsonTree.read(json).textValue()).hasSize(20_000_001);
    }

    @ParameterizedTest
    @ValueSource(ints = {0x80, 0xc0, 0xc3, 0xff})
    void readWhenItIsNotUtf8Fails(int wrong) {
        byte[] json = {'"', (byte) wrong, '"'};

        assertThatThrownBy(() -> JsonTree.read(json)).isInstanceOf(JsonProcessingException.class);
    }

    @Test
    void readWhenAKeyIsThereTwiceKeepsItsFirstPlace() throws Exception {
        JsonNode tree = JsonTree.read(bytes("{\"a\":1,\"b\":2,\"a\":3}"));

        assertThat(new String(JsonTree.write(tree), StandardCharsets.UTF_8)).isEqualTo("{\"a\":3,\"b\":2}");
    }

    @Test
    void readTreesWhenTheyAreChangedChange() throws Exception {
        ObjectNode tree = (ObjectNode) JsonTree.read(bytes("{\"a\":[1],\"b\":{}}"));

        tree.withArray("a").add(2);
        tree.withObject("/b").put("c", true);
        tree.remove("none");

        assertThat(new String(JsonTree.write(tree), StandardCharsets.UTF_8))
                .isEqualTo("{\"a\":[1,2],\"b\":{\"c\":true}}");
    }

    @Test
    void writeWhenHalfOfAPairIsAloneEscapesIt() throws Exception {
        String json = "\"\\uD83D\"";

        assertThat(new String(JsonTree.write(JsonTree.read(bytes(json))), StandardCharsets.UTF_8))
                .isEqualTo(json);
    }

    private static byte[] bytes(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }
}
