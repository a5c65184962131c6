package io.freshet.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PlateauTest {

    private static final Plateau TENTH = new Plateau(0.1, 0);
    private static final int SAMPLES = 60;
    private static final double LEVEL = 1_000;

    private final Random noise = new Random(5);

    @Test
    void a_flat_noisy_series_holds() {
        assertThat(TENTH.holds(series(i -> LEVEL + 100 * noise.nextGaussian()))).isTrue();
    }

    @Test
    void growth_in_the_warm_up_is_no_leak() {
        double[] series = series(i -> Math.min(LEVEL, 100.0 * i));

        assertThat(Plateau.growth(series)).isZero();
        assertThat(Plateau.level(series)).isEqualTo(LEVEL);
    }

    @Test
    void a_sawtooth_holds() {
        assertThat(TENTH.holds(series(i -> LEVEL + 50 * (i % 7)))).isTrue();
    }

    @Test
    void an_outlier_does_not_count() {
        assertThat(Plateau.growth(series(i -> i == SAMPLES - 1 ? 10 * LEVEL : LEVEL))).isZero();
    }

    @Test
    void a_leak_beneath_noise_is_found() {
        double[] series = series(i -> LEVEL + 5 * i + 30 * noise.nextGaussian());

        assertThat(Plateau.growth(series)).isBetween(150.0, 250.0);
        assertThat(TENTH.holds(series)).isFalse();
    }

    @Test
    void a_leak_at_every_restart_is_found() {
        assertThat(TENTH.holds(series(i -> LEVEL + 60 * (i / 10)))).isFalse();
    }

    @Test
    void growth_within_the_allowance_holds_whatever_its_share() {
        double[] series = series(i -> 10 + i / 10.0);

        assertThat(TENTH.holds(series)).isFalse();
        assertThat(new Plateau(0.1, 5).holds(series)).isTrue();
    }

    @Test
    void too_few_samples_are_refused() {
        assertThatThrownBy(() -> TENTH.holds(new double[8]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "Found 8 samples, expected at least 9: sample more often or for longer");
    }

    private static double[] series(IntToDoubleFunction value) {
        return IntStream.range(0, SAMPLES).mapToDouble(value).toArray();
    }
}
