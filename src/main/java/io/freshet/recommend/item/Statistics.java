package io.freshet.recommend.item;

import io.freshet.event.RecommendationRequest;
import io.freshet.recommend.item.RecentChanges.Change;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The statistics of items as of a request: for a user's list the table's present; for a probe just
 * before its event, whatever came since, in event time, being undone. Reused from request to
 * request.
 */
public final class Statistics {

    /** An item with fewer interactions is new; they count by the slowest half-life. */
    private static final int FEW = 5;

    private final ItemTable table;
    private final double[] totals;
    private final int slowest;

    /** What is undone of each item, by index. */
    private @Nullable Change[] undone = {};

    private int[] undoneItems = new int[64];
    private int undoneCount;
    private boolean past;
    private long now;
    private int occurred;

    public Statistics(ItemTable table) {
        this.table = table;
        this.totals = new double[table.counts().halfLives()];
        this.slowest = table.counts().slowest();
    }

    /** Moves to a request, for which the table must {@link ItemTable#reachesBackTo reach back}. */
    public void asOf(RecommendationRequest request) {
        past = request.isProbe();
        now = past ? request.timestamp() : table.counts().now();
        occurred = table.counts().occurred();
        for (int h = 0; h < totals.length; h++) {
            totals[h] = table.counts().total(h);
        }
        for (int i = 0; i < undoneCount; i++) {
            undone[undoneItems[i]] = null;
        }
        undoneCount = 0;
        if (past) {
            undone = undone.length < table.size() ? new Change[2 * table.size()] : undone;
            table.counts().changes().forEachFirstFrom(now, this::undo);
            for (int h = 0; h < totals.length && now < table.counts().now(); h++) {
                totals[h] =
                        Math.max(
                                0, totals[h] * table.counts().decay(h, now - table.counts().now()));
            }
        }
    }

    /** Takes what an item was counted since out of the sums, which are as of the present. */
    private void undo(Change change) {
        int item = change.item();
        undone[item] = change;
        if (undoneCount == undoneItems.length) {
            undoneItems = Arrays.copyOf(undoneItems, 2 * undoneCount);
        }
        undoneItems[undoneCount++] = item;
        occurred -= change.countedAt() == ItemTable.NEVER ? 1 : 0;
        for (int h = 0; h < totals.length; h++) {
            totals[h] +=
                    table.counts().countAt(table.counts().now(), h, change.logDecayedCounts()[h])
                            - table.counts().count(h, item);
        }
    }

    /** The items whose counts are others than the table's. */
    IntStream undoneItems() {
        return Arrays.stream(undoneItems, 0, undoneCount);
    }

    /** Whether the item's counts are others than the table's. */
    boolean isUndone(int item) {
        return undone(item) != null;
    }

    public ItemTable table() {
        return table;
    }

    /** Event time of the moment, milliseconds. */
    public long now() {
        return now;
    }

    /** Number of items that had occurred. */
    public int occurred() {
        return occurred;
    }

    /** Whether the item had occurred in the interactions. */
    public boolean occurred(int item) {
        return lastAt(item) != ItemTable.NEVER;
    }

    /** Whether hardly anything is known of the item: it was never chosen, or seldom. */
    public boolean isNew(int item) {
        return logDecayedCount(slowest, item) < table.counts().logDecayed(FEW, now, slowest);
    }

    /** Event time of its newest count, {@link ItemTable#NEVER} if it had not occurred. */
    public long lastAt(int item) {
        Change undone = undone(item);
        return undone == null ? table.counts().lastAt(item) : undone.countedAt();
    }

    /** Event time of its first count; meaningful if it had occurred. */
    public long firstAt(int item) {
        return table.counts().firstAt(item);
    }

    /** The item's decayed count at the moment. */
    public double count(int halfLife, int item) {
        return table.counts().countAt(now, halfLife, logDecayedCount(halfLife, item));
    }

    /** Sum of all items' decayed counts at the moment. */
    public double total(int halfLife) {
        return totals[halfLife];
    }

    /** log2(count) + time/half-life, negative infinity for a count of 0. */
    double logDecayedCount(int halfLife, int item) {
        Change undone = undone(item);
        return undone == null
                ? table.counts().logDecayedCount(halfLife, item)
                : undone.logDecayedCounts()[halfLife];
    }

    private @Nullable Change undone(int item) {
        return item < undone.length ? undone[item] : null;
    }
}
