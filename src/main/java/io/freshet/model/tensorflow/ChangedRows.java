package io.freshet.model.tensorflow;

import java.util.BitSet;

/**
 * Which item rows changed since a moment, so that a delta carries those and not the whole table. A
 * gradient step changes the weights of the rows in its batch; a row's content vector changes when
 * it is described; a row that came or changed hands is new in both.
 */
final class ChangedRows {

    private static final int PADDING = 0;

    private final BitSet touched = new BitSet();
    private final BitSet described = new BitSet();
    private int firstNew;

    /**
     * Begins at a moment.
     *
     * @param count number of rows then, the padding row included
     */
    ChangedRows(int count) {
        firstNew = count;
    }

    /** Forgets what changed: a new moment begins, with so many rows. */
    void restart(int count) {
        touched.clear();
        described.clear();
        firstNew = count;
    }

    /** A step took these rows in; padding stands for no item, and is never trained. */
    void touch(int[] rows) {
        mark(touched, rows);
        touched.clear(PADDING);
    }

    /** These rows have other content vectors. */
    void describe(int[] rows) {
        mark(described, rows);
    }

    /** These rows were made anew. */
    void renew(int[] rows) {
        touch(rows);
        describe(rows);
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

    /** The first row that came since. */
    int firstNew() {
        return firstNew;
    }
}
