package io.dockerworkflow.internal.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

    @Nested
    class Parse {
        @Test
        void fieldsWhenTheyAreThereAreRead() throws Exception {
            Json json = parse(
                    "{\"text\":\"a\\u00e9\\ud83d\\ude00\",\"n\":-7,\"yes\":true,\"list\":[1,\"b\",null],\"o\":{\"p\":\"q\"}}");

            assertThat(json.text("text")).isEqualTo("a\u00e9\ud83d\ude00");
            assertThat(json.number("n")).isEqualTo(-7);
            assertThat(json.at("yes").text()).contains("true");
            assertThat(json.at("list").elements().stream().map(Json::text))
                    .containsExactly(Optional.of("1"), Optional.of("b"), Optional.empty());
            assertThat(json.at("o").texts()).containsExactly(Map.entry("p", "q"));
            assertThat(json.fields().keySet()).containsExactly("text", "n", "yes", "list", "o");
        }

        @Test
        void fieldsWhenTheyAreOfAnotherKindAreEmpty() throws Exception {
            Json json = parse("{\"a\":null,\"b\":\"text\",\"c\":[1],\"d\":{}}");

            assertThat(json.at("a").text()).isEmpty();
            assertThat(json.at("none").at("deeper").text()).isEmpty();
            assertThat(json.text("c")).isEmpty();
            assertThat(json.text("d")).isEmpty();
            assertThat(json.number("b")).isZero();
            assertThat(json.number("none")).isZero();
            assertThat(json.at("b").elements()).isEmpty();
            assertThat(json.at("c").fields()).isEmpty();
            assertThat(json.at("c").number("0")).isZero();
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "  \n", "null"})
        void valueWhenThereIsNothingIsEmpty(String text) throws Exception {
            assertThat(parse(text).text()).isEmpty();
            assertThat(parse(text).fields()).isEmpty();
        }

        @ParameterizedTest
        @CsvSource({
            "7, 7",
            "2147483648, 2147483648",
            "9223372036854775808, 9223372036854775808",
            "1.10, 1.1",
            "1E+3, 1000.0",
            "-0, 0"
        })
        void numbersWhenTheyAreTextsAreAsJavaWritesThem(String number, String text) throws Exception {
            assertThat(parse("[" + number + "]").elements().get(0).text()).contains(text);
        }

        @Test
        void numbersWhenTheyAreNoLongsAreCut() throws Exception {
            assertThat(parse("{\"n\":1.9}").number("n")).isEqualTo(1);
            assertThat(parse("{\"n\":9223372036854775808}").number("n")).isEqualTo(Long.MIN_VALUE);
        }

        @Test
        void keysWhenTheyAreThereTwiceTakeTheLast() throws Exception {
            assertThat(parse("{\"a\":1,\"a\":2}").number("a")).isEqualTo(2);
        }

        @ParameterizedTest
        @ValueSource(strings = {"{\"a\":1} {}", "{\"a\":1}]", "{\"a\":1}\nnonsense"})
        void textWhenItGoesOnBehindTheValueIsNotRead(String text) throws Exception {
            assertThat(parse(text).number("a")).isEqualTo(1);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"{", "[1,", "{\"a\" 1}", "nul", "\"open", "{\"a\":}", "[1 2]", "{a:1}", "01", "<html>", "}"})
        void textWhenItIsNotJsonFails(String text) {
            assertThatThrownBy(() -> parse(text)).isInstanceOf(IOException.class);
        }

        @Test
        void textWhenItIsNestedTooDeeplyFails() throws Exception {
            String deep = "[".repeat(1000) + "]".repeat(1000);

            assertThat(parse(deep).elements()).hasSize(1);
            assertThatThrownBy(() -> parse("[" + deep + "]")).isInstanceOf(IOException.class);
        }

        @Test
        void textWhenItIsLongerThanAnyOfAnEnginesFails() {
            assertThatThrownBy(() -> parse("\"" + "a".repeat(20_000_001) + "\""))
                    .isInstanceOf(IOException.class);
        }

        @ParameterizedTest
        @ValueSource(ints = {0x80, 0xc0, 0xc3, 0xff})
        void textWhenItIsNotUtf8Fails(int wrong) {
            assertThatThrownBy(() -> Json.parse(new byte[] {'"', (byte) wrong, '"'}))
                    .isInstanceOf(IOException.class);
        }
    }

    @Nested
    class Write {
        @Test
        void valuesWhenTheyAreJavasOwnAreWritten() {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("text", "quote \" slash \\ line \n \u00e9 \ud83d\ude00 \u2028");
            map.put("numbers", List.of(1, 2L, 1.9));
            map.put("yes", true);
            map.put("empty", Map.of());

            assertThat(Json.write(map))
                    .isEqualTo("{\"text\":\"quote \\\" slash \\\\ line \\n \u00e9 \ud83d\ude00 \u2028\","
                            + "\"numbers\":[1,2,1],\"yes\":true,\"empty\":{}}");
        }

        @Test
        void textWhenHalfOfAPairIsAloneIsWritten() {
            assertThat(Json.write(List.of("\ud83d"))).isEqualTo("[\"\ud83d\"]");
        }

        @Test
        void valuesWhenTheyAreOfOtherKindsAreRefused() {
            assertThatThrownBy(() -> Json.write(List.of(Optional.empty())))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("No JSON for class java.util.Optional");
        }
    }

    @Nested
    class TextAt {
        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "{'a':'text'} | text",
                    "{'b':{'a':'no'},'a':'text'} | text",
                    "{'a':1.10} | 1.10",
                    "{'a':1E+3} | 1E+3",
                    "{'a':false} | false",
                    "{'a':'first','a':'second'} | first",
                })
        void fieldWhenItIsThereIsItsTextAsWritten(String json, String text) throws Exception {
            assertThat(Json.textAt(quoted(json), "a")).contains(text);
        }

        @ParameterizedTest
        @ValueSource(strings = {"{}", "{'b':1}", "{'a':null}", "{'a':{}}", "{'a':['x']}", "{'a':{},'a':'second'}"})
        void fieldWhenItHasNoTextIsEmpty(String json) throws Exception {
            assertThat(Json.textAt(quoted(json), "a")).isEmpty();
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "{'x':[{'a':1}],'a':{'a':{'b':'no'},'b':{'a':'no','c':'text'}}} | text",
                    "{'a':{'b':{'c':'first'}},'a':{'b':{'c':'second'}}} | first",
                    "{'a':1,'a':{'b':{'c':'text'}}} | text",
                    "{'a':{'b':{'c':'text'}} not read | text",
                })
        void pathWhenItIsThereLeadsToItsFirstText(String json, String text) throws Exception {
            assertThat(Json.textAt(quoted(json), "a", "b", "c")).contains(text);
        }

        @ParameterizedTest
        @ValueSource(strings = {"{'a':{'b':{}}}", "{'a':{'b':1}}", "{'a':{},'b':{'c':'no'}}", "{'a':{'c':'no'}}"})
        void pathWhenItLeadsNowhereIsEmpty(String json) throws Exception {
            assertThat(Json.textAt(quoted(json), "a", "b", "c")).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "null", "[]", "'a'", "nonsense", "{", "{'a':", "{'a':'x' 'b'}", "{a:1}"})
        void textWhenItIsNoObjectFails(String json) {
            assertThatThrownBy(() -> Json.textAt(quoted(json), "a")).isInstanceOf(IOException.class);
        }

        private String quoted(String json) {
            return json.replace('\'', '"');
        }
    }

    private static Json parse(String text) throws IOException {
        return Json.parse(text.getBytes(StandardCharsets.UTF_8));
    }
}
