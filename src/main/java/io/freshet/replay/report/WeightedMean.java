package io.freshet.replay.report;

import org.jspecify.annotations.Nullable;

/** A mean in which values weigh differently; values that are not finite don't count. */
final class WeightedMean {

    private double sum;
    private double weights;

    void add(double value, double weight) {
        if (Double.isFinite(value)) {
            sum += value * weight;
            weights += weight;
        }
    }

    /** The mean, or null if nothing counted. */
    @Nullable Double get() {
        return weights > 0 ? sum / weights : null;
    }
}
