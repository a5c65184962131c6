package io.freshet.event;

import java.util.List;

/**
 * Something that a user did with an item.
 *
 * @param eventId identity of the event; a second event of the same user with this id is a duplicate
 * @param userId who
 * @param itemId with what
 * @param eventType what was done, such as {@code purchase}, {@code click} or {@code rating}
 * @param rating explicit feedback in the producer's own scale, {@link Float#NaN} if there is none
 * @param timestamp event time in milliseconds since the epoch
 * @param partition partition of the topic (or 0 for a file) that it was read from
 * @param offset offset in that partition (or row number, from 0, in a file)
 * @param arrivedAt when it arrived, the timestamp of its Kafka record, milliseconds since the
 *     epoch; 0 if it is of a file
 * @param attributes its context, as far as it is declared
 */
public record Interaction(
        String eventId,
        String userId,
        String itemId,
        String eventType,
        float rating,
        long timestamp,
        int partition,
        long offset,
        long arrivedAt,
        List<Attribute> attributes) {

    /** State that was written before there were attributes reads as having none. */
    public Interaction {
        attributes = attributes == null ? List.of() : attributes;
    }

    /** An interaction of a file. */
    public Interaction(
            String eventId,
            String userId,
            String itemId,
            String eventType,
            float rating,
            long timestamp,
            int partition,
            long offset) {
        this(
                eventId, userId, itemId, eventType, rating, timestamp, partition, offset, 0,
                List.of());
    }

    /** This interaction as one that arrived, and happened, at other times, in milliseconds. */
    public Interaction at(long arrival, long happened) {
        return new Interaction(
                eventId,
                userId,
                itemId,
                eventType,
                rating,
                happened,
                partition,
                offset,
                arrival,
                attributes);
    }

    /** Whether the event carries explicit feedback. */
    public boolean hasRating() {
        return !Float.isNaN(rating);
    }
}
