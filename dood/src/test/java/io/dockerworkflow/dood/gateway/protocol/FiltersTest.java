package io.dockerworkflow.dood.gateway.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Shapes and matching are those of moby's {@code api/types/filters}. */
class FiltersTest {

    private static Filters of(String json) {
        return Filters.of(new Query().set("filters", json.replace('\'', '"')));
    }

    @Nested
    class Read {
        @Test
        void valuesWhenTheyAreTheKeysOfAMapAreRead() {
            Filters filters = of("{'label':{'a=1':true,'b':true},'status':{'exited':true}}");
            assertThat(filters.get("label")).containsExactly("a=1", "b");
            assertThat(filters.get("status")).containsExactly("exited");
        }

        @Test
        void valuesWhenTheyAreAListAsOfOldAreRead() {
            Filters filters = of("{'label':['a=1','b'],'status':['exited']}");
            assertThat(filters.get("label")).containsExactly("a=1", "b");
            assertThat(filters.get("status")).containsExactly("exited");
        }

        @ParameterizedTest
        @ValueSource(strings = {"", " ", "{}", "null"})
        void filtersWhenThereAreNoneAreEmpty(String json) {
            assertThat(of(json).encode()).isEqualTo("{}");
            assertThat(of(json).has("label")).isFalse();
            assertThat(of(json).get("label")).isEmpty();
            assertThat(Filters.of(new Query()).encode()).isEqualTo("{}");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "{",
                    "[]",
                    "7",
                    "'label'",
                    "{'label':7}",
                    "{'label':'a'}",
                    "{'label':null}",
                    "{'a':['b']}x",
                    "{'label':{'a':true},'label':{'b':true}}"
                })
        void filtersWhenTheyAreMalformedAreRefused(String json) {
            assertThatThrownBy(() -> of(json)).isInstanceOf(ApiException.class).hasMessage("invalid filter");
        }

        @Test
        void labelWhenItIsTheSessionsOwnFindsNothing() {
            Filters filters = of("{'label':['io.dockerworkflow.session=1','x'],'label!':['io.dockerworkflow.owner']}");
            assertThat(filters.get("label")).containsExactly("hidden.io.dockerworkflow.session=1", "x");
            assertThat(filters.get("label!")).containsExactly("hidden.io.dockerworkflow.owner");
        }
    }

    @Nested
    class Change {
        @Test
        void encodedWhenChangedIsAMapToBooleans() {
            Filters filters = of("{'name':['db'],'network':['app']}")
                    .add("label", "a=1")
                    .add("label", "b")
                    .map("network", name -> "dw-" + name)
                    .map("volume", name -> "none");
            assertThat(filters.remove("name")).containsExactly("db");
            assertThat(filters.remove("name")).isEmpty();
            assertThat(filters.encode())
                    .isEqualTo("{\"network\":{\"dw-app\":true},\"label\":{\"a=1\":true,\"b\":true}}");
        }

        @Test
        void encodedWhenAValueHasQuotesIsStillJson() {
            String encoded = new Filters().add("na\"me", "a\\\"b\n").encode();
            assertThat(encoded).isEqualTo("{\"na\\\"me\":{\"a\\\\\\\"b\\n\":true}}");
            assertThat(Filters.of(new Query().set("filters", encoded)).get("na\"me"))
                    .containsExactly("a\\\"b\n");
        }

        @Test
        void nameWhenAllItsValuesAreGoneStaysEmpty() {
            assertThat(of("{'label':[]}").encode()).isEqualTo("{\"label\":{}}");
        }
    }

    @Nested
    class Matches {
        @ParameterizedTest
        @CsvSource({
            "db, db, true",
            "db, mydb2, true",
            "^db$, db, true",
            "^db$, mydb, false",
            "d[ab], db, true",
            "web, db, false",
            "(, (, true",
            "(, a(, false",
        })
        void nameMatchesAsTextOrAsAnExpression(String wanted, String name, boolean matches) {
            assertThat(Filters.matches(Set.of(wanted), List.of(name))).isEqualTo(matches);
        }

        @Test
        void nameWhenNothingIsWantedMatches() {
            assertThat(Filters.matches(Set.of(), List.of("db"))).isTrue();
            assertThat(Filters.matches(Set.of(), List.of())).isTrue();
        }

        @Test
        void nameWhenOneOfSeveralMatchesMatches() {
            assertThat(Filters.matches(Set.of("web", "b$"), List.of("/db", "db")))
                    .isTrue();
            assertThat(Filters.matches(Set.of("web"), List.of())).isFalse();
        }
    }
}
