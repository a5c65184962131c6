package io.freshet.recommend.item;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * What items' statistics were before their newest changes, for requests that must not see these.
 *
 * <p>Popularity reaches a recommender sooner than the probe of the same interaction. Example: item
 * a is counted at 100 and at 130, and a probe of event time 130 comes last. The change at 130 is
 * undone for it, and a is seen as it was counted at 100.
 *
 * <p>A change is kept until it is <em>settled</em>: until no request of its time or earlier is
 * expected. Of more than {@value #MOST}, the earliest are settled too. A request from before a
 * settled change can't be answered any more.
 */
final class RecentChanges {

    /** Bounds the memory, of about 150 bytes each, if one input is far ahead of another. */
    static final int MOST = 100_000;

    private static final int BEFORE_ALL_ITEMS = -1;

    private final NavigableSet<Change> byTime =
            new TreeSet<>(Comparator.comparingLong(Change::at).thenComparingInt(Change::item));
    private final Map<Integer, Deque<Change>> byItem = new HashMap<>();
    private long bound = ItemTable.NEVER;
    private long settled = ItemTable.NEVER;

    /**
     * Adds a change of an item; its changes come in the order of their times. Of several of one
     * time the first counts, which says what was before all of them.
     */
    void add(Change change) {
        if (change.at() <= bound) {
            settled = Math.max(settled, change.at());
            return;
        }
        if (!byTime.add(change)) {
            return;
        }
        byItem.computeIfAbsent(change.item(), item -> new ArrayDeque<>(1)).add(change);
        if (byTime.size() > MOST) {
            settleFirst();
        }
    }

    /** Settles all changes up to a time, those that come later included. */
    void settle(long until) {
        bound = Math.max(bound, until);
        while (!byTime.isEmpty() && byTime.first().at() <= bound) {
            settleFirst();
        }
    }

    private void settleFirst() {
        Change first = Objects.requireNonNull(byTime.pollFirst());
        Deque<Change> changes = Objects.requireNonNull(byItem.get(first.item()));
        changes.remove();
        if (changes.isEmpty()) {
            byItem.remove(first.item());
        }
        settled = Math.max(settled, first.at());
    }

    /** Forgets the changes of an item that is gone, whose index another may get. */
    void forget(int item) {
        Deque<Change> changes = byItem.remove(item);
        if (changes != null) {
            changes.forEach(byTime::remove);
        }
    }

    /** Takes over that an item was changed at a time, before all that is known here. */
    void restored(long at) {
        settled = Math.max(settled, at);
    }

    /** Whether all changes at or after a time can be undone. */
    boolean reachBackTo(long time) {
        return time > settled;
    }

    /** How many changes can be undone. */
    int size() {
        return byTime.size();
    }

    /** Hands out each item's first change at or after a time; looks at none before it. */
    void forEachFirstFrom(long time, Consumer<Change> sink) {
        Change start = new Change(BEFORE_ALL_ITEMS, time, ItemTable.NEVER, new double[0]);
        for (Change change : byTime.tailSet(start)) {
            boolean isFirst = change.countedAt() < time;
            if (isFirst) {
                sink.accept(change);
            }
        }
    }

    /**
     * A change of an item's counts, and what they were before it.
     *
     * @param at event time that the new counts are of, milliseconds
     * @param countedAt event time of the counts before, {@link ItemTable#NEVER} if there were none
     * @param logDecayedCounts the log decayed counts before, by half-life
     */
    record Change(int item, long at, long countedAt, double[] logDecayedCounts) {}
}
