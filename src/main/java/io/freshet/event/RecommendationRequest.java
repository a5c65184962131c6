package io.freshet.event;

import io.freshet.event.query.Occasion;
import io.freshet.event.query.Query;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request for a fresh list for one user, with all that scoring needs of the user. It leaves the
 * user's history, hops in parts ({@link RequestPart}) through the statistics of the user's last
 * items, which fill the {@code follower} components, and ends in the recommender.
 *
 * <p>A <em>probe</em> is a request made just before an interaction is applied, so that the list can
 * be compared with what the user then did (test, then train). It is scored like any other, and goes
 * to the evaluations instead of the recommendations.
 *
 * @param requestId identity of the request, stable over restarts; that of the control that a forget
 *     answers
 * @param userId the user; empty for a query without one
 * @param timestamp event time of the activity that asked, or that was reached when a query did,
 *     milliseconds since the epoch
 * @param items the user's last items in event-time order, oldest first
 * @param timestamps event time by position in {@code items}, milliseconds since the epoch
 * @param seen 64-bit hashes ({@link ItemHash}) of every item the user ever had, ascending; empty
 *     unless items are consumed once
 * @param probeItem the item that the user is about to choose, or empty when this is no probe
 * @param partition source partition of the interaction that asked
 * @param offset source offset of the interaction that asked
 * @param followers items that followed the user's last item, most frequent first
 * @param followerCounts decayed count by follower
 * @param followerTotal decayed count of all that followed the last item
 * @param forget whether the user was forgotten: the answer is an empty list, and nothing else is
 *     set
 * @param exposed items that the user was shown lately and did not choose since, once for each time
 * @param exposedAt event time by position in {@code exposed}, milliseconds since the epoch
 * @param earlierFollowers what followed the item before the last, the one before that, and so on
 * @param arrivedAt when the first interaction arrived that the list is made for, milliseconds since
 *     the epoch; 0 if not known
 * @param rejected items that the user rejected and did not choose since, each once
 * @param rejectedAt event time by position in {@code rejected}, ascending, milliseconds since the
 *     epoch
 * @param attributes by position in {@code items}, hashes of what else is known of it that the model
 *     takes, never 0; empty if the model takes nothing else
 * @param query what was asked for; null for a list that activity leads to, as for a probe
 */
public record RecommendationRequest(
        String requestId,
        String userId,
        long timestamp,
        String[] items,
        long[] timestamps,
        long[] seen,
        String probeItem,
        int partition,
        long offset,
        String[] followers,
        float[] followerCounts,
        float followerTotal,
        boolean forget,
        String[] exposed,
        long[] exposedAt,
        FollowerCounts[] earlierFollowers,
        long arrivedAt,
        String[] rejected,
        long[] rejectedAt,
        int[][] attributes,
        @Nullable Query query) {

    /** State that was written before a component was added reads as having none. */
    public RecommendationRequest {
        exposed = exposed == null ? new String[0] : exposed;
        exposedAt = exposedAt == null ? new long[0] : exposedAt;
        earlierFollowers = earlierFollowers == null ? new FollowerCounts[0] : earlierFollowers;
        rejected = rejected == null ? new String[0] : rejected;
        rejectedAt = rejectedAt == null ? new long[0] : rejectedAt;
        attributes = attributes == null ? new int[0][] : attributes;
    }

    /**
     * The answer to a forget-user control: an empty list, upon which consumers drop the user's.
     *
     * @param timestamp event time up to which the user is forgotten, milliseconds since the epoch
     */
    public static RecommendationRequest forget(String controlId, String userId, long timestamp) {
        return new RecommendationRequest(
                controlId,
                userId,
                timestamp,
                new String[0],
                new long[0],
                new long[0],
                "",
                0,
                -1,
                new String[0],
                new float[0],
                0,
                true,
                new String[0],
                new long[0],
                new FollowerCounts[0],
                0,
                new String[0],
                new long[0],
                new int[0][],
                null);
    }

    /** What it is kept in order by on its way: the user, or an identity of its own. */
    public String key() {
        return query == null ? userId : query.key();
    }

    /** Whether the list is to be compared with what the user did next, not to be served. */
    public boolean isProbe() {
        return !probeItem.isEmpty();
    }

    /** The newest that is known here of the user, newest first. */
    public List<Occasion> basis() {
        List<Occasion> basis = new ArrayList<>();
        Occasion.addNewest(items, timestamps, Occasion.Kind.CHOSEN, basis);
        Occasion.addNewest(rejected, rejectedAt, Occasion.Kind.REJECTED, basis);
        Occasion.addNewest(exposed, exposedAt, Occasion.Kind.EXPOSED, basis);
        basis.sort(Comparator.comparingLong(Occasion::timestamp).reversed());
        return basis;
    }

    /** What followed the user's last item (hop 0), the one before (hop 1), and so on. */
    public FollowerCounts followersOf(int hop) {
        if (hop == 0) {
            return new FollowerCounts(followers, followerCounts, followerTotal);
        }
        return hop <= earlierFollowers.length ? earlierFollowers[hop - 1] : FollowerCounts.none();
    }

    /**
     * This request with the statistics of the user's last items.
     *
     * @param byHop what followed the last item, the one before, and so on; at least one
     */
    public RecommendationRequest withFollowers(FollowerCounts... byHop) {
        return new RecommendationRequest(
                requestId,
                userId,
                timestamp,
                items,
                timestamps,
                seen,
                probeItem,
                partition,
                offset,
                byHop[0].items(),
                byHop[0].counts(),
                byHop[0].total(),
                forget,
                exposed,
                exposedAt,
                Arrays.copyOfRange(byHop, 1, byHop.length),
                arrivedAt,
                rejected,
                rejectedAt,
                attributes,
                query);
    }
}
