package io.freshet.training.learn;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Decides whether a challenger may take the champion's place, from the losses of both on the same
 * validation positions, which neither was trained on: a paired comparison with a 95 % confidence
 * interval.
 *
 * <p>No item counts for more than a small share of the positions. An attacker, or a broken client,
 * that makes one item everybody's next choice would otherwise be validated by that very item.
 *
 * <p>A model that diverged fails however few positions there are: a comparison with few is no
 * evidence of a small difference, but it is of a loss {@value #MANY_TIMES} times as high.
 */
public final class Gate {

    /** Positions without which nothing is decided. */
    static final int FEWEST_POSITIONS = 20;

    /** Share of all positions that those of one item count for at most. */
    private static final double LARGEST_SHARE = 0.05;

    /** Two-sided 95 % quantile of the normal distribution. */
    private static final double CONFIDENCE = 1.96;

    /** One-sided 80 % quantile of the normal distribution: the usual power of a test. */
    private static final double POWER = 0.84;

    /** How many times as high a loss is that no chance explains. */
    private static final float MANY_TIMES = 3;

    /** Losses below this are taken as this: they multiply easily. */
    private static final float SMALL_LOSS = 1;

    private final float tolerance;
    private final boolean open;

    /**
     * @param tolerance how much the challenger's mean loss may exceed the champion's, as a share
     * @param holdout share of the positions that are held out; 0 for no gate
     */
    public Gate(float tolerance, float holdout) {
        this.tolerance = tolerance;
        this.open = holdout == 0;
    }

    /** What follows from a comparison. */
    public enum Ruling {
        /** The challenger is not worse, as far as can be seen. */
        PASS,
        /** It is worse than the tolerance allows, but that may be chance. */
        UNSURE,
        /** It is worse than the tolerance allows with 95 % confidence. */
        REFUSE,
        /** Its losses are not finite, or many times as high as before: it diverged. */
        FAIL
    }

    /**
     * A ruling, and why.
     *
     * @param reason in words and figures
     * @param champion mean loss of the champion, NaN if there were no positions
     * @param challenger mean loss of the challenger
     * @param positions validation positions that were compared
     * @param detectable the smallest change of the mean loss, as a share of the champion's, that
     *     such a comparison finds significant in 80 % of cases; NaN if nothing was compared
     */
    public record Decision(
            Ruling ruling,
            String reason,
            float champion,
            float challenger,
            int positions,
            float detectable) {

        /** A decision that no comparison was made for. */
        public static Decision without(Ruling ruling, String reason) {
            return new Decision(ruling, reason, Float.NaN, Float.NaN, 0, Float.NaN);
        }

        /** The same comparison with another reason. */
        public Decision because(String otherReason) {
            return new Decision(ruling, otherReason, champion, challenger, positions, detectable);
        }

        /** The same comparison with another ruling. */
        public Decision as(Ruling other, String otherReason) {
            return new Decision(other, otherReason, champion, challenger, positions, detectable);
        }
    }

    /**
     * Whether a model diverged: its mean loss on some positions is not finite any more, or many
     * times as high as before. Positions that it was trained on will do, on which a loss can only
     * look too low.
     */
    public static boolean isDiverged(float before, float after) {
        return Float.isFinite(before) && !(after <= MANY_TIMES * Math.max(SMALL_LOSS, before));
    }

    /**
     * Compares.
     *
     * @param items the item of each position
     * @param champion loss of each position by the champion, NaN where it could not be scored
     * @param challenger the same by the challenger
     */
    public Decision judge(List<String> items, float[] champion, float[] challenger) {
        if (open) {
            return Decision.without(Ruling.PASS, "no gate: training.holdout is 0");
        }
        Comparison compared = Comparison.of(items, champion, challenger);
        if (compared.broken() > 0) {
            return decision(
                    Ruling.FAIL,
                    compared,
                    text(
                            "the loss of %d validation positions is not finite any more",
                            compared.broken()));
        }
        if (isDiverged((float) compared.champion(), (float) compared.challenger())) {
            return decision(
                    Ruling.FAIL,
                    compared,
                    text(
                            "the model diverged: loss %.4f on %d validation positions, %.4f"
                                    + " before, which is more than %.0f times as high",
                            compared.challenger(),
                            compared.positions(),
                            compared.champion(),
                            MANY_TIMES));
        }
        if (compared.positions() < FEWEST_POSITIONS) {
            return decision(
                    Ruling.PASS,
                    compared,
                    text(
                            "passed without a comparison: only %d validation positions, %d are"
                                    + " needed",
                            compared.positions(), FEWEST_POSITIONS));
        }
        double limit = tolerance * compared.champion();
        double worse = compared.challenger() - compared.champion();
        double margin = CONFIDENCE * compared.error();
        Ruling ruling =
                worse - margin > limit
                        ? Ruling.REFUSE
                        : worse > limit && margin > 0 ? Ruling.UNSURE : Ruling.PASS;
        return decision(
                ruling,
                compared,
                text(
                        "loss %.4f on %d validation positions, %.4f before: a change of %+.4f ±"
                                + " %.4f, limit %+.4f; a change of %.1f %% could have been seen",
                        compared.challenger(),
                        compared.positions(),
                        compared.champion(),
                        worse,
                        margin,
                        limit,
                        100 * compared.detectable()));
    }

    private static Decision decision(Ruling ruling, Comparison compared, String reason) {
        boolean enough = compared.positions() >= FEWEST_POSITIONS;
        return new Decision(
                ruling,
                reason,
                (float) compared.champion(),
                (float) compared.challenger(),
                compared.positions(),
                enough ? (float) compared.detectable() : Float.NaN);
    }

    /**
     * Weighted means over the positions that both models scored.
     *
     * @param error standard error of the mean difference
     * @param broken positions that the champion alone scored with a finite loss
     */
    private record Comparison(
            int positions, double champion, double challenger, double error, int broken) {

        static Comparison of(List<String> items, float[] champion, float[] challenger) {
            int positions = 0;
            int broken = 0;
            Map<String, Integer> counts = new HashMap<>();
            for (int i = 0; i < champion.length; i++) {
                if (scored(champion, challenger, i)) {
                    positions++;
                    counts.merge(items.get(i), 1, Integer::sum);
                }
                broken += Float.isFinite(champion[i]) && !Float.isFinite(challenger[i]) ? 1 : 0;
            }
            double most = Math.max(1, LARGEST_SHARE * positions);
            double[] weights = new double[champion.length];
            double sum = 0;
            double sumChampion = 0;
            double sumChallenger = 0;
            for (int i = 0; i < champion.length; i++) {
                if (scored(champion, challenger, i)) {
                    weights[i] = Math.min(1, most / counts.getOrDefault(items.get(i), 1));
                    sum += weights[i];
                    sumChampion += weights[i] * champion[i];
                    sumChallenger += weights[i] * challenger[i];
                }
            }
            double mean = (sumChallenger - sumChampion) / sum;
            double squares = 0;
            for (int i = 0; i < champion.length; i++) {
                if (weights[i] > 0) {
                    double off = weights[i] * (challenger[i] - champion[i] - mean);
                    squares += off * off;
                }
            }
            return new Comparison(
                    positions,
                    sumChampion / sum,
                    sumChallenger / sum,
                    Math.sqrt(squares) / sum,
                    broken);
        }

        double detectable() {
            return (CONFIDENCE + POWER) * error / champion;
        }

        private static boolean scored(float[] champion, float[] challenger, int i) {
            return Float.isFinite(champion[i]) && Float.isFinite(challenger[i]);
        }
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
