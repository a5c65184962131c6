package io.freshet.event.query;

import java.util.List;

/**
 * Something that is known of a user, and that a list was made from.
 *
 * @param itemId with what it happened
 * @param timestamp event time, milliseconds since the epoch
 * @param kind what happened
 */
public record Occasion(String itemId, long timestamp, Kind kind) {

    /** Most occasions of a kind that a list says it was made from. */
    public static final int MOST = 20;

    /** What happened. */
    public enum Kind {
        /** The user chose the item. */
        CHOSEN,
        /** The user rejected the item, and did not choose it since. */
        REJECTED,
        /** The user was shown the item, and did not choose it since. */
        EXPOSED
    }

    /**
     * Adds the last occasions of a kind.
     *
     * @param items in the order in which it happened
     * @param timestamps event time by position in {@code items}, milliseconds since the epoch
     */
    public static void addNewest(
            String[] items, long[] timestamps, Kind kind, List<Occasion> occasions) {
        for (int at = Math.max(0, items.length - MOST); at < items.length; at++) {
            occasions.add(new Occasion(items[at], timestamps[at], kind));
        }
    }
}
