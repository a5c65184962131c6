package io.freshet.recommend;

import io.freshet.event.EncodedItem;
import io.freshet.event.FollowerCounts;
import io.freshet.event.ItemHash;
import io.freshet.event.ItemPopularity;
import io.freshet.event.ModelCheckpoint;
import io.freshet.event.ModelCheckpoint.Verdict;
import io.freshet.event.OffsetRange;
import io.freshet.event.RecommendationList;
import io.freshet.event.RecommendationRequest;
import io.freshet.event.RecommendedItem;
import io.freshet.event.RecommenderUpdate;
import io.freshet.event.query.Query;
import io.freshet.recommend.item.ItemLimits;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** Events as the recommender gets them, with what a test doesn't care for filled in. */
public final class TestingEvents {

    public static final long[] HALF_LIVES = {60_000, 3_600_000};

    /** More than a test reaches. */
    public static final ItemLimits LIMITS =
            new ItemLimits(
                    1_000_000, Duration.ofDays(365).toMillis(), Duration.ofDays(30).toMillis());

    private TestingEvents() {}

    public static RecommendationRequest request(String id, long timestamp, String... history) {
        long[] timestamps = new long[history.length];
        for (int i = 0; i < history.length; i++) {
            timestamps[i] = timestamp - 1000L * (history.length - i);
        }
        return new RecommendationRequest(
                id,
                "user of " + id,
                timestamp,
                history,
                timestamps,
                new long[0],
                "",
                0,
                timestamp,
                new String[0],
                new float[0],
                0,
                false,
                new String[0],
                new long[0],
                new FollowerCounts[0],
                timestamp + 7,
                new String[0],
                new long[0],
                new int[0][],
                null);
    }

    public static RecommendationRequest probe(
            String id, long timestamp, String chosen, String... history) {
        return withProbe(request(id, timestamp, history), chosen);
    }

    public static RecommendationRequest withProbe(RecommendationRequest from, String chosen) {
        return with(from, chosen, from.seen(), exposures(from), rejections(from));
    }

    public static RecommendationRequest withSeen(RecommendationRequest from, String... seen) {
        long[] hashes = Arrays.stream(seen).mapToLong(ItemHash::of).sorted().toArray();
        return with(from, from.probeItem(), hashes, exposures(from), rejections(from));
    }

    /** The user was shown items at a time and did not choose them. */
    public static RecommendationRequest withExposures(
            RecommendationRequest from, long shownAt, String... shown) {
        Timed exposures = Timed.at(shownAt, shown);
        return with(from, from.probeItem(), from.seen(), exposures, rejections(from));
    }

    /** The user rejected items at a time and did not choose them since. */
    public static RecommendationRequest withRejections(
            RecommendationRequest from, long rejectedAt, String... rejected) {
        Timed rejections = Timed.at(rejectedAt, rejected);
        return with(from, from.probeItem(), from.seen(), exposures(from), rejections);
    }

    /** Of each of the user's items more is known, as hashes. */
    public static RecommendationRequest withAttributes(
            RecommendationRequest from, int[]... attributes) {
        return with(
                from, from.probeItem(), from.seen(), exposures(from), rejections(from), attributes);
    }

    /** This request as one that a query asks for. */
    public static RecommendationRequest asking(RecommendationRequest from, Query query) {
        return new RecommendationRequest(
                query.uniqueId(),
                query.userId(),
                from.timestamp(),
                from.items(),
                from.timestamps(),
                from.seen(),
                "",
                query.partition(),
                query.offset(),
                from.followers(),
                from.followerCounts(),
                from.followerTotal(),
                false,
                from.exposed(),
                from.exposedAt(),
                from.earlierFollowers(),
                query.arrivedAt(),
                from.rejected(),
                from.rejectedAt(),
                from.attributes(),
                query);
    }

    /** Items with a time each. */
    private record Timed(String[] items, long[] times) {

        static Timed at(long time, String... items) {
            long[] times = new long[items.length];
            Arrays.fill(times, time);
            return new Timed(items, times);
        }
    }

    private static Timed exposures(RecommendationRequest request) {
        return new Timed(request.exposed(), request.exposedAt());
    }

    private static Timed rejections(RecommendationRequest request) {
        return new Timed(request.rejected(), request.rejectedAt());
    }

    private static RecommendationRequest with(
            RecommendationRequest from,
            String probeItem,
            long[] seen,
            Timed exposures,
            Timed rejections) {
        return with(from, probeItem, seen, exposures, rejections, from.attributes());
    }

    private static RecommendationRequest with(
            RecommendationRequest from,
            String probeItem,
            long[] seen,
            Timed exposures,
            Timed rejections,
            int[][] attributes) {
        return new RecommendationRequest(
                from.requestId(),
                from.userId(),
                from.timestamp(),
                from.items(),
                from.timestamps(),
                seen,
                probeItem,
                from.partition(),
                from.offset(),
                from.followers(),
                from.followerCounts(),
                from.followerTotal(),
                from.forget(),
                exposures.items(),
                exposures.times(),
                from.earlierFollowers(),
                from.arrivedAt(),
                rejections.items(),
                rejections.times(),
                attributes,
                from.query());
    }

    public static RecommenderUpdate popularity(String item, long timestamp, float count) {
        return RecommenderUpdate.of(
                new ItemPopularity(item, timestamp, new float[] {count, count}));
    }

    public static RecommenderUpdate catalog(String item, long timestamp, boolean available) {
        return catalog(item, timestamp, available, "");
    }

    /** An item of the catalog with one category and a content vector. */
    public static RecommenderUpdate catalog(
            String item, long timestamp, boolean available, String category, float... vector) {
        return RecommenderUpdate.of(
                new EncodedItem(
                        item,
                        available,
                        timestamp,
                        vector,
                        category.isEmpty() ? List.of() : List.of(category, "of all")));
    }

    public static ModelCheckpoint checkpoint(long version, long windowEnd, Verdict verdict) {
        return checkpoint(version, windowEnd, verdict, "");
    }

    /** The verdict on a version that consists of updates up to one. */
    public static ModelCheckpoint checkpoint(
            long version, long windowEnd, Verdict verdict, String updateFingerprint) {
        return new ModelCheckpoint(
                version,
                version - 1,
                verdict,
                "",
                Long.toString(version),
                version,
                0,
                windowEnd,
                1,
                1,
                1,
                0,
                0,
                0,
                0,
                List.of(new OffsetRange(0, 0, 10 * version, 1), new OffsetRange(1, 0, 5, 1)),
                1,
                "",
                null,
                updateFingerprint,
                0,
                Float.NaN,
                0);
    }

    public static RecommenderUpdate promoted(long version, long windowEnd) {
        return RecommenderUpdate.of(checkpoint(version, windowEnd, Verdict.PROMOTED));
    }

    public static List<String> itemIds(RecommendationList list) {
        return list.items().stream().map(RecommendedItem::itemId).toList();
    }
}
