package io.freshet.item;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DecayTest {

    private static final double EXACT = 1e-12;

    private final Decay decay = new Decay(Duration.ofMillis(100));

    @Test
    void halvesOncePerHalfLife() {
        assertThat(decay.after(0)).isEqualTo(1);
        assertThat(decay.after(100)).isCloseTo(0.5, within(EXACT));
        assertThat(decay.after(300)).isCloseTo(0.125, within(EXACT));
        assertThat(decay.after(50)).isCloseTo(Math.sqrt(0.5), within(EXACT));
        assertThat(decay.after(-200)).isCloseTo(4, within(EXACT));
    }

    @Test
    void countsWholeHalvings() {
        assertThat(decay.halvings(99)).isZero();
        assertThat(decay.halvings(1699)).isEqualTo(16);
        assertThat(decay.millis(16)).isEqualTo(1600);
    }
}
