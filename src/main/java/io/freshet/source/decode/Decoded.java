package io.freshet.source.decode;

import io.freshet.event.CatalogItem;
import io.freshet.event.Control;
import io.freshet.event.DeadLetter;
import io.freshet.event.Interaction;
import io.freshet.event.Profile;
import io.freshet.event.query.Query;
import org.jspecify.annotations.Nullable;

/**
 * A decoded record: either an event or a dead letter, the other is null. Each kind of event has a
 * record of its own, because Flink's POJO serializer has no generic types.
 *
 * @param <E> the event
 */
public interface Decoded<E> {

    /** The event, null when the record could not be decoded. */
    @Nullable E event();

    /** The refused record with its reason, null when there is an event. */
    @Nullable DeadLetter deadLetter();

    /** Event time of the event in milliseconds since the epoch, or {@code other} without one. */
    long timestampOr(long other);

    /**
     * A record of the interactions topic.
     *
     * @param ahead whether the event's time was too far ahead, and is that of its arrival instead
     */
    record OfInteraction(
            @Nullable Interaction event, @Nullable DeadLetter deadLetter, boolean ahead)
            implements Decoded<Interaction> {

        /** A record whose event time is its own. */
        public OfInteraction(@Nullable Interaction event, @Nullable DeadLetter deadLetter) {
            this(event, deadLetter, false);
        }

        @Override
        public long timestampOr(long other) {
            return event == null ? other : event.timestamp();
        }
    }

    /** A record of the items topic. */
    record OfItem(@Nullable CatalogItem event, @Nullable DeadLetter deadLetter)
            implements Decoded<CatalogItem> {

        @Override
        public long timestampOr(long other) {
            return event == null ? other : event.timestamp();
        }
    }

    /** A record of the users topic. */
    record OfProfile(@Nullable Profile event, @Nullable DeadLetter deadLetter)
            implements Decoded<Profile> {

        @Override
        public long timestampOr(long other) {
            return event == null ? other : event.timestamp();
        }
    }

    /** A record of the requests topic, whose time is the job's. */
    record OfQuery(@Nullable Query event, @Nullable DeadLetter deadLetter)
            implements Decoded<Query> {

        @Override
        public long timestampOr(long other) {
            return other;
        }
    }

    /** A record of the controls topic. */
    record OfControl(@Nullable Control event, @Nullable DeadLetter deadLetter)
            implements Decoded<Control> {

        @Override
        public long timestampOr(long other) {
            return event == null ? other : event.timestamp();
        }
    }
}
