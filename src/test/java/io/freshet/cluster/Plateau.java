package io.freshet.cluster;

import java.util.Arrays;

/**
 * Says whether a series of samples, taken at even distances, has stopped growing. The first third
 * is warm-up; over the rest the growth is that of a straight line with the Theil-Sen slope, the
 * median of the slopes between all pairs of samples: noise, a sawtooth and single outliers don't
 * move it, growth that goes on does, however slow or in however large steps.
 *
 * @param share of the level that the growth may be
 * @param allowance growth in the series' unit that is never too much
 */
record Plateau(double share, double allowance) {

    /** Fewest samples that a trend can be read from. */
    static final int MIN_SAMPLES = 9;

    /** Whether the series grows no more than it may. */
    boolean holds(double[] series) {
        return growth(series) <= limit(series);
    }

    /** Most that the series may grow by after its warm-up, in its unit. */
    double limit(double[] series) {
        return Math.max(allowance, share * level(series));
    }

    /** Median after the warm-up. */
    static double level(double[] series) {
        return median(judged(series));
    }

    /** By how much it grows from the end of the warm-up to its end, negative if it shrinks. */
    static double growth(double[] series) {
        double[] judged = judged(series);
        int n = judged.length;
        double[] slopes = new double[n * (n - 1) / 2];
        int pairs = 0;
        for (int from = 0; from < n; from++) {
            for (int to = from + 1; to < n; to++) {
                slopes[pairs++] = (judged[to] - judged[from]) / (to - from);
            }
        }
        return median(slopes) * (n - 1);
    }

    private static double[] judged(double[] series) {
        if (series.length < MIN_SAMPLES) {
            throw new IllegalArgumentException(
                    "Found %d samples, expected at least %d: sample more often or for longer"
                            .formatted(series.length, MIN_SAMPLES));
        }
        return Arrays.copyOfRange(series, series.length / 3, series.length);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
