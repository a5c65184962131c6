package io.freshet.runtime;

/** A mean in which older values count ever less. One thread adds, any may read. */
public final class MovingMean {

    private final double share;
    private volatile double mean = Double.NaN;

    /**
     * @param values about as many of the last values make up the mean
     */
    public MovingMean(int values) {
        this.share = 1.0 / values;
    }

    /**
     * Adds a number of values at once. What is not a number is left out.
     *
     * @param value their mean
     */
    public void add(double value, int count) {
        if (count <= 0 || Double.isNaN(value)) {
            return;
        }
        double before = mean;
        double pull = 1 - Math.pow(1 - share, count);
        mean = Double.isNaN(before) ? value : before + pull * (value - before);
    }

    /** The mean, NaN before the first value. */
    public double get() {
        return mean;
    }
}
