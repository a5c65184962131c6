package io.freshet.training.window;

import io.freshet.config.TrainingConfig;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Decides which rows of the item table are given to which items. Free rows go first, then those of
 * items that were not used for a long time, then new rows up to the table's cap. At the cap an item
 * has to be used more often to keep its row: as often as a withdrawn one.
 *
 * <p>New rows come with some to spare, for a model copies its whole table whenever it adds any: so
 * many that each row is copied a bounded number of times for one that is given out, however large
 * the table.
 *
 * <p>Rows are looked through for long unused items in one of many windows, or when the table is at
 * its cap, so the cost of a window does not follow the number of rows.
 */
public final class RowPolicy {

    /** Windows from one look through all rows to the next. */
    private static final int WINDOWS_PER_LOOK = 64;

    /** Rows of the table for each that is added without an item. */
    private static final int ROWS_PER_SPARE = 64;

    private final long ttl;
    private final long ttlAtCap;
    private final int most;

    public RowPolicy(TrainingConfig.Vocabulary config) {
        this.ttl = config.ttl().toMillis();
        this.ttlAtCap = Math.min(ttl, config.withdrawnTtl().toMillis());
        this.most = config.maxRows();
    }

    /**
     * The rows of an item table.
     *
     * @param size number of rows, the padding row included
     * @param free rows without an item
     * @param lastUsed event time of the last use of each row's item, milliseconds since the epoch
     */
    public record Rows(int size, BitSet free, long[] lastUsed) {}

    /**
     * What becomes of rows.
     *
     * @param recycled rows that are given to other items, or freed
     * @param recycledIds their items, empty for a row that is freed
     * @param appended items of new rows, empty for a row to spare
     * @param refused wanted items that get no row
     */
    public record Plan(
            int[] recycled, List<String> recycledIds, List<String> appended, int refused) {}

    /**
     * Plans rows for items.
     *
     * @param wanted items that are to get a row, the most important first
     * @param window number of the training window
     * @param now exclusive end of the window in event time, milliseconds since the epoch
     */
    public Plan plan(Rows rows, List<String> wanted, long window, long now) {
        int free = rows.free().cardinality();
        int room = most - (rows.size() - 1);
        boolean atCap = wanted.size() > free + room;
        boolean looks = atCap || window % WINDOWS_PER_LOOK == 0;
        List<Integer> pool = new ArrayList<>(rows.free().stream().boxed().toList());
        List<Integer> expired = looks ? expired(rows, now - (atCap ? ttlAtCap : ttl)) : List.of();
        pool.addAll(expired);
        int recycled = Math.min(wanted.size(), pool.size());
        int appended = Math.max(0, Math.min(wanted.size() - recycled, room));
        List<Integer> changed = new ArrayList<>(pool.subList(0, recycled));
        List<String> ids = new ArrayList<>(wanted.subList(0, recycled));
        if (!atCap) {
            List<Integer> freed = pool.subList(Math.max(recycled, free), pool.size());
            changed.addAll(freed);
            freed.forEach(row -> ids.add(""));
        }
        List<String> added = new ArrayList<>(wanted.subList(recycled, recycled + appended));
        if (appended > 0) {
            int spare = Math.min(rows.size() / ROWS_PER_SPARE, room - appended);
            added.addAll(Collections.nCopies(spare, ""));
        }
        return new Plan(
                changed.stream().mapToInt(Integer::intValue).toArray(),
                ids,
                added,
                wanted.size() - recycled - appended);
    }

    /** Rows whose item was last used before a time, the longest unused first. */
    private static List<Integer> expired(Rows rows, long before) {
        return IntStream.range(1, rows.size())
                .filter(row -> !rows.free().get(row) && rows.lastUsed()[row] < before)
                .boxed()
                .sorted(
                        Comparator.<Integer>comparingLong(row -> rows.lastUsed()[row])
                                .thenComparing(row -> row))
                .toList();
    }
}
