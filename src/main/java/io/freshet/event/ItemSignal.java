package io.freshet.event;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Inputs of the statistics of one item, in the order in which it happened. One flat record for all
 * kinds, because signals and requests must stay in order on one edge.
 *
 * @param itemId the item whose statistics are meant
 * @param kind what happened
 * @param timestamp event time in milliseconds since the epoch
 * @param follower for {@link Kind#FOLLOWED}, the item that came after; else empty
 * @param part for {@link Kind#ASKED}, the part of a request that passes through; else null
 * @param weight what it counts; below 0 if the user takes back what was counted
 * @param countedAt event time of what is counted or taken back, milliseconds since the epoch
 */
public record ItemSignal(
        String itemId,
        Kind kind,
        long timestamp,
        String follower,
        @Nullable RequestPart part,
        float weight,
        long countedAt) {

    /** How many of a user's last items a request collects the followers of. */
    public static final int HOPS = 4;

    /** What happened to the item. */
    public enum Kind {
        /** A user interacted with it. */
        CHOSEN,
        /** A user who had it went on to another item. */
        FOLLOWED,
        /** A request of a user who had it lately. */
        ASKED
    }

    /** What was written before a component was added counts in full, when it happened. */
    public ItemSignal {
        countedAt = weight == 0 ? timestamp : countedAt;
        weight = weight == 0 ? 1 : weight;
    }

    /** A user chose the item. */
    public static ItemSignal chosen(String itemId, long timestamp, float weight) {
        return new ItemSignal(itemId, Kind.CHOSEN, timestamp, "", null, weight, timestamp);
    }

    /** The same, counted in full. */
    public static ItemSignal chosen(String itemId, long timestamp) {
        return chosen(itemId, timestamp, 1);
    }

    /** A user who had the item went on to {@code follower}. */
    public static ItemSignal followed(
            String itemId, String follower, long timestamp, float weight) {
        return new ItemSignal(itemId, Kind.FOLLOWED, timestamp, follower, null, weight, timestamp);
    }

    /** The same, counted in full. */
    public static ItemSignal followed(String itemId, String follower, long timestamp) {
        return followed(itemId, follower, timestamp, 1);
    }

    /** That the user took back, at an event time in milliseconds, what this signal counted. */
    public ItemSignal takenBack(long at) {
        return new ItemSignal(itemId, kind, at, follower, part, -weight, countedAt);
    }

    /**
     * A request passes through the statistics of the user's last {@value #HOPS} items, in a part
     * for each; one of a user without items in a single part, through those of "".
     */
    public static List<ItemSignal> asked(RecommendationRequest request) {
        String[] items = request.items();
        int hops = Math.max(1, Math.min(HOPS, items.length));
        List<ItemSignal> signals = new ArrayList<>(hops);
        for (int hop = 0; hop < hops; hop++) {
            String item = items.length == 0 ? "" : items[items.length - 1 - hop];
            RequestPart part =
                    new RequestPart(
                            request.requestId(),
                            request.key(),
                            hop,
                            hops,
                            hop == 0 ? request : null,
                            FollowerCounts.none());
            signals.add(
                    new ItemSignal(
                            item,
                            Kind.ASKED,
                            request.timestamp(),
                            "",
                            part,
                            1,
                            request.timestamp()));
        }
        return signals;
    }
}
