package io.freshet.model.tensorflow;

import io.freshet.model.tensorflow.session.SavedModelSession;
import io.freshet.model.tensorflow.session.SignatureCall;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Calls of the signatures about the item table: which item has which row, and its content. Rows go
 * to the engine in chunks, so that a large catalog is not copied as a whole.
 */
final class ItemRowCalls {

    /** Most rows of one call. */
    static final int MOST_ROWS = 1 << 16;

    private final SavedModelSession session;
    private final int featureWidth;
    private final ChangedRows changed;
    private int count;

    /** A call for some of many rows. */
    @FunctionalInterface
    private interface Chunk {

        /**
         * @param from index of the first row
         * @param to index behind the last row
         */
        void run(int from, int to);
    }

    /**
     * @param count number of rows, the padding row included
     * @param changed records the rows that are new or change
     */
    ItemRowCalls(SavedModelSession session, int featureWidth, int count, ChangedRows changed) {
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

    /** Empty if the model has no signature for them. */
    float[] vectors() {
        if (!session.has("item_vectors")) {
            return new float[0];
        }
        try (SignatureCall call = session.call("item_vectors").run("item_vectors")) {
            return call.floats("item_vectors");
        }
    }

    void append(String[] itemIds, float[] features, long seed) {
        inChunks(
                itemIds.length,
                (from, to) ->
                        appendChunk(
                                Arrays.copyOfRange(itemIds, from, to),
                                part(features, from, to),
                                seed));
    }

    private void appendChunk(String[] itemIds, float[] features, long seed) {
        try (SignatureCall call = session.call("append")) {
            call.feed("item_ids", itemIds, itemIds.length)
                    .feed("features", features, itemIds.length, featureWidth)
                    .feed("seed", new long[] {seed, count}, 2)
                    .run("rows");
            changed.rename(IntStream.range(count, count + itemIds.length).toArray(), itemIds);
            count += itemIds.length;
        }
    }

    void recycle(int[] rows, String[] itemIds, float[] features, long seed) {
        require(rows);
        inChunks(
                rows.length,
                (from, to) ->
                        recycleChunk(
                                Arrays.copyOfRange(rows, from, to),
                                Arrays.copyOfRange(itemIds, from, to),
                                part(features, from, to),
                                seed));
    }

    private void recycleChunk(int[] rows, String[] itemIds, float[] features, long seed) {
        try (SignatureCall call = session.call("recycle")) {
            call.feed("rows", rows, rows.length)
                    .feed("item_ids", itemIds, rows.length)
                    .feed("features", features, rows.length, featureWidth)
                    .feed("seed", new long[] {seed, rows[0]}, 2)
                    .run("rows");
            changed.rename(rows, itemIds);
        }
    }

    /**
     * Gives rows to items without content; the weights are any.
     *
     * @param rows ascending; those behind the last row are the next ones
     */
    void rename(int[] rows, String[] itemIds) {
        int known = (int) IntStream.of(rows).takeWhile(row -> row < count).count();
        inChunks(
                known,
                (from, to) ->
                        recycleChunk(
                                Arrays.copyOfRange(rows, from, to),
                                Arrays.copyOfRange(itemIds, from, to),
                                new float[floats(to - from, featureWidth)],
                                0));
        inChunks(
                rows.length - known,
                (from, to) ->
                        appendChunk(
                                Arrays.copyOfRange(itemIds, known + from, known + to),
                                new float[floats(to - from, featureWidth)],
                                0));
    }

    void describe(int[] rows, float[] features) {
        require(rows);
        inChunks(
                rows.length,
                (from, to) -> {
                    int[] some = Arrays.copyOfRange(rows, from, to);
                    try (SignatureCall call = session.call("describe")) {
                        call.feed("rows", some, some.length)
                                .feed(
                                        "features",
                                        part(features, from, to),
                                        some.length,
                                        featureWidth)
                                .run("rows");
                        changed.describe(some);
                    }
                });
    }

    /** Content vectors. */
    float[] features(int[] rows) {
        require(rows);
        float[] features = new float[floats(rows.length, featureWidth)];
        inChunks(
                rows.length,
                (from, to) -> {
                    int[] some = Arrays.copyOfRange(rows, from, to);
                    try (SignatureCall call = session.call("export_changes")) {
                        call.feed("rows", new int[0], 0)
                                .feed("described_rows", some, some.length)
                                .run("features");
                        float[] part = call.floats("features");
                        System.arraycopy(
                                part, 0, features, floats(from, featureWidth), part.length);
                    }
                });
        return features;
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

    private float[] part(float[] features, int from, int to) {
        if (features.length < floats(to, featureWidth)) {
            throw new IllegalArgumentException(
                    "Content vectors of width %d have %d numbers, too few for %d rows"
                            .formatted(featureWidth, features.length, to));
        }
        return Arrays.copyOfRange(features, floats(from, featureWidth), floats(to, featureWidth));
    }

    /**
     * Numbers in so many rows.
     *
     * @throws ArithmeticException if they are more than an array can hold
     */
    static int floats(int rows, int width) {
        return Math.multiplyExact(rows, width);
    }

    private static void inChunks(int rows, Chunk chunk) {
        for (int from = 0; from < rows; from += Math.min(MOST_ROWS, rows - from)) {
            chunk.run(from, from + Math.min(MOST_ROWS, rows - from));
        }
    }
}
