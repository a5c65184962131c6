package io.freshet.training;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Decides whether a changed model may take the place of the one before, from the losses of both on
 * the same held-out positions: a paired comparison with a 95 % confidence interval.
 *
 * <p>No item counts for more than a small share of the positions. An attacker, or a broken client,
 * that makes one item everybody's next choice would otherwise be judged by that very item.
 */
final class Gate {

    /** With less evidence the comparison says nothing. */
    static final int FEWEST_POSITIONS = 20;

    /** Share of all positions that those of one item count for at most. */
    static final double LARGEST_SHARE = 0.05;

    /** Two-sided 95 % quantile of the normal distribution. */
    private static final double QUANTILE = 1.96;

    private final float tolerance;

    /**
     * @param tolerance how much the changed model's mean loss may exceed that of the one before, as
     *     a share
     */
    Gate(float tolerance) {
        this.tolerance = tolerance;
    }

    /** What follows from a comparison. */
    enum Ruling {
        /** It is not worse, as far as can be told. */
        PASS,
        /** It is worse than the tolerance allows, but that may be chance. */
        UNSURE,
        /** It is worse than the tolerance allows with 95 % confidence. */
        REFUSE
    }

    /**
     * A ruling, and why, in words and figures.
     *
     * @param before mean loss of the model before, NaN if there were no positions
     * @param after mean loss of the changed model
     */
    record Decision(Ruling ruling, String reason, float before, float after) {

        /** The same in other words. */
        Decision because(String otherReason) {
            return new Decision(ruling, otherReason, before, after);
        }
    }

    /**
     * Compares.
     *
     * @param items the item of each position
     * @param before loss of each position by the model before, NaN where it could not be scored
     * @param after the same by the changed model
     */
    Decision judge(List<String> items, float[] before, float[] after) {
        Comparison compared = Comparison.of(items, before, after);
        float meanBefore = (float) compared.before();
        float meanAfter = (float) compared.after();
        if (compared.positions() < FEWEST_POSITIONS) {
            String reason =
                    text(
                            "only %d held-out positions, %d are needed to compare",
                            compared.positions(), FEWEST_POSITIONS);
            return new Decision(Ruling.PASS, reason, meanBefore, meanAfter);
        }
        double limit = tolerance * compared.before();
        double worse = compared.after() - compared.before();
        double margin = QUANTILE * compared.error();
        Ruling ruling =
                worse - margin > limit
                        ? Ruling.REFUSE
                        : worse > limit && margin > 0 ? Ruling.UNSURE : Ruling.PASS;
        String reason =
                text(
                        "loss %.4f on %d held-out positions, %.4f before: a change of %+.4f ± %.4f,"
                                + " limit %+.4f",
                        compared.after(),
                        compared.positions(),
                        compared.before(),
                        worse,
                        margin,
                        limit);
        return new Decision(ruling, reason, meanBefore, meanAfter);
    }

    /**
     * Weighted means over the positions that both models scored.
     *
     * @param error standard error of the mean difference
     */
    private record Comparison(int positions, double before, double after, double error) {

        static Comparison of(List<String> items, float[] before, float[] after) {
            int positions = 0;
            Map<String, Integer> counts = new HashMap<>();
            for (int i = 0; i < before.length; i++) {
                if (scored(before, after, i)) {
                    positions++;
                    counts.merge(items.get(i), 1, Integer::sum);
                }
            }
            double most = Math.max(1, LARGEST_SHARE * positions);
            double[] weights = new double[before.length];
            double sum = 0;
            double sumBefore = 0;
            double sumAfter = 0;
            for (int i = 0; i < before.length; i++) {
                if (scored(before, after, i)) {
                    weights[i] = Math.min(1, most / counts.getOrDefault(items.get(i), 1));
                    sum += weights[i];
                    sumBefore += weights[i] * before[i];
                    sumAfter += weights[i] * after[i];
                }
            }
            double mean = (sumAfter - sumBefore) / sum;
            double squares = 0;
            for (int i = 0; i < before.length; i++) {
                if (weights[i] > 0) {
                    double off = weights[i] * (after[i] - before[i] - mean);
                    squares += off * off;
                }
            }
            return new Comparison(
                    positions, sumBefore / sum, sumAfter / sum, Math.sqrt(squares) / sum);
        }

        private static boolean scored(float[] before, float[] after, int i) {
            return Float.isFinite(before[i]) && Float.isFinite(after[i]);
        }
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
