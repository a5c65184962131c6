package io.freshet.sink;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * Turns an event into a record of its topic.
 *
 * @param <E> the event
 */
interface EventEncoder<E> extends Serializable {

    /** The record's key: it decides the partition, and what compaction replaces. */
    String key(E event);

    /** The record's value, a JSON object in UTF-8; null for a tombstone. */
    byte @Nullable [] value(E event);
}
