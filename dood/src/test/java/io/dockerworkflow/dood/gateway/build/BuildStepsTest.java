package io.dockerworkflow.dood.gateway.build;

import static org.assertj.core.api.Assertions.assertThat;

import io.dockerworkflow.dood.gateway.build.BuildSteps.Begun;
import io.dockerworkflow.dood.gateway.build.BuildSteps.Found;
import io.dockerworkflow.dood.gateway.build.BuildSteps.Heard;
import io.dockerworkflow.dood.gateway.build.BuildSteps.Made;
import io.dockerworkflow.dood.gateway.protocol.ApiJson;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BuildStepsTest {
    private static final String ONE = "111111111111";
    private static final String TWO = "222222222222";
    private static final String THREE = "333333333333";

    private final BuildSteps steps = new BuildSteps();

    @Test
    void hearWhenStepsMakeImagesTellsOfEachWithItsStage() {
        assertThat(made(
                        "Step 1/5 : FROM busybox AS first\n",
                        " ---> " + ONE + "\n",
                        "Step 2/5 : RUN true\n",
                        " ---> Running in 0123456789ab\n",
                        "Removing intermediate container 0123456789ab\n",
                        " ---> " + TWO + "\n",
                        "Step 3/5 : from busybox\n",
                        " ---> " + ONE + "\n",
                        "Step 4/5 : COPY --from=first / /\n",
                        " ---> " + THREE + "\n",
                        "Step 5/5 : RUN false\n",
                        " ---> Running in 0123456789ab\n"))
                .containsExactly(new Made(1, TWO, false), new Made(2, THREE, false));
        assertThat(steps.stage()).isEqualTo(2);
    }

    @Test
    void hearWhenStepsBeginTellsWhatTheyAreMadeOnAndIn() {
        assertThat(heard(
                        "Step 1/7 : FROM busybox AS first\n",
                        " ---> " + ONE + "\n",
                        "Step 2/7 : RUN true\n",
                        " ---> Running in 0123456789ab\n",
                        " ---> " + TWO + "\n",
                        "Step 3/7 : copy a /b\n",
                        " ---> " + THREE + "\n",
                        "Step 4/7 : FROM scratch\n",
                        " ---> \n",
                        "Step 5/7 : ADD a /b\n",
                        " ---> Using cache\n",
                        " ---> " + ONE + "\n",
                        "Step 6/7 : ENV a=b\n",
                        " ---> Using cache\n",
                        " ---> " + TWO + "\n",
                        "Step 7/7 : ENV c=d\n",
                        " ---> Running in ba9876543210\n"))
                .containsExactly(
                        new Begun(ONE, true, Optional.of("0123456789ab")),
                        new Made(1, TWO, false),
                        new Begun(TWO, false, Optional.empty()),
                        new Made(1, THREE, false),
                        new Begun("", true, Optional.empty()),
                        new Found(),
                        new Begun(TWO, false, Optional.of("ba9876543210")));
        assertThat(steps.isUnderWay()).isTrue();
        assertThat(steps.hear(ApiJson.object().put("error", "none"))).isEmpty();
        assertThat(steps.isUnderWay()).isFalse();
    }

    @Test
    void hearWhenAStepComesFromTheCacheTellsNothing() {
        assertThat(made(
                        "Step 1/3 : FROM busybox AS first\n",
                        " ---> " + ONE + "\n",
                        "Step 2/3 : RUN true\n",
                        " ---> Using cache\n",
                        " ---> " + TWO + "\n",
                        "Step 3/3 : RUN true\n",
                        " ---> " + THREE + "\n",
                        "Successfully built " + THREE + "\n"))
                .containsExactly(new Made(1, THREE, true));
    }

    private List<Made> made(String... lines) {
        return heard(lines).stream()
                .filter(Made.class::isInstance)
                .map(Made.class::cast)
                .toList();
    }

    private List<Heard> heard(String... lines) {
        return Stream.of(lines)
                .flatMap(line -> steps.hear(ApiJson.object().put("stream", line)).stream())
                .toList();
    }
}
