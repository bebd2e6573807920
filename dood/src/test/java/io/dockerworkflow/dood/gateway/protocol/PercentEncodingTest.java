package io.dockerworkflow.dood.gateway.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Literals are those of {@code unescapeTests} in Go's net/url. */
class PercentEncodingTest {

    @ParameterizedTest
    @CsvSource({
        "'', ''",
        "abc, abc",
        "1%41, 1A",
        "1%41%42%43, 1ABC",
        "%4a, J",
        "%6F, o",
        "a%2Fb, a/b",
        "a+b, a+b",
        "%C3%A4, ä",
        "a%20b, 'a b'",
        "ä%41, äA",
    })
    void pathWhenDecodedHasItsOctets(String encoded, String text) {
        assertThat(PercentEncoding.decodePath(encoded)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"a+b, 'a b'", "a%2Bb, a+b", "a%20b, 'a b'", "+, ' '", "%2B+%2b, '+ +'"})
    void queryWhenDecodedHasSpacesForPluses(String encoded, String text) {
        assertThat(PercentEncoding.decodeQuery(encoded)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"%", "%a", "%1", "123%45%6", "%zzzzz", "%g1", "%1g", "%%", "% 1", "%ä1", "a%-1b", "%+1"})
    void textWhenAnEscapeIsMalformedIsRefused(String encoded) {
        assertThatThrownBy(() -> PercentEncoding.decodePath(encoded))
                .isInstanceOf(ApiException.class)
                .hasMessage("invalid URL escape");
        assertThatThrownBy(() -> PercentEncoding.decodeQuery(encoded)).isInstanceOf(ApiException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "/containers/db/json, /containers/db/json",
        "/images/r:5000/a@sha256:0/json, /images/r:5000/a@sha256:0/json",
        "'/a b', /a%20b",
        "/a?b#c, /a%3Fb%23c",
        "/100%, /100%25",
        "/ä-_.~, /%C3%A4-_.~",
        "'/a;b+c', /a%3Bb%2Bc",
    })
    void pathWhenEncodedKeepsItsSlashes(String path, String encoded) {
        assertThat(PercentEncoding.encodePath(path)).isEqualTo(encoded);
    }

    @ParameterizedTest
    @CsvSource({"a/b:c@d, a%2Fb%3Ac%40d", "'a b', a%20b", "a&b=c, a%26b%3Dc", "a+b, a%2Bb", "-_.~, -_.~"})
    void queryWhenEncodedHasNoReservedCharacters(String text, String encoded) {
        assertThat(PercentEncoding.encodeQuery(text)).isEqualTo(encoded);
    }

    @Property(tries = 300)
    void textWhenEncodedAndDecodedIsTheSame(@ForAll String any) {
        // A surrogate alone has no UTF-8.
        String text = new String(any.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        assertThat(PercentEncoding.decodePath(PercentEncoding.encodePath(text))).isEqualTo(text);
        assertThat(PercentEncoding.decodeQuery(PercentEncoding.encodeQuery(text)))
                .isEqualTo(text);
        assertThat(PercentEncoding.encodeQuery(text)).matches("[A-Za-z0-9%._~-]*");
    }
}
