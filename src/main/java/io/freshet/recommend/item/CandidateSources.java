package io.freshet.recommend.item;

import io.freshet.event.FollowerCounts;
import io.freshet.event.ItemSignal;
import io.freshet.event.RecommendationRequest;
import java.util.Arrays;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * Puts candidates forward, the model's aside: what followed the user's last items, the user's own
 * repeats, the most popular by each half-life, and the newest of the catalog that nobody had yet.
 */
public final class CandidateSources {

    private final ItemTable table;
    private final Statistics statistics;
    private final boolean neverChosen;

    private final TopItems[] popular;
    private final TopItems newest;
    private final TopItems past;
    private final TopItems admitted;

    /**
     * @param perSource how many candidates each source gives at most
     * @param neverChosen whether the newest are candidates
     */
    public CandidateSources(ItemTable table, int perSource, boolean neverChosen) {
        this.table = table;
        this.neverChosen = neverChosen;
        statistics = new Statistics(table);
        popular = new TopItems[table.counts().halfLives()];
        Arrays.setAll(popular, h -> new TopItems(perSource));
        past = new TopItems(perSource);
        admitted = new TopItems(perSource);
        newest = new TopItems(perSource);
    }

    /** Finds what all requests of a batch share. */
    public void prepare() {
        for (int h = 0; h < popular.length; h++) {
            table.ranks().mostPopular(h, popular[h]);
        }
        table.ranks().newest(newest);
    }

    /** Fills {@code candidates} for one request, as of the last {@link #prepare}. */
    public void gather(RecommendationRequest request, Candidates candidates) {
        gatherOwn(request, candidates);
        for (int h = 0; h < popular.length; h++) {
            addAll(request.isProbe() ? popularBefore(h) : popular[h], candidates);
        }
        if (neverChosen) {
            addAll(request.isProbe() ? newestBefore() : newest, candidates);
        }
    }

    /** The same for one whose list is made of some items alone: those that pass a filter. */
    public void gather(RecommendationRequest request, Candidates candidates, IntPredicate passing) {
        gatherOwn(request, candidates);
        for (int h = 0; h < popular.length; h++) {
            table.ranks().mostPopular(h, admitted, passing);
            addAll(admitted, candidates);
        }
        if (neverChosen) {
            table.ranks().newest(admitted, passing);
            addAll(admitted, candidates);
        }
    }

    /** The same for one whose list is made of these items alone. */
    public void gather(RecommendationRequest request, Candidates candidates, Set<Integer> items) {
        gatherOwn(request, candidates);
        items.forEach(candidates::add);
    }

    /** What followed the user's last items, and the user's repeats. */
    private void gatherOwn(RecommendationRequest request, Candidates candidates) {
        candidates.clear();
        statistics.asOf(request);
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
    }

    /**
     * The most popular as of just before a probe: all that has changed since as it was, and the
     * best of the rest as they are.
     */
    private TopItems popularBefore(int halfLife) {
        past.clear();
        statistics
                .undoneItems()
                .filter(item -> table.available(item) && statistics.occurred(item))
                .forEach(item -> offerPopular(halfLife, item));
        table.ranks().addMostPopular(halfLife, past, item -> !statistics.isUndone(item));
        return past;
    }

    private void offerPopular(int halfLife, int item) {
        past.offer(item, statistics.logDecayedCount(halfLife, item), table.hash(item));
    }

    /** The newest as of just before a probe: what is new now, and what first occurred since. */
    private TopItems newestBefore() {
        past.clear();
        for (int rank = 0; rank < newest.size(); rank++) {
            offerNewest(past, newest.item(rank));
        }
        statistics
                .undoneItems()
                .filter(item -> table.available(item) && !statistics.occurred(item))
                .filter(item -> table.listedAt(item) != ItemTable.NEVER)
                .forEach(item -> offerNewest(past, item));
        return past;
    }

    private void offerNewest(TopItems list, int item) {
        list.offer(item, table.listedAt(item), table.hash(item));
    }

    private void addAll(TopItems list, Candidates candidates) {
        for (int rank = 0; rank < list.size(); rank++) {
            candidates.add(list.item(rank));
        }
    }
}
