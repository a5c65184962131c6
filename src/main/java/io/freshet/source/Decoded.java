package io.freshet.source;

import io.freshet.event.DeadLetter;
import org.jspecify.annotations.Nullable;

/**
 * What became of a record: either an event or a dead letter, the other is null. Each kind of event
 * has a concrete record of its own, because Flink's POJO serializer knows no generic types.
 *
 * @param <E> the event
 */
public interface Decoded<E> {

    /** The event, null when the record could not be understood. */
    @Nullable E event();

    /** The refused record with its reason, null when there is an event. */
    @Nullable DeadLetter deadLetter();

    /** Event time of the event in milliseconds since the epoch, or {@code other} without one. */
    long timestampOr(long other);
}
