package io.freshet.model;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

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
        SortedMap<String, FloatTensor> denseTensors) {

    /** These changes and what came after them, as one. */
    public WeightChanges then(WeightChanges later) {
        SortedMap<Integer, String> renamed = new TreeMap<>();
        for (WeightChanges each : List.of(this, later)) {
            for (int i = 0; i < each.renamedRows.length; i++) {
                renamed.put(each.renamedRows[i], each.itemIds[i]);
            }
        }
        int[] described = union(describedRows, later.describedRows);
        int[] trained = union(trainedRows, later.trainedRows);
        SortedMap<String, FloatTensor> rowTensors = new TreeMap<>();
        later.rowTensors.forEach(
                (name, after) ->
                        rowTensors.put(
                                name,
                                overlaid(
                                        trained,
                                        trainedRows,
                                        Objects.requireNonNull(this.rowTensors.get(name)),
                                        later.trainedRows,
                                        after)));
        return new WeightChanges(
                later.rows,
                renamed.keySet().stream().mapToInt(Integer::intValue).toArray(),
                renamed.values().toArray(new String[0]),
                described,
                overlaid(described, describedRows, features, later.describedRows, later.features),
                trained,
                rowTensors,
                later.denseTensors);
    }

    private static int[] union(int[] some, int[] others) {
        return IntStream.concat(IntStream.of(some), IntStream.of(others))
                .sorted()
                .distinct()
                .toArray();
    }

    /** The numbers of all rows: the later ones where there are some, or else the earlier ones. */
    private static FloatTensor overlaid(
            int[] rows,
            int[] earlierRows,
            FloatTensor earlier,
            int[] laterRows,
            FloatTensor later) {
        int width = (int) later.shape()[1];
        float[] values = new float[Math.multiplyExact(rows.length, width)];
        for (int i = 0; i < rows.length; i++) {
            int place = Arrays.binarySearch(laterRows, rows[i]);
            FloatTensor source = place >= 0 ? later : earlier;
            int from = place >= 0 ? place : Arrays.binarySearch(earlierRows, rows[i]);
            System.arraycopy(source.values(), from * width, values, i * width, width);
        }
        return new FloatTensor(new long[] {rows.length, width}, values);
    }
}
