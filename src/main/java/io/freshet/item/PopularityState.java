package io.freshet.item;

/**
 * How often an item was chosen, and when that was last sent to the recommenders. A plain POJO:
 * fields may be added, and state written before still reads.
 */
public final class PopularityState {

    /** The value of "never" and "not due". */
    static final long NEVER = Long.MIN_VALUE;

    /** Decayed count by configured half-life, valid at {@link #time}. */
    public double[] counts = {};

    /** Newest event time counted, milliseconds since the epoch. */
    public long time = NEVER;

    /** Event time of the last update that was sent, milliseconds since the epoch. */
    public long sentAt = NEVER;

    /** Event time at which the next update is due, milliseconds; never, if nothing is unsent. */
    public long dueAt = NEVER;
}
