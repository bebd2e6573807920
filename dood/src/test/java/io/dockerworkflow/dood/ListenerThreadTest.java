package io.dockerworkflow.dood;

import static org.assertj.core.api.Assertions.assertThat;

import io.dockerworkflow.SessionId;
import io.dockerworkflow.dood.gateway.http.ServedRequest;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ListenerThreadTest {
    private static final SessionId SESSION = new SessionId("01234567");

    private static ServedRequest request(long number) {
        return new ServedRequest("GET", "/_ping", 200, false, 1, 2, number, 0);
    }

    @Test
    void listenerWhenItIsLateHearsTheOldestTenThousandInOrder() throws Exception {
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        long[] heard = new long[20_000];
        int[] count = {0};
        try (ListenerThread thread = new ListenerThread(SESSION, request -> {
            first.countDown();
            await(go);
            heard[count[0]++] = request.bytesIn();
        })) {
            thread.finished(request(0));
            first.await();
            LongStream.range(1, 15_000).mapToObj(ListenerThreadTest::request).forEach(thread::finished);
            go.countDown();
        }
        assertThat(count[0])
                .as("the one that it was told, and those that waited")
                .isEqualTo(10_001);
        assertThat(heard).startsWith(LongStream.range(0, 10_001).toArray());
    }

    @Test
    void listenerWhenItNeverReturnsIsInterruptedAtTheEnd() throws Exception {
        List<String> ends = new CopyOnWriteArrayList<>();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        try (ListenerThread thread = new ListenerThread(SESSION, request -> {
            begun.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                ends.add("interrupted");
            }
            ended.countDown();
        })) {
            thread.finished(request(0));
            begun.await();
            thread.finished(request(1));
        }
        ended.await();
        assertThat(ends).containsExactly("interrupted");
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
