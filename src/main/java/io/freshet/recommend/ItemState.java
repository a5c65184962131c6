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

    /** Its most general category, of state that an earlier release wrote; else empty. */
    public String category = "";

    /** Its categories, most general first. */
    public String[] categories = new String[0];

    /** Its declared numbers and dates, in the order of their names; empty if it has none. */
    public float[] numbers = new float[0];

    /** Hash of those names, by which numbers of other declarations are left out; 0 for none. */
    public int numberNames;

    /** Its content vector in some scale; empty if it has none or none is needed. */
    public byte[] content = new byte[0];

    /** Whether the live model has a row for it. */
    public boolean inModel;
}
