package io.freshet.item;

/**
 * Counts of the items that followed an item. A plain POJO: fields may be added, and state written
 * before still reads.
 *
 * <p>Counts are kept as of {@link #landmark}, so that they don't change with time: a follower at
 * time t adds 2^((t - landmark) / half-life) (Cormode et al., "Forward Decay", ICDE 2009).
 */
public final class FollowersState {

    /** Item ids, highest count first, and the newest first among equals. */
    public String[] items = {};

    /** Count of each item at the landmark. */
    public float[] counts = {};

    /** Count at the landmark of everything that ever followed. */
    public double total;

    /** Event time at which a follower adds 1, milliseconds since the epoch. */
    public long landmark;

    /** Newest event time counted, milliseconds since the epoch. */
    public long time;
}
