package io.freshet.training.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 1, unit = TimeUnit.MINUTES)
class PrefetchTest {

    @Test
    void elementsComeInTheirOrderAndThenNone() {
        List<Integer> found = new ArrayList<>();
        try (Prefetch<Integer> prefetch = new Prefetch<>(IntStream.range(0, 5).iterator())) {
            for (Integer next = prefetch.next(); next != null; next = prefetch.next()) {
                found.add(next);
            }
            assertThat(prefetch.next()).isNull();
        }
        assertThat(found).containsExactly(0, 1, 2, 3, 4);
    }

    @Test
    void theNextIsMadeWhileTheCallerIsAtTheOneBeforeAndNoMore() throws InterruptedException {
        CountDownLatch second = new CountDownLatch(2);
        AtomicInteger made = new AtomicInteger();
        Iterator<Integer> source =
                IntStream.range(0, 9)
                        .peek(
                                i -> {
                                    made.incrementAndGet();
                                    second.countDown();
                                })
                        .iterator();
        try (Prefetch<Integer> prefetch = new Prefetch<>(source)) {
            assertThat(prefetch.next()).isZero();
            second.await(); // though nobody asks for it
        }
        assertThat(made).hasValue(2);
    }

    @Test
    void whatTheSourceThrowsIsThrownToWhoeverAsks() {
        Iterator<Integer> source = IntStream.range(0, 2).map(i -> 10 / (1 - i)).iterator();
        try (Prefetch<Integer> prefetch = new Prefetch<>(source)) {
            assertThat(prefetch.next()).isEqualTo(10);
            assertThatThrownBy(prefetch::next).isInstanceOf(ArithmeticException.class);
        }
    }

    @Test
    void closingWaitsForTheElementThatIsBeingMade() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicInteger made = new AtomicInteger();
        Iterator<Integer> source =
                IntStream.range(0, 1)
                        .peek(
                                i -> {
                                    begun.countDown();
                                    awaitUninterrupted(goOn);
                                    made.incrementAndGet();
                                })
                        .iterator();
        Prefetch<Integer> prefetch = new Prefetch<>(source);
        begun.await();
        Thread closing = new Thread(prefetch::close);
        closing.start();
        while (closing.getState() != Thread.State.WAITING) {
            assertThat(closing.getState()).isNotEqualTo(Thread.State.TERMINATED);
            Thread.onSpinWait();
        }
        goOn.countDown();
        closing.join();

        assertThat(made).hasValue(1);
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
