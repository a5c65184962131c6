package io.freshet.model;

import java.util.SortedMap;

/**
 * What a model needs to become, bit for bit, what another model of the same graph is that was equal
 * to it before: item rows that came or changed hands, and the new values of all that training has
 * touched, optimizer slots included.
 *
 * @param rows rows of the item table afterwards, the padding row included
 * @param renamedRows ascending rows whose item is another than before, new rows included
 * @param itemIds the items of {@code renamedRows}, in their order; an empty id frees the row
 * @param describedRows ascending rows whose content vector is another, renamed rows included
 * @param features their content vectors, [describedRows.length, feature width]
 * @param trainedRows ascending rows whose weights or slots are others, renamed rows included
 * @param rowTensors by variable, the values of {@code trainedRows}, [trainedRows.length, width]
 * @param denseTensors by variable, the values of what belongs to no row
 */
public record WeightChanges(
        int rows,
        int[] renamedRows,
        String[] itemIds,
        int[] describedRows,
        FloatTensor features,
        int[] trainedRows,
        SortedMap<String, FloatTensor> rowTensors,
        SortedMap<String, FloatTensor> denseTensors) {}
