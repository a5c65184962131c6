package io.freshet.demo.shop;

import io.freshet.runtime.StableHash;
import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * How large the generated shop is, and how fast it changes. Shares and rates are per week of shop
 * time unless noted otherwise.
 *
 * @param seed everything random comes from it
 * @param start shop time of the first session
 * @param items items on sale, all the time
 * @param shoppers shoppers at the start
 * @param salesPerWeek interactions in a week
 * @param sessionLength mean interactions in a session
 * @param newItems share of the items that is replaced by new ones
 * @param newShoppers new shoppers, as a share of all at the start
 * @param tasteDrift length of a taste's random step in a week; tastes have length 1
 * @param newInterests chance that a shopper takes up another department
 * @param newCompanions chance that one of an item's companions is redrawn
 * @param trends items that are hot at a time
 * @param trendLength how long an item is hot, on average
 * @param disorder longest delay of a late record
 * @param lateShare share of records that are late
 * @param duplicateShare share of records that are sent twice
 * @param brokenShare share of records, on top of the others, that are broken
 * @param feedback what shoppers do besides buying
 */
public record ShopSettings(
        long seed,
        Instant start,
        int items,
        int shoppers,
        int salesPerWeek,
        double sessionLength,
        double newItems,
        double newShoppers,
        double tasteDrift,
        double newInterests,
        double newCompanions,
        int trends,
        Duration trendLength,
        Duration disorder,
        double lateShare,
        double duplicateShare,
        double brokenShare,
        Feedback feedback) {

    /**
     * What shoppers do besides buying; all are shares.
     *
     * @param looks of what is found that is only looked at
     * @param carts of it that stays in the cart
     * @param returns of purchases that are returned
     * @param dislikes of shoppers who dislike a brand, and hide its items
     * @param thrifty of shoppers who only look at what is expensive
     * @param night of visits that are fewer at midnight than on average, and more at noon; while
     *     there are fewer, as many more only look
     */
    public record Feedback(
            double looks,
            double carts,
            double returns,
            double dislikes,
            double thrifty,
            double night) {

        /** They buy, and nothing else. */
        public static Feedback none() {
            return new Feedback(0, 0, 0, 0, 0, 0);
        }

        /** About as in a shop. */
        public static Feedback usual() {
            return new Feedback(0.15, 0.15, 0.05, 0.3, 0.3, 0.5);
        }
    }

    private static final long DAY_MILLIS = Duration.ofDays(1).toMillis();

    /** What was added to the shop later, and draws by itself, so that all else stays as it was. */
    enum Part {
        LABELS,
        MANNERS,
        REACTIONS
    }

    /** The random numbers of a part. */
    RandomGenerator random(Part part) {
        return new SplittableRandom(StableHash.mix(seed) + part.ordinal());
    }

    /** How many visits there are at a time, compared with the mean of a day. */
    double visits(long time) {
        double day = (double) Math.floorMod(time, DAY_MILLIS) / DAY_MILLIS;
        return 1 - feedback.night() * Math.cos(2 * Math.PI * day);
    }

    /**
     * A shop of 700 items and 2,500 shoppers that turns over a good part of itself in a month, and
     * where all that happens is sales.
     */
    public static ShopSettings of(long seed) {
        return of(seed, Feedback.none());
    }

    /** The same with other feedback. */
    public static ShopSettings of(long seed, Feedback feedback) {
        return new ShopSettings(
                seed,
                Instant.parse("2024-01-01T00:00:00Z"),
                700,
                2_500,
                12_000,
                4,
                0.12,
                0.03,
                0.3,
                0.15,
                0.25,
                6,
                Duration.ofDays(4),
                Duration.ofHours(2),
                0.03,
                0.01,
                0.003,
                feedback);
    }
}
