package io.freshet.training;

import java.util.Locale;

/** Decides whether a challenger may take the champion's place. */
final class Gate {

    /** With fewer held-out positions the comparison says nothing. */
    static final int FEWEST_POSITIONS = 20;

    private final float tolerance;

    /**
     * @param tolerance how much the challenger's mean loss may exceed the champion's, as a share
     */
    Gate(float tolerance) {
        this.tolerance = tolerance;
    }

    /** What was decided, and why, in words and figures. */
    record Decision(boolean promoted, String reason) {}

    /** Compares two models on the same positions. */
    Decision judge(Score champion, Score challenger) {
        if (challenger.scored() < FEWEST_POSITIONS) {
            return new Decision(
                    true,
                    text(
                            "only %d held-out positions, %d are needed to compare",
                            challenger.scored(), FEWEST_POSITIONS));
        }
        double limit = champion.loss() * (1.0 + tolerance);
        boolean promoted = challenger.loss() <= limit;
        return new Decision(
                promoted,
                text(
                        "loss %.4f on %d held-out positions, champion %.4f, limit %.4f",
                        challenger.loss(), challenger.scored(), champion.loss(), limit));
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
