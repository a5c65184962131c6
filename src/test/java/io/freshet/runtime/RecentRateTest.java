package io.freshet.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RecentRateTest {

    private final RecentRate rate = new RecentRate(5);

    @Test
    void isUnknownWithinTheFirstSecond() {
        rate.add(10_100, 7);
        assertThat(rate.perSecond(10_900)).isZero();
    }

    @Test
    void isTheMeanOfWholeSecondsOnly() {
        rate.add(10_100, 4);
        rate.add(11_100, 8);
        rate.add(12_100, 1_000);
        assertThat(rate.perSecond(12_500)).isEqualTo(6);
    }

    @Test
    void forgetsWhatIsOlderThanFiveSeconds() {
        rate.add(10_000, 1_000);
        rate.add(12_000, 50);
        assertThat(rate.perSecond(16_000)).isEqualTo(10);
    }

    @Test
    void fallsToZeroWhenNothingComes() {
        rate.add(10_000, 1_000);
        assertThat(rate.perSecond(100_000)).isZero();
    }
}
