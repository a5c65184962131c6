package io.freshet.item;

import java.time.Duration;

/** Exponential decay of counts: 1 is one half after one half-life. */
final class Decay {

    private static final double LN_2 = Math.log(2);

    private final long halfLife;

    Decay(Duration halfLife) {
        this.halfLife = halfLife.toMillis();
    }

    /** What is left of 1 after so many milliseconds; more than 1 if they are negative. */
    double after(long millis) {
        return Math.exp(-LN_2 * ((double) millis / halfLife));
    }

    /** How often so many milliseconds halve a count, in whole halvings. */
    long halvings(long millis) {
        return millis / halfLife;
    }

    /** The milliseconds of so many halvings. */
    long millis(long halvings) {
        return halvings * halfLife;
    }
}
