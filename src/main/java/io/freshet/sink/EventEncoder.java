package io.freshet.sink;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * Turns an event into a record of its topic.
 *
 * @param <E> the event
 */
interface EventEncoder<E> extends Serializable {

    /** The record's key: what compaction replaces, and what partition it is in. */
    String key(E event);

    /** What decides on the partition instead, for records of one key; empty for the key. */
    default String place(E event) {
        return "";
    }

    /** The record's value, a JSON object in UTF-8; null for a tombstone. */
    byte @Nullable [] value(E event);
}
