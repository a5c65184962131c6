package io.freshet.training;

import java.util.function.Supplier;

/**
 * Ends the passes over a window when one made its held-out positions worse (early stopping;
 * Prechelt, "Early Stopping - But When?", 1998). Worse is what the gate would call worse without a
 * tolerance: with few positions, a mean that rose is no evidence.
 */
final class EarlyStop {

    private static final float NO_TOLERANCE = 0;

    private final Gate comparison = new Gate(NO_TOLERANCE);
    private final Judges judges;
    private final Supplier<float[]> losses;
    private float[] last;

    /**
     * @param judges held-out positions
     * @param before their losses before the first pass
     * @param losses computes their losses by the model as it is now
     */
    EarlyStop(Judges judges, float[] before, Supplier<float[]> losses) {
        this.judges = judges;
        this.losses = losses;
        last = before;
    }

    /** Whether the model has become worse since it was asked last. */
    boolean worse() {
        float[] now = losses.get();
        Gate.Ruling ruling = comparison.judge(judges.items(), last, now).ruling();
        last = now;
        return ruling == Gate.Ruling.REFUSE;
    }
}
