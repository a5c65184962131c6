package io.freshet.recommend.rank;

import io.freshet.event.ItemSignal;
import io.freshet.event.RecommendationRequest;
import io.freshet.event.RecommendedItem.Source;
import io.freshet.recommend.item.Candidates;
import io.freshet.recommend.item.ItemTable;
import io.freshet.recommend.item.Statistics;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * What the sources say of a candidate, as numbers of nats or of order one.
 *
 * <p>Every statistic is smoothed by the next slower one, so that little evidence changes little.
 * With n a candidate's decayed count, N the sum of all items' and K = {@value #PRIOR}
 * pseudo-counts, from the slowest half-life to the fastest:
 *
 * <pre>
 *   p[0] = (n[0] + K / I) / (N[0] + K)          p[h] = (n[h] + K·p[h-1]) / (N[h] + K)
 *   q[i] = (followed[i] + k·p[0]) / (followerTotal[i] + k)   k = {@value #FOLLOWER_PRIOR}
 * </pre>
 *
 * <p>The features are the model's log-probability; log p[0] and the lifts log p[h]/p[h-1]; for each
 * of the user's last items, i = 0 being the very last, the lift log q[i]/p[0]; for items that the
 * user had: 1, log of how often, log of the hours since; and for items that never occurred, 1 and
 * how new they are in the catalog; for those that did, log of the hours since they last did, and
 * since they first did; how alike they are in content to the user's last item, and to the one of
 * those before that they are most alike. How rare an item is says how little the model can know of
 * it: the model's log-probability comes a second time, weighed by that. What is missing of an item
 * that never occurred has the mean of the candidates that did. Only differences between candidates
 * matter to a softmax, so nothing is centred.
 */
public final class Features {

    static final int MODEL = 0;
    static final int NOT_IN_MODEL = 1;
    static final int RARE_MODEL = 2;
    public static final int TRANSITION = 3;
    static final int REPEAT = TRANSITION + ItemSignal.HOPS;
    static final int REPEAT_COUNT = REPEAT + 1;
    static final int REPEAT_AGE = REPEAT + 2;
    static final int NEWNESS = REPEAT + 3;
    static final int RECENCY = REPEAT + 4;
    static final int AGE = REPEAT + 5;
    static final int RARITY = REPEAT + 6;
    static final int LIKE_LAST = REPEAT + 7;
    static final int LIKE_EARLIER = REPEAT + 8;
    static final int NEVER_OCCURRED = REPEAT + 9;
    public static final int POPULARITY = REPEAT + 10;

    /** What only the count of an item says. */
    private static final int[] MISSING = {RECENCY, AGE, RARITY};

    private static final int PRIOR = 20;
    private static final int FOLLOWER_PRIOR = 60;
    private static final int RARE = 10;

    /** Brings cosines to the order of nats. */
    private static final float LIKENESS_SCALE = 4;

    private static final double HOUR_MILLIS = 3_600_000;
    private static final double NEW_MILLIS = 7 * 24 * HOUR_MILLIS;

    private final int[] slowestFirst;
    private final long[] halfLives;
    private final Likeness likeness;
    private final boolean counts;
    private final double[] shares;
    private final float[] followerTotals = new float[ItemSignal.HOPS];

    /** The lift of what did not follow, by hop. */
    private final float[] unfollowed = new float[ItemSignal.HOPS];

    private Likeness.Subject[] lastItems = {};
    private float[] values = new float[0];
    private int size;

    /**
     * @param halfLives half-lives of popularity, milliseconds
     * @param counts whether statistics count; without, their features are 0
     */
    public Features(long[] halfLives, Likeness likeness, boolean counts) {
        this.halfLives = halfLives.clone();
        this.likeness = likeness;
        this.counts = counts;
        slowestFirst =
                IntStream.range(0, halfLives.length)
                        .boxed()
                        .sorted((a, b) -> Long.compare(halfLives[b], halfLives[a]))
                        .mapToInt(Integer::intValue)
                        .toArray();
        shares = new double[halfLives.length];
    }

    /** Features of a candidate for so many half-lives. */
    public static int width(int halfLives) {
        return POPULARITY + halfLives;
    }

    public int width() {
        return width(shares.length);
    }

    /** What each feature is called where weights are stored, [width]. */
    public String[] names() {
        String[] names = new String[width()];
        names[MODEL] = "model";
        names[NOT_IN_MODEL] = "not-in-model";
        names[RARE_MODEL] = "rare-model";
        for (int hop = 0; hop < ItemSignal.HOPS; hop++) {
            names[TRANSITION + hop] = "transition-" + hop;
        }
        names[REPEAT] = "repeat";
        names[REPEAT_COUNT] = "repeat-count";
        names[REPEAT_AGE] = "repeat-age";
        names[NEWNESS] = "newness";
        names[RECENCY] = "recency";
        names[AGE] = "age";
        names[RARITY] = "rarity";
        names[LIKE_LAST] = "like-last";
        names[LIKE_EARLIER] = "like-earlier";
        names[NEVER_OCCURRED] = "never-occurred";
        for (int rank = 0; rank < shares.length; rank++) {
            names[POPULARITY + rank] = "popularity-" + halfLives[slowestFirst[rank]];
        }
        return names;
    }

    /**
     * Weights to start with, [width]: a list that is sane on the first day, before anything was
     * learned.
     */
    public float[] initialWeights() {
        float[] weights = new float[width()];
        weights[MODEL] = 0.4f;
        weights[TRANSITION] = 0.6f;
        weights[NEWNESS] = 0.5f;
        Arrays.fill(weights, POPULARITY, width(), 0.4f);
        return weights;
    }

    /** Row-major, [size, width]; valid until the next call of {@link #compute}. */
    public float[] values() {
        return values;
    }

    /**
     * Computes the features.
     *
     * @param eligible positions of the candidates that are meant, one for each row of the values
     * @param size how many there are
     */
    public void compute(
            RecommendationRequest request,
            Candidates candidates,
            int[] eligible,
            int size,
            Statistics statistics) {
        this.size = size;
        int needed = size * width();
        if (values.length < needed) {
            values = new float[2 * needed];
        }
        Arrays.fill(values, 0, needed, 0);
        float floor = lowestModelScore(candidates);
        lookUp(request, statistics.table());
        int counted = 0;
        for (int row = 0; row < size; row++) {
            int position = eligible[row];
            int at = row * width();
            float score = candidates.modelScore(position);
            values[at + MODEL] = Float.isNaN(score) ? floor : score;
            values[at + NOT_IN_MODEL] = Float.isNaN(score) ? 1 : 0;
            if (counts) {
                int item = candidates.item(position);
                double interactions = counts(at, position, candidates, statistics);
                repeat(at, position, candidates, request.timestamp());
                likeness(at, item);
                values[at + NEWNESS] = newness(item, statistics);
                if (statistics.occurred(item)) {
                    values[at + RECENCY] = logHours(statistics.now() - statistics.lastAt(item));
                    values[at + RARITY] = rarity(interactions);
                    values[at + RARE_MODEL] = values[at + RARITY] * values[at + MODEL];
                    values[at + AGE] = logHours(statistics.now() - statistics.firstAt(item));
                    counted++;
                } else {
                    values[at + NEVER_OCCURRED] = candidates.occurred(position) ? 0 : 1;
                }
            }
        }
        for (int feature : MISSING) {
            fillMissing(feature, counted);
        }
    }

    /** Gives the mean of what was counted to what never occurred. */
    private void fillMissing(int feature, int counted) {
        float sum = 0;
        for (int at = 0; at < size * width(); at += width()) {
            sum += values[at + feature];
        }
        float mean = counted == 0 ? 0 : sum / counted;
        for (int at = 0; at < size * width(); at += width()) {
            if (values[at + NEVER_OCCURRED] == 1) {
                values[at + feature] = mean;
                values[at + RARE_MODEL] = values[at + RARITY] * values[at + MODEL];
            }
        }
    }

    /** Mean of each feature over the rows, [width]; zeros if there is none. */
    public double[] means() {
        double[] means = new double[width()];
        for (int row = 0; row < size; row++) {
            for (int f = 0; f < means.length; f++) {
                means[f] += values[row * means.length + f];
            }
        }
        for (int f = 0; f < means.length && size > 0; f++) {
            means[f] /= size;
        }
        return means;
    }

    /** Which source a feature speaks for. */
    public static Source source(int feature) {
        if (feature >= TRANSITION && feature < REPEAT) {
            return Source.TRANSITION;
        }
        return switch (feature) {
            case MODEL, NOT_IN_MODEL, RARE_MODEL -> Source.MODEL;
            case REPEAT, REPEAT_COUNT, REPEAT_AGE -> Source.REPEAT;
            case NEWNESS, NEVER_OCCURRED -> Source.CATALOG;
            case LIKE_LAST, LIKE_EARLIER -> Source.CONTENT;
            default -> Source.POPULARITY;
        };
    }

    /** What all candidates of a request share. */
    private void lookUp(RecommendationRequest request, ItemTable table) {
        String[] items = request.items();
        lastItems = new Likeness.Subject[Math.min(ItemSignal.HOPS, items.length)];
        for (int hop = 0; hop < lastItems.length; hop++) {
            lastItems[hop] = likeness.to(table.indexOf(items[items.length - 1 - hop]));
        }
        for (int hop = 0; hop < followerTotals.length; hop++) {
            followerTotals[hop] = request.followersOf(hop).total();
            unfollowed[hop] =
                    (float) Math.log(FOLLOWER_PRIOR / (followerTotals[hop] + FOLLOWER_PRIOR));
        }
    }

    /** Returns the candidate's count by the slowest half-life. */
    private double counts(int at, int position, Candidates candidates, Statistics statistics) {
        int item = candidates.item(position);
        double slowest = statistics.count(slowestFirst[0], item);
        double slower = 1.0 / Math.max(1, statistics.occurred());
        for (int rank = 0; rank < shares.length; rank++) {
            int halfLife = slowestFirst[rank];
            double count = rank == 0 ? slowest : statistics.count(halfLife, item);
            double share = (count + PRIOR * slower) / (statistics.total(halfLife) + PRIOR);
            values[at + POPULARITY + rank] =
                    (float) (rank == 0 ? Math.log(share) : Math.log(share / slower));
            slower = share;
            shares[rank] = share;
        }
        double general = shares[0];
        for (int hop = 0; hop < lastItems.length; hop++) {
            float followed = candidates.followed(hop, position);
            double follows =
                    (followed + FOLLOWER_PRIOR * general) / (followerTotals[hop] + FOLLOWER_PRIOR);
            values[at + TRANSITION + hop] =
                    followed == 0 ? unfollowed[hop] : (float) Math.log(follows / general);
        }
        return slowest;
    }

    private void likeness(int at, int item) {
        for (int hop = 0; hop < lastItems.length; hop++) {
            int feature = hop == 0 ? LIKE_LAST : LIKE_EARLIER;
            float alike = LIKENESS_SCALE * (float) lastItems[hop].byContent(item);
            values[at + feature] = Math.max(values[at + feature], alike);
        }
    }

    private void repeat(int at, int position, Candidates candidates, long now) {
        int repeats = candidates.repeats(position);
        if (repeats > 0) {
            values[at + REPEAT] = 1;
            values[at + REPEAT_COUNT] = (float) Math.log(repeats);
            values[at + REPEAT_AGE] = logHours(now - candidates.lastHad(position));
        }
    }

    /** Near 1 for items that hardly anybody had, which a model can hardly know; falls to 0. */
    private static float rarity(double interactions) {
        return (float) (RARE / (RARE + interactions));
    }

    private static float logHours(long millis) {
        return (float) Math.log(1 + Math.max(0, millis) / HOUR_MILLIS);
    }

    private static float newness(int item, Statistics statistics) {
        long listedAt = statistics.table().listedAt(item);
        if (statistics.occurred(item) || listedAt == ItemTable.NEVER) {
            return 0;
        }
        return (float) Math.exp(-Math.max(0, statistics.now() - listedAt) / NEW_MILLIS);
    }

    private static float lowestModelScore(Candidates candidates) {
        float lowest = 0;
        for (int position = 0; position < candidates.size(); position++) {
            float score = candidates.modelScore(position);
            lowest = score < lowest ? score : lowest;
        }
        return lowest;
    }
}
