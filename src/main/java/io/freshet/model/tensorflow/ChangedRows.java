package io.freshet.model.tensorflow;

import java.util.BitSet;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which item rows changed since a moment, so that an update carries those and not the whole table.
 * A gradient step changes the weights of the rows in its batch; a row's content vector changes when
 * it is described; a row that is new or was given to another item has changed in both.
 */
final class ChangedRows {

    private static final int PADDING = 0;

    private final BitSet touched = new BitSet();
    private final BitSet described = new BitSet();
    private final SortedMap<Integer, String> renamed = new TreeMap<>();

    /** Forgets what changed: a new moment begins. */
    void restart() {
        touched.clear();
        described.clear();
        renamed.clear();
    }

    /** A step used these rows; padding belongs to no item, and is never trained. */
    void touch(int[] rows) {
        mark(touched, rows);
        touched.clear(PADDING);
    }

    /** These rows have other content vectors. */
    void describe(int[] rows) {
        mark(described, rows);
    }

    /** These rows were made anew for these items, in the same order. */
    void rename(int[] rows, String[] itemIds) {
        touch(rows);
        describe(rows);
        for (int i = 0; i < rows.length; i++) {
            renamed.put(rows[i], itemIds[i]);
        }
    }

    private static void mark(BitSet set, int[] rows) {
        for (int row : rows) {
            set.set(row);
        }
    }

    /** Rows whose weights changed, ascending. */
    int[] touched() {
        return touched.stream().toArray();
    }

    /** Rows whose content vectors changed, ascending. */
    int[] described() {
        return described.stream().toArray();
    }

    /** Rows whose item changed, ascending; new rows included. */
    int[] renamed() {
        return renamed.keySet().stream().mapToInt(Integer::intValue).toArray();
    }

    /** The items of {@link #renamed}, in their order. */
    String[] itemIds() {
        return renamed.values().toArray(new String[0]);
    }
}
