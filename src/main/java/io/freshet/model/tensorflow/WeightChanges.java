package io.freshet.model.tensorflow;

import io.freshet.event.WeightDelta;
import java.util.Arrays;

/**
 * How one model follows another: what changed of what scoring depends on is read from the one and
 * written over the other, so neither moves its whole table for a few steps' sake.
 */
final class WeightChanges {

    private final SavedModelSession session;
    private final ItemRows items;
    private final ChangedRows changed;

    WeightChanges(SavedModelSession session, ItemRows items, ChangedRows changed) {
        this.session = session;
        this.items = items;
        this.changed = changed;
    }

    /** What changed since the last call; from now on it counts as told. */
    WeightDelta take() {
        int[] touched = changed.touched();
        int[] described = changed.described();
        try (SignatureCall call = session.call("changes")) {
            call.feed("rows", touched, touched.length)
                    .feed("described_rows", described, described.length)
                    .run("row_weights", "features", "dense_weights");
            WeightDelta delta =
                    new WeightDelta(
                            changed.firstNew(),
                            newItemIds(),
                            described,
                            call.floats("features"),
                            touched,
                            call.floats("row_weights"),
                            call.floats("dense_weights"));
            changed.restart(items.count());
            return delta;
        }
    }

    private String[] newItemIds() {
        int first = changed.firstNew();
        return items.count() == first
                ? new String[0]
                : Arrays.copyOfRange(items.ids(), first, items.count());
    }

    /**
     * Takes over what another model told.
     *
     * @throws IllegalArgumentException if rows between this model's and the delta's are missing
     */
    void apply(WeightDelta delta) {
        appendNew(delta);
        items.describe(delta.describedRows(), delta.features());
        overwrite(delta.rows(), delta.rowWeights(), delta.denseWeights());
        changed.restart(items.count());
    }

    /** Adds the rows that this model lacks, empty: their content and weights follow. */
    private void appendNew(WeightDelta delta) {
        int known = items.count() - delta.firstRow();
        if (known < 0) {
            throw new IllegalArgumentException(
                    "The delta starts at row "
                            + delta.firstRow()
                            + ", but the model ends before row "
                            + items.count());
        }
        if (known < delta.itemIds().length) {
            String[] added = Arrays.copyOfRange(delta.itemIds(), known, delta.itemIds().length);
            items.append(added, new float[added.length * items.featureWidth()], 0);
        }
    }

    private void overwrite(int[] rows, float[] rowWeights, float[] denseWeights) {
        if (rows.length == 0) {
            return; // every step touches rows: nothing was trained
        }
        items.require(rows);
        try (SignatureCall call = session.call("apply")) {
            call.feed("rows", rows, rows.length)
                    .feed("row_weights", rowWeights, rows.length, rowWeights.length / rows.length)
                    .feed("dense_weights", denseWeights, denseWeights.length)
                    .run("rows");
        }
    }
}
