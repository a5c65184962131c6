package io.freshet.history;

/**
 * Items that a user rejected and did not choose since, each with the last time, oldest first. A
 * plain POJO: fields may be added, and state written before still reads.
 */
public final class RejectionState {

    /** Item ids. */
    public String[] items = {};

    /** Event time by position, milliseconds since the epoch. */
    public long[] timestamps = {};
}
