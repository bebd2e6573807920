package io.dockerworkflow.dood.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.dockerworkflow.dood.gateway.BuildSteps.Made;
import java.util.List;
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
        return Stream.of(lines)
                .flatMap(line -> steps.hear(Json.object().put("stream", line)).stream())
                .toList();
    }
}
