package io.dockerworkflow.dood.gateway.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dockerworkflow.dood.gateway.protocol.ApiException;
import io.dockerworkflow.dood.gateway.protocol.ApiJson;
import io.dockerworkflow.dood.gateway.protocol.Filters;
import io.dockerworkflow.dood.gateway.protocol.Query;
import io.dockerworkflow.dood.testsupport.Trees;
import java.time.OffsetDateTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PruneFilterTest {
    private static final OffsetDateTime NOW = OffsetDateTime.parse("2026-01-31T12:00:00Z");

    private static PruneFilter filter(String json) {
        return PruneFilter.of(Filters.of(new Query().set("filters", json.replace('\'', '"'))), NOW);
    }

    @ParameterizedTest
    @CsvSource({"1769853599, true", "1769853600, false", "1769853601, false"})
    void imageWhenItIsOfTheLimitsSecondIsKept(long created, boolean pruned) {
        // Two hours before: 2026-01-31T10:00:00Z is second 1769853600.
        assertThat(filter("{'until':['2h']}").matches(ApiJson.object().put("Created", created)))
                .isEqualTo(pruned);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'label':['a']}|{'a':'1'}|true",
                "{'label':['a']}|{'a':''}|true",
                "{'label':['a=1']}|{'a':'1'}|true",
                "{'label':['a=1']}|{'a':'2'}|false",
                "{'label':['a=1=2']}|{'a':'1=2'}|true",
                "{'label':['a','b']}|{'a':'1'}|false",
                "{'label':['a','b']}|{'a':'1','b':'2'}|true",
                "{'label':['a']}|null|false",
                "{'label!':['a']}|{'a':'1'}|false",
                "{'label!':['a']}|null|true",
                "{'label!':['a','b']}|{'a':'1'}|true",
                "{'label!':['a=1']}|{'a':'2'}|true",
                "{'label':['a'],'label!':['b']}|{'a':'1','b':'1'}|false",
                "{}|null|true",
            })
    void imageMatchesByItsLabels(String filters, String labels, boolean matches) {
        assertThat(filter(filters).matches(Trees.object("{'Labels':" + labels + "}")))
                .isEqualTo(matches);
    }

    @Test
    void limitWhenItIsNoTimeIsRefused() {
        assertThatThrownBy(() -> filter("{'until':['soon']}"))
                .isInstanceOf(ApiException.class)
                .hasMessageStartingWith("docker-workflow cannot read the time \"soon\"");
    }
}
