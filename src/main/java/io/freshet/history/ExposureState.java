package io.freshet.history;

/**
 * Items that a user was shown and did not choose since, in event-time order, oldest first. A plain
 * POJO: fields may be added, and state written before still reads.
 */
public final class ExposureState {

    /** Item ids. */
    public String[] items = {};

    /** Event time by position, milliseconds since the epoch. */
    public long[] timestamps = {};
}
