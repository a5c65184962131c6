package io.freshet.history;

/**
 * The recent interactions of one user. A plain POJO: fields may be added, and state written before
 * still reads. Arrays have no spare places, because all of it is written per event.
 *
 * <p>A position is an index into {@link #items}, and is <em>fresh</em> until it left in a training
 * sequence.
 */
public final class HistoryState {

    /** Hashes of the last event ids, oldest first. */
    public long[] remembered = {};

    /** Item ids in event-time order, oldest first. */
    public String[] items = {};

    /** Event time by position, milliseconds since the epoch. */
    public long[] timestamps = {};

    /** Explicit feedback by position, NaN where there is none; empty while no position has any. */
    public float[] ratings = {};

    /**
     * Weight as a target by position, 0 for context alone; empty while every position has 1. What
     * the user rejected later has 0, too.
     */
    public float[] weights = {};

    /**
     * Hashes of what else is known that the model takes, by position; empty while the model takes
     * nothing else.
     */
    public int[][] attributes = {};

    /** Hashes of the types of the newest position's events; empty while they have none. */
    public int[] newestTypes = {};

    /** Ascending fresh positions. */
    public int[] fresh = {};

    /** Source partition of each fresh position. */
    public int[] partitions = {};

    /** Source offset of each fresh position. */
    public long[] offsets = {};

    /** Items that the user rejected since the last training sequence, oldest first. */
    public String[] rejected = {};

    /** Event time of each of {@link #rejected}, milliseconds since the epoch. */
    public long[] rejectedAt = {};

    /** Source partition of the interaction that arrived last. */
    public int lastPartition;

    /** Source offset of the interaction that arrived last. */
    public long lastOffset;

    /**
     * When the first interaction arrived that the next request is made for, milliseconds since the
     * epoch; 0 if not known.
     */
    public long waitingSince;

    /** Processing time, in milliseconds, at which a request is to be made; 0 while none is due. */
    public long requestAt;
}
