package io.freshet.event;

/**
 * What followed one item.
 *
 * @param items the items that came next, most frequent first
 * @param counts decayed count by position in {@code items}
 * @param total decayed count of all that followed, those not named included
 */
public record FollowerCounts(String[] items, float[] counts, float total) {

    /** Nothing is known to have followed. */
    public static FollowerCounts none() {
        return new FollowerCounts(new String[0], new float[0], 0);
    }
}
