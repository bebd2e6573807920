package io.dockerworkflow.dood.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class BuildLeftoversTest {
    private static final String ONE = "111111111111";
    private static final String TWO = "222222222222";
    private static final String THREE = "333333333333";

    @Test
    void leftWhenThereIsOneStageIsNothing() {
        assertThat(left(
                        "Step 1/2 : FROM busybox\n",
                        " ---> " + ONE + "\n",
                        "Step 2/2 : RUN true\n",
                        " ---> Running in 0123456789ab\n",
                        "Removing intermediate container 0123456789ab\n",
                        " ---> " + TWO + "\n",
                        "Successfully built " + TWO + "\n"))
                .isEmpty();
    }

    @Test
    void leftWhenThereAreStagesIsTheLastImageOfEachButTheLast() {
        assertThat(left(
                        "Step 1/4 : FROM busybox AS first\n",
                        " ---> " + ONE + "\n",
                        "Step 2/4 : RUN true\n",
                        " ---> " + TWO + "\n",
                        "Step 3/4 : from busybox\n",
                        " ---> " + ONE + "\n",
                        "Step 4/4 : COPY --from=first / /\n",
                        " ---> " + THREE + "\n",
                        "Successfully built " + THREE + "\n"))
                .containsExactly(TWO);
    }

    @Test
    void leftWhenAStageComesFromTheCacheIsNothing() {
        assertThat(left(
                        "Step 1/3 : FROM busybox AS first\n",
                        " ---> " + ONE + "\n",
                        "Step 2/3 : RUN true\n",
                        " ---> Using cache\n",
                        " ---> " + TWO + "\n",
                        "Step 3/3 : FROM busybox\n"))
                .isEmpty();
    }

    @Test
    void leftWhenABuildFailsIsItsLastImage() {
        assertThat(left(
                        "Step 1/3 : FROM busybox\n",
                        " ---> " + ONE + "\n",
                        "Step 2/3 : RUN true\n",
                        " ---> " + TWO + "\n",
                        "Step 3/3 : RUN false\n",
                        " ---> Running in 0123456789ab\n"))
                .containsExactly(TWO);
    }

    private static Set<String> left(String... lines) {
        BuildLeftovers leftovers = new BuildLeftovers();
        for (String line : lines) {
            leftovers.hear(Json.object().put("stream", line));
        }
        return leftovers.left();
    }
}
