package io.dockerworkflow.dood.gateway.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Literals are what Go's {@code url.ParseQuery} makes of the input (its own tests are the source of most of them). */
class QueryTest {

    @Property(tries = 200)
    void queryWhenWrittenAndReadAgainIsTheSame(@ForAll String name, @ForAll String value) {
        // A surrogate alone has no UTF-8.
        String sound = new String(name.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        String other = new String(value.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        String written = new Query().add(sound, other).add("last", "1").toString();
        Query read = Query.parse(written.substring(1));
        assertThat(read.all(sound)).contains(other);
        assertThat(read.toString()).isEqualTo(written);
    }

    @Nested
    class Parse {
        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "a=1|a|1",
                    "a=1&b=2|b|2",
                    "a=1&a=2&a=banana|a|1",
                    "ascii=%3Ckey%3A+0x90%3E|ascii|<key: 0x90>",
                    "a=b=c|a|b=c",
                    "a&b=1|a|''",
                    "=1|''|1",
                    "&&a=1&|a|1",
                    "a%20b=c%26d|a b|c&d",
                    "a=%C3%A4|a|ä",
                })
        void valueWhenTheQueryIsWellFormedIsDecoded(String raw, String name, String value) {
            assertThat(Query.parse(raw).first(name)).contains(value);
        }

        @Test
        void queryWhenItIsEmptyHasNothing() {
            assertThat(Query.parse("").names()).isEmpty();
            assertThat(Query.parse("&&").names()).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(strings = {"a=1;b=2", "a;b=1", "a=1&b=2;", "a=%3B&;"})
        void queryWhenItHasASemicolonIsRefused(String raw) {
            assertThatThrownBy(() -> Query.parse(raw))
                    .isInstanceOf(ApiException.class)
                    .hasMessage("invalid semicolon separator in query");
        }

        @Test
        void semicolonWhenItIsEncodedIsOfTheValue() {
            assertThat(Query.parse("a=1%3B2").get("a")).isEqualTo("1;2");
        }

        @ParameterizedTest
        @ValueSource(strings = {"a=%", "a=%4", "a=%zz", "%=1", "a=%%20", "a=1&b=%g0"})
        void queryWhenAnEscapeIsMalformedIsRefused(String raw) {
            assertThatThrownBy(() -> Query.parse(raw))
                    .isInstanceOf(ApiException.class)
                    .hasMessage("invalid URL escape");
        }
    }

    @Nested
    class Flag {
        /** The daemon's {@code httputils.BoolValue}. */
        @ParameterizedTest
        @ValueSource(
                strings = {"", "x=1", "f", "f=", "f=0", "f=no", "f=false", "f=none", "f=FALSE", "f=+None+", "f=0&f=1"})
        void flagWhenTheDaemonReadsFalseIsFalse(String raw) {
            assertThat(Query.parse(raw).flag("f")).isFalse();
        }

        @ParameterizedTest
        @ValueSource(strings = {"f=1", "f=true", "f=yes", "f=00", "f=n", "f=off", "f=1&f=0"})
        void flagWhenItIsAnythingElseIsTrue(String raw) {
            assertThat(Query.parse(raw).flag("f")).isTrue();
        }
    }

    @Nested
    class Change {
        private final Query query = Query.parse("a=1&b=2&a=3");

        @Test
        void valuesWhenAskedForAllAreInOrder() {
            assertThat(query.all("a")).containsExactly("1", "3");
            assertThat(query.all("c")).isEmpty();
            assertThat(query.names()).containsExactlyInAnyOrder("a", "b");
            assertThat(query.has("a")).isTrue();
            assertThat(query.has("c")).isFalse();
            assertThat(query.get("c")).isEmpty();
        }

        @Test
        void setReplacesAllOfThatName() {
            assertThat(query.set("a", "x y")).hasToString("?b=2&a=x%20y");
        }

        @Test
        void removeLeavesTheOthers() {
            assertThat(query.remove("a")).hasToString("?b=2");
            assertThat(query.remove("b")).hasToString("");
        }

        @Test
        void copyWhenItChangesLeavesTheOriginal() {
            query.copy().remove("a").add("c", "4");
            assertThat(query).hasToString("?a=1&b=2&a=3");
        }

        @Test
        void textWhenThereAreSpecialCharactersIsEncoded() {
            assertThat(new Query().add("filters", "{\"a b\":[\"ä&=+\"]}"))
                    .hasToString("?filters=%7B%22a%20b%22%3A%5B%22%C3%A4%26%3D%2B%22%5D%7D");
        }
    }
}
