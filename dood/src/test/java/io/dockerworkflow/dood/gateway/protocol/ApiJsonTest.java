package io.dockerworkflow.dood.gateway.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dockerworkflow.dood.testsupport.Trees;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ApiJsonTest {

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Nested
    class ParseRequest {
        @ParameterizedTest
        @ValueSource(strings = {"", "null", " ", "{}"})
        void bodyWhenItSaysNothingIsAnEmptyObject(String body) {
            assertThat(ApiJson.parseRequest(bytes(body))).isEqualTo(ApiJson.object());
        }

        @ParameterizedTest
        @ValueSource(strings = {"[]", "7", "true", "\"a\""})
        void bodyWhenItIsNoObjectIsRefused(String body) {
            assertThatThrownBy(() -> ApiJson.parseRequest(bytes(body)))
                    .isInstanceOfSatisfying(
                            ApiException.class, e -> assertThat(e.status()).isEqualTo(400))
                    .hasMessage("invalid JSON: an object is expected");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "{",
                    "{\"a\":1}x",
                    "{\"a\":1}{}",
                    "{a:1}",
                    "{\"a\":1,\"a\":1}",
                    "{\"b\":{\"a\":1,\"a\":2}}",
                    "{'a':1}"
                })
        void bodyWhenItIsMalformedOrAmbiguousIsRefused(String body) {
            assertThatThrownBy(() -> ApiJson.parseRequest(bytes(body)))
                    .isInstanceOfSatisfying(
                            ApiException.class, e -> assertThat(e.status()).isEqualTo(400))
                    .hasMessageStartingWith("invalid JSON: ");
        }
    }

    @Nested
    class Parse {
        @Test
        void answerWhenItIsMalformedIsTheEnginesFault() {
            assertThatThrownBy(() -> ApiJson.parse(bytes("<html>")))
                    .isInstanceOfSatisfying(
                            ApiException.class, e -> assertThat(e.status()).isEqualTo(502));
        }

        @Test
        void parameterWhenItIsMalformedIsNotRepeated() {
            assertThatThrownBy(() -> ApiJson.parseParameter("buildargs", "{\"secret"))
                    .hasMessage("error reading buildargs: invalid JSON");
            assertThat(ApiJson.parseParameter("buildargs", " ")).isEqualTo(ApiJson.object());
            assertThat(ApiJson.parseParameter("buildargs", "{\"a\":null}").has("a"))
                    .isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"message\":\"No such image\"}|No such image",
                "{\"message\":\"a\",\"code\":1}|a",
                "{\"message\":7}|7",
                "{\"error\":\"a\"}|{\"error\":\"a\"}",
                "{\"message\"|{\"message\"",
                "plain words|plain words",
                "''|''",
            })
    void errorHasItsMessageOrItsText(String body, String message) {
        assertThat(ApiJson.errorMessage(bytes(body))).isEqualTo(message);
        assertThat(ApiJson.errorMessage(bytes(" " + body + "\n"))).isEqualTo(message);
    }

    @Test
    void childWhenItIsNoObjectIsMadeOne() {
        ObjectNode object = Trees.object("{'a':{'b':1},'c':null,'d':7}");
        assertThat(Trees.text(ApiJson.child(object, "a"))).isEqualTo("{'b':1}");
        ApiJson.child(object, "c").put("x", 1);
        ApiJson.child(object, "d");
        ApiJson.child(object, "e");
        assertThat(Trees.text(object)).isEqualTo("{'a':{'b':1},'c':{'x':1},'d':{},'e':{}}");
    }

    @Test
    void namesMayBeUsedWhileTheObjectChanges() {
        ObjectNode object = Trees.object("{'a':1,'b':2}");
        ApiJson.names(object).forEach(object::remove);
        assertThat(object).isEmpty();
        assertThat(ApiJson.names(ApiJson.array())).isEmpty();
    }

    @Test
    void documentEndsWithALineEnd() {
        assertThat(ApiJson.document(Trees.object("{'a':'ä'}")))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("{\"a\":\"ä\"}\n");
        assertThat(ApiJson.bytes(Trees.object("{'a':1}")))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("{\"a\":1}");
    }

    @Test
    void textWhenTheFieldIsAbsentIsEmpty() {
        assertThat(ApiJson.text(Trees.object("{'a':null}"), "a")).isEmpty();
        assertThat(ApiJson.text(ApiJson.object(), "a")).isEmpty();
        assertThat(ApiJson.text(Trees.object("{'a':7}"), "a")).isEqualTo("7");
    }
}
