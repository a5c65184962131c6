package io.freshet.event;

/**
 * What a model scores with and what changed of it between two moments: item rows that came, item
 * rows whose content or weights are others, and all dense weights. Optimizer slots are left out, so
 * who applies it can score, and not go on training.
 *
 * @param firstRow number of item rows at the earlier moment, the padding row included
 * @param itemIds ids of the rows from {@code firstRow} on, in order
 * @param describedRows ascending rows whose content vector is new
 * @param features their content vectors, row-major, [describedRows.length, feature width]
 * @param rows ascending rows whose weights changed
 * @param rowWeights their weights, row-major, [rows.length, width by the model's choice]
 * @param denseWeights all weights that belong to no row, in an order of the model's choice
 */
public record WeightDelta(
        int firstRow,
        String[] itemIds,
        int[] describedRows,
        float[] features,
        int[] rows,
        float[] rowWeights,
        float[] denseWeights) {}
