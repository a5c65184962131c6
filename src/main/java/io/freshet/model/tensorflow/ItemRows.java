package io.freshet.model.tensorflow;

import java.util.stream.IntStream;

/** The model's item table: which item has which row, and what is known of its content. */
final class ItemRows {

    private final SavedModelSession session;
    private final int featureWidth;
    private final ChangedRows changed;
    private int count;

    /**
     * @param count number of rows, the padding row included
     * @param changed learns of rows that come or change
     */
    ItemRows(SavedModelSession session, int featureWidth, int count, ChangedRows changed) {
        this.session = session;
        this.featureWidth = featureWidth;
        this.count = count;
        this.changed = changed;
    }

    /** Number of rows, the padding row included. */
    int count() {
        return count;
    }

    /** Width of a row's content vector. */
    int featureWidth() {
        return featureWidth;
    }

    /** Counts anew, after other variables were restored. */
    void recount() {
        try (SignatureCall info = session.call("info").run("rows")) {
            count = info.ints("rows")[0];
        }
    }

    String[] ids() {
        try (SignatureCall call = session.call("item_ids").run("item_ids")) {
            return call.strings("item_ids");
        }
    }

    /** Empty if the model doesn't tell them. */
    float[] vectors() {
        if (!session.has("item_vectors")) {
            return new float[0];
        }
        try (SignatureCall call = session.call("item_vectors").run("item_vectors")) {
            return call.floats("item_vectors");
        }
    }

    void append(String[] itemIds, float[] features, long seed) {
        if (itemIds.length == 0) {
            return;
        }
        try (SignatureCall call = session.call("append")) {
            call.feed("item_ids", itemIds, itemIds.length)
                    .feed("features", features, itemIds.length, featureWidth)
                    .feed("seed", new long[] {seed, count}, 2)
                    .run("rows");
            changed.renew(IntStream.range(count, count + itemIds.length).toArray());
            count += itemIds.length;
        }
    }

    void recycle(int[] rows, String[] itemIds, float[] features, long seed) {
        if (rows.length == 0) {
            return;
        }
        require(rows);
        try (SignatureCall call = session.call("recycle")) {
            call.feed("rows", rows, rows.length)
                    .feed("item_ids", itemIds, rows.length)
                    .feed("features", features, rows.length, featureWidth)
                    .feed("seed", new long[] {seed, rows[0]}, 2)
                    .run("rows");
            changed.renew(rows);
        }
    }

    void describe(int[] rows, float[] features) {
        if (rows.length == 0) {
            return;
        }
        require(rows);
        try (SignatureCall call = session.call("describe")) {
            call.feed("rows", rows, rows.length)
                    .feed("features", features, rows.length, featureWidth)
                    .run("rows");
            changed.describe(rows);
        }
    }

    float[] features(int[] rows) {
        if (rows.length == 0) {
            return new float[0];
        }
        require(rows);
        try (SignatureCall call = session.call("changes")) {
            call.feed("rows", new int[0], 0)
                    .feed("described_rows", rows, rows.length)
                    .run("features");
            return call.floats("features");
        }
    }

    /**
     * Requires that these are rows of items.
     *
     * @throws IllegalArgumentException if one is not
     */
    void require(int[] rows) {
        for (int row : rows) {
            if (row < 1 || row >= count) {
                throw new IllegalArgumentException(
                        "No item row " + row + ", only 1 to " + (count - 1));
            }
        }
    }
}
