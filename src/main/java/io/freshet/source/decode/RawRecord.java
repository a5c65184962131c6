package io.freshet.source.decode;

import org.jspecify.annotations.Nullable;

/**
 * A record as it lies in a topic.
 *
 * @param topic topic it was read from
 * @param partition partition of that topic
 * @param offset offset in that partition
 * @param timestamp the broker's record time, milliseconds since the epoch; -1 if it has none
 * @param key raw key, null if there is none
 * @param value raw value, null for a tombstone
 */
public record RawRecord(
        String topic,
        int partition,
        long offset,
        long timestamp,
        byte @Nullable [] key,
        byte @Nullable [] value) {}
