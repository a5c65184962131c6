package io.freshet.replay.ablation;

import io.freshet.replay.report.Ranks;
import java.util.function.IntToDoubleFunction;

/**
 * By how much two replays differ at the same tested positions: the mean of what the one gained more
 * than the other position by position, and the half width of its 95 % interval by the normal
 * approximation. An interval that does not contain 0 is a difference beyond chance, as far as
 * positions are independent of each other.
 *
 * @param mean mean difference
 * @param margin the interval is mean ± margin; 1, which means nothing, for fewer than two positions
 */
record Difference(double mean, double margin) {

    private static final double NORMAL_95 = 1.959964;

    /**
     * How much better the one is than the other.
     *
     * @param gain what a rank is worth, from 0 to 1
     * @throws IllegalArgumentException if they are not of the same positions
     */
    static Difference of(Ranks one, Ranks other, IntToDoubleFunction gain) {
        if (!one.positions().equals(other.positions())) {
            throw new IllegalArgumentException(
                    "Only replays of the same tested positions can be compared, found %d and %d"
                            .formatted(one.positions().size(), other.positions().size()));
        }
        int n = one.ranks().size();
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < n; i++) {
            double difference =
                    gain.applyAsDouble(one.ranks().get(i))
                            - gain.applyAsDouble(other.ranks().get(i));
            sum += difference;
            squares += difference * difference;
        }
        if (n < 2) {
            return new Difference(sum, 1);
        }
        double mean = sum / n;
        double variance = Math.max(0, squares - n * mean * mean) / (n - 1);
        return new Difference(mean, NORMAL_95 * Math.sqrt(variance / n));
    }
}
