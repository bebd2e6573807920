package io.dockerworkflow.dood.gateway.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dockerworkflow.dood.gateway.protocol.ApiJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BuildCacheUsageTest {
    @ParameterizedTest
    @CsvSource(quoteCharacter = '\'', textBlock = """
                    '{"BuildCache":null,"BuilderSize":0}',             '{"BuildCache":[],"BuilderSize":0}'
                    '{"BuildCache":[],"BuilderSize":0}',               '{"BuildCache":[],"BuilderSize":0}'
                    '{"BuildCache":[{"ID":"a"}],"BuilderSize":4096}',  '{"BuildCache":[],"BuilderSize":0}'
                    '{"BuildCache":null}',                             '{"BuildCache":[]}'
                    '{"LayersSize":1}',                                '{"LayersSize":1}'
                    """)
    void usageWhenEngineNamesItsBuildCacheShowsAnEmptyOne(String engine, String session) throws IOException {
        ObjectNode usage = (ObjectNode) ApiJson.parse(engine.getBytes(StandardCharsets.UTF_8));

        assertThat(SystemRoutes.withoutBuildCache(usage)).hasToString(session);
    }
}
