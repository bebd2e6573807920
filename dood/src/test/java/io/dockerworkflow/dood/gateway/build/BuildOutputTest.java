package io.dockerworkflow.dood.gateway.build;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dockerworkflow.Mode;
import io.dockerworkflow.SessionId;
import io.dockerworkflow.dood.gateway.protocol.ApiJson;
import io.dockerworkflow.dood.gateway.session.ImageNames;
import io.dockerworkflow.dood.gateway.session.MessageRewriter;
import io.dockerworkflow.dood.gateway.session.OwnTags;
import io.dockerworkflow.internal.children.SessionNames;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BuildOutputTest {
    private static final String DIGEST = "sha256:" + "0123456789abcdef".repeat(4);
    private static final SessionNames NAMES =
            new SessionNames(SessionId.parse("0a0b0c0d").orElseThrow(), Mode.DOOD, "none", Map.of());

    private final List<String> announced = new ArrayList<>();

    private BuildOutput output(boolean quiet) {
        return new BuildOutput(
                new MessageRewriter(NAMES, new ImageNames(NAMES)),
                new OwnTags(NAMES)::isLease,
                Set.of(),
                quiet,
                announced::add);
    }

    private static List<String> filter(BuildOutput output, String... lines) {
        return Stream.of(lines)
                .map(line -> ApiJson.parse(line.replace('\'', '"').getBytes(StandardCharsets.UTF_8)))
                .flatMap(line -> output.filter((ObjectNode) line).stream())
                .map(ApiJson::text)
                .toList();
    }

    @Test
    void pulledWhenTheBuilderSaysSoHasTheNameAndTheDigest() {
        BuildOutput output = output(false);
        filter(
                output,
                "{'stream':'Step 1/1 : FROM r:5000/app'}",
                "{'status':'Pulling from app','id':'latest'}",
                "{'status':'Digest: " + DIGEST + "'}",
                "{'status':'Status: Downloaded newer image for r:5000/app:latest'}",
                "{'status':'Pulling from other','id':'x'}",
                "{'status':'Status: Image is up to date for r:5000/other@" + DIGEST + "'}");
        assertThat(output.pulled())
                .isEqualTo(
                        Map.of("r:5000/app:latest", Optional.of(DIGEST), "r:5000/other@" + DIGEST, Optional.empty()));
        assertThat(announced).containsExactly("r:5000/app:latest", "r:5000/other@" + DIGEST);
    }

    @Test
    void pulledWhenAStepPrintsWhatTheBuilderWouldSayHasNothing() {
        BuildOutput output = output(false);
        filter(output, "{'stream':'Status: Downloaded newer image for busybox:latest\\n'}");
        assertThat(output.pulled()).isEmpty();
    }

    @Test
    void filterWhenTheTagIsTheGatewaysOwnDoesNotTell() {
        String hold = new OwnTags(NAMES).resultLease(1);
        assertThat(filter(
                        output(false),
                        "{'stream':'Successfully tagged app:latest\\n'}",
                        "{'stream':'Successfully tagged " + hold + "\\n'}"))
                .containsExactly("{\"stream\":\"Successfully tagged app:latest\\n\"}");
    }

    @Test
    void filterWhenQuietSaysTheIdOnly() {
        assertThat(filter(
                        output(true),
                        "{'stream':'Step 1/1 : FROM busybox'}",
                        "{'aux':{'ID':'sha256:12'}}",
                        "{'stream':'Successfully built 12\\n'}",
                        "{'stream':'Successfully tagged app:latest\\n'}"))
                .containsExactly("{\"stream\":\"sha256:12\\n\"}");
    }

    @Test
    void filterWhenQuietAndTheBuildFailsSaysAllThatThereWas() {
        assertThat(filter(output(true), "{'stream':'so far'}", "{'error':'no','errorDetail':{'message':'no'}}"))
                .containsExactly("{\"stream\":\"so far\"}", "{\"error\":\"no\",\"errorDetail\":{\"message\":\"no\"}}");
    }
}
