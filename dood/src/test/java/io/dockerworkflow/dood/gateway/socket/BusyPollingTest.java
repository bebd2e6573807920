package io.dockerworkflow.dood.gateway.socket;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.SelectStrategy;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BusyPollingTest {
    private final Object request = new Object();
    private long now = Long.MAX_VALUE;
    private int ready;
    private int asked;
    private final BusyPolling polling = new BusyPolling(() -> now);

    private int turn(boolean hasTasks) throws Exception {
        return polling.calculateStrategy(
                () -> {
                    asked++;
                    return ready;
                },
                hasTasks);
    }

    @Test
    void turnWhenNothingIsAwaitedSleepsWithoutAsking() throws Exception {
        assertThat(turn(false)).isEqualTo(SelectStrategy.SELECT);
        assertThat(asked).isZero();
    }

    @Test
    void turnWhenAnAnswerIsAwaitedAsksAndComesAgain() throws Exception {
        polling.begin(request);

        assertThat(turn(false)).isEqualTo(SelectStrategy.CONTINUE);
        ready = 2;
        assertThat(turn(false)).isEqualTo(2);
        assertThat(asked).isEqualTo(2);
    }

    @Test
    void turnWhenTheAnswerHasComeSleeps() throws Exception {
        polling.begin(request);
        polling.end(request);

        assertThat(turn(false)).isEqualTo(SelectStrategy.SELECT);
    }

    @Test
    void turnWhenTheAnswerTakesLongSleepsAndDoesNotAskAgain() throws Exception {
        polling.begin(request);
        now += TimeUnit.MILLISECONDS.toNanos(1);

        assertThat(turn(false)).isEqualTo(SelectStrategy.SELECT);
        now -= TimeUnit.MILLISECONDS.toNanos(1);
        assertThat(turn(false)).isEqualTo(SelectStrategy.SELECT);
        assertThat(asked).isZero();
    }

    @Test
    void turnWhenAnEarlierRequestIsAnsweredStillAsksForTheLatest() throws Exception {
        Object latest = new Object();
        polling.begin(request);
        polling.begin(latest);
        polling.end(request);

        assertThat(turn(false)).isEqualTo(SelectStrategy.CONTINUE);
        polling.end(latest);
        assertThat(turn(false)).isEqualTo(SelectStrategy.SELECT);
    }

    /** How many requests in a row it does not wait for. */
    private int notWaitedFor() throws Exception {
        for (int count = 0; ; count++) {
            Object next = new Object();
            polling.begin(next);
            if (turn(false) == SelectStrategy.CONTINUE) {
                return count;
            }
            polling.end(next);
        }
    }

    private void runOut() throws Exception {
        now += TimeUnit.MILLISECONDS.toNanos(1);
        assertThat(turn(false)).isEqualTo(SelectStrategy.SELECT);
    }

    @Test
    void beginWhenOthersWereAwaitedInVainSkipsMoreUntilOneIsNot() throws Exception {
        assertThat(notWaitedFor()).isZero();
        for (int expected : new int[] {1, 3, 7, 15, 31, 63, 63}) {
            runOut();
            assertThat(notWaitedFor()).isEqualTo(expected);
        }
        runOut();
        while (turn(false) != SelectStrategy.CONTINUE) {
            polling.begin(request);
        }
        polling.end(request);
        assertThat(notWaitedFor()).isZero();
    }

    @Test
    void turnWhenThereAreTasksNeverSleeps() throws Exception {
        assertThat(turn(true)).isZero();
        assertThat(asked).isOne();
    }
}
