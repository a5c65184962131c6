package io.freshet.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RetryPolicyTest {

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 10); // nanoTime may overflow
    private final RetryPolicy retry = new RetryPolicy(now::get);

    @Test
    void pausesDoubleFromATenthOfASecondToOneMinute() {
        assertThat(Stream.generate(retry::failed).limit(12).map(Duration::toMillis))
                .containsExactly(
                        100L, 200L, 400L, 800L, 1_600L, 3_200L, 6_400L, 12_800L, 25_600L, 51_200L,
                        60_000L, 60_000L);
    }

    @Test
    void successMakesTheNextPauseTheFirst() {
        retry.failed();
        retry.failed();

        retry.succeeded();

        assertThat(retry.failed()).isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void isDueBeforeAnyFailureAndWhenThePauseIsOver() {
        assertThat(retry.isDue()).isTrue();

        retry.failed();
        assertThat(retry.isDue()).isFalse();
        now.addAndGet(Duration.ofMillis(100).toNanos() - 1);
        assertThat(retry.isDue()).isFalse();
        now.incrementAndGet();
        assertThat(retry.isDue()).isTrue();
    }

    @Test
    void isDueAtOnceAfterASuccess() {
        retry.failed();

        retry.succeeded();

        assertThat(retry.isDue()).isTrue();
    }
}
