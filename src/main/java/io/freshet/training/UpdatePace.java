package io.freshet.training;

/** The name under which savepoints hold the state of the window size's controller. */
public final class UpdatePace {

    private UpdatePace() {}

    /** What the controller remembers; a plain POJO. */
    public static final class State {
        /** Interactions that make a window. */
        public int interactions;

        /** Decayed sum of gains, in nats. */
        public double nats;

        /** Decayed number of positions. */
        public double positions;

        /** Whether the loss has risen since the last update. */
        public boolean drifted;

        /** The detector's. */
        public PageHinkley.State drift = new PageHinkley.State();
    }
}
