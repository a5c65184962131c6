package io.freshet.recommend;

/** What is stored of one item; a plain POJO, so that fields can come and go. */
public class ItemState {

    /** The item. */
    public String itemId = "";

    /** Event time of its first count, milliseconds; {@link Long#MIN_VALUE} if not known. */
    public long firstAt = Long.MIN_VALUE;

    /** Event time of {@link #counts}, milliseconds; {@link Long#MIN_VALUE} if it never occurred. */
    public long countedAt = Long.MIN_VALUE;

    /** Decayed count by half-life, at {@link #countedAt}. */
    public float[] counts = new float[0];

    /**
     * Event time of its catalog record, milliseconds; {@link Long#MIN_VALUE} if it is in no
     * catalog.
     */
    public long listedAt = Long.MIN_VALUE;

    /** Whether it may be recommended. */
    public boolean available = true;

    /** Its most general category, or empty. */
    public String category = "";

    /** Its content vector in some scale; empty if it has none or none is needed. */
    public byte[] content = new byte[0];

    /** Whether the live model has a row for it. */
    public boolean inModel;
}
