package io.freshet.training;

/**
 * Finds the moment when a level rises: Page's cumulative sum in Hinkley's form (E. S. Page,
 * "Continuous inspection schemes", Biometrika 1954; D. V. Hinkley, Biometrika 1971). Values are
 * taken in units of their own standard deviation so far, so one threshold fits every stream.
 */
public final class PageHinkley {

    /** Rises smaller than this many standard deviations are let pass. */
    private static final double ALLOWANCE = 0.5;

    /** Accumulated rise, in standard deviations, that is an alarm. */
    private static final double THRESHOLD = 8;

    /** Values that the level and its deviation are learned from. */
    private static final int FEWEST = 10;

    private final State state;

    public PageHinkley(State state) {
        this.state = state;
    }

    /** What the detector remembers; a plain POJO. */
    public static final class State {
        /** Values since the last alarm. */
        public long count;

        /** Their mean. */
        public double mean;

        /** Sum of squared differences from the mean. */
        public double squares;

        /** Rise accumulated so far, in standard deviations. */
        public double rise;
    }

    /**
     * Adds a value; returns whether the level has risen, after which everything is learned anew.
     */
    public boolean add(double value) {
        double deviation = state.count < FEWEST ? 0 : Math.sqrt(state.squares / state.count);
        if (deviation > 0) {
            double rise = state.rise + (value - state.mean) / deviation - ALLOWANCE;
            state.rise = Math.max(0, rise);
        }
        if (state.rise > THRESHOLD) {
            state.count = 0;
            state.mean = 0;
            state.squares = 0;
            state.rise = 0;
            return true;
        }
        state.count++;
        double off = value - state.mean;
        state.mean += off / state.count;
        state.squares += off * (value - state.mean);
        return false;
    }
}
