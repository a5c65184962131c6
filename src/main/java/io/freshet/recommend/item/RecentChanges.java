package io.freshet.recommend.item;

import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

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

    /** Bounds the memory, of about 100 bytes each, if one input is far ahead of another. */
    static final int MOST = 100_000;

    private final PriorityQueue<Change> byTime =
            new PriorityQueue<>(Comparator.comparingLong(Change::at));
    private final Map<Integer, ArrayDeque<Change>> byItem = new HashMap<>();
    private final BitSet changed = new BitSet();
    private final IntConsumer unchanged;
    private long bound = ItemTable.NEVER;
    private long settled = ItemTable.NEVER;

    /**
     * @param unchanged receives an item when the last of its changes is settled
     */
    RecentChanges(IntConsumer unchanged) {
        this.unchanged = unchanged;
    }

    /**
     * Adds a change of an item; its changes come in the order of their times. Of several of one
     * time the first counts, which says what was before all of them.
     */
    void add(Change change) {
        if (change.at() <= bound) {
            settled = Math.max(settled, change.at());
            return;
        }
        ArrayDeque<Change> changes =
                byItem.computeIfAbsent(change.item(), item -> new ArrayDeque<>(1));
        if (!changes.isEmpty() && changes.getLast().at() == change.at()) {
            return;
        }
        changes.add(change);
        byTime.add(change);
        changed.set(change.item());
        if (byTime.size() > MOST) {
            settleFirst();
        }
    }

    /** Settles all changes up to a time, those that come later included. */
    void settle(long until) {
        bound = Math.max(bound, until);
        for (Change first = byTime.peek(); first != null && first.at() <= bound; ) {
            settleFirst();
            first = byTime.peek();
        }
    }

    private void settleFirst() {
        Change first = byTime.remove();
        ArrayDeque<Change> changes = Objects.requireNonNull(byItem.get(first.item()));
        changes.remove();
        if (changes.isEmpty()) {
            byItem.remove(first.item());
            changed.clear(first.item());
            unchanged.accept(first.item());
        }
        settled = Math.max(settled, first.at());
    }

    /** Forgets the changes of an item that is gone, whose index another may get. */
    void forget(int item) {
        if (byItem.remove(item) != null) {
            byTime.removeIf(change -> change.item() == item);
            changed.clear(item);
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

    /** Whether a change of the item can be undone. */
    boolean has(int item) {
        return changed.get(item);
    }

    /** The items with changes that can be undone, in ascending order. */
    BitSet items() {
        return changed;
    }

    /** The item's first change at or after a time, null if there is none. */
    @Nullable Change firstFrom(long time, int item) {
        if (!changed.get(item)) {
            return null;
        }
        for (Change change : Objects.requireNonNull(byItem.get(item))) {
            if (change.at() >= time) {
                return change;
            }
        }
        return null;
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
