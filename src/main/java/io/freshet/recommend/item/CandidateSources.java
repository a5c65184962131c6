package io.freshet.recommend.item;

import io.freshet.event.FollowerCounts;
import io.freshet.event.ItemSignal;
import io.freshet.event.RecommendationRequest;
import java.util.Arrays;

/**
 * Puts candidates forward, the model's aside: what followed the user's last items, the user's own
 * repeats, the most popular by each half-life, and the newest of the catalog that nobody had yet.
 */
public final class CandidateSources {

    private final ItemTable table;
    private final TopItems[] popular;
    private final TopItems newest;

    /**
     * @param perSource how many candidates each source gives at most
     */
    public CandidateSources(ItemTable table, int perSource) {
        this.table = table;
        popular = new TopItems[table.halfLives()];
        Arrays.setAll(popular, h -> new TopItems(perSource));
        newest = new TopItems(perSource);
    }

    /** Finds what all requests of a batch share: one pass over the table. */
    public void scan() {
        newest.clear();
        for (TopItems list : popular) {
            list.clear();
        }
        for (int item = 0; item < table.size(); item++) {
            if (!table.available(item)) {
                continue;
            }
            if (table.occurred(item)) {
                for (int h = 0; h < popular.length; h++) {
                    popular[h].offer(item, table.logDecayedCount(h, item), table.hash(item));
                }
            } else if (table.listedAt(item) != ItemTable.NEVER) {
                newest.offer(item, table.listedAt(item), table.hash(item));
            }
        }
    }

    /** Fills {@code candidates} for one request, as of the last {@link #scan}. */
    public void gather(RecommendationRequest request, Candidates candidates) {
        candidates.clear();
        for (int hop = 0; hop < ItemSignal.HOPS; hop++) {
            FollowerCounts followers = request.followersOf(hop);
            for (int i = 0; i < followers.items().length; i++) {
                int position = candidates.add(table.add(followers.items()[i]));
                candidates.followed(hop, position, followers.counts()[i]);
            }
        }
        boolean consumedOnce = request.seen().length > 0;
        String[] items = request.items();
        for (int i = 0; i < items.length && !consumedOnce; i++) {
            candidates.had(candidates.add(table.add(items[i])), request.timestamps()[i]);
        }
        for (TopItems list : popular) {
            addAll(list, candidates);
        }
        if (!request.isProbe()) {
            addAll(newest, candidates);
        }
    }

    private static void addAll(TopItems list, Candidates candidates) {
        for (int rank = 0; rank < list.size(); rank++) {
            candidates.add(list.item(rank));
        }
    }
}
