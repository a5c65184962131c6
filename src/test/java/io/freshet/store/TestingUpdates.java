package io.freshet.store;

import io.freshet.event.ModelRevision;
import io.freshet.event.OffsetRange;
import io.freshet.model.FloatTensor;
import io.freshet.model.WeightChanges;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Updates for tests of the store. */
final class TestingUpdates {

    private TestingUpdates() {}

    static UpdateHeader header(ModelRevision parent, long update, String key) {
        return new UpdateHeader(
                parent,
                update,
                key,
                10,
                20,
                List.of(new OffsetRange(1, 5, 9, 5), new OffsetRange(2, 7, 7, 1)),
                Map.of("loss", 0.1, "gain", Double.NaN),
                Map.of("apple", 1234567890123L, "listed \"one\"", Long.MAX_VALUE));
    }

    /** Changes of two variables: each of 3 rows, and one weight of no row. */
    static WeightChanges changes(int seed) {
        return changes(seed, 3, 2);
    }

    static WeightChanges changes(int seed, int rows, int width) {
        int[] all = IntStream.rangeClosed(1, rows).toArray();
        TreeMap<String, FloatTensor> byRow = new TreeMap<>();
        byRow.put("item/embedding", tensor(seed, rows, width));
        byRow.put("item/embedding/slot", tensor(seed + 1, rows, width));
        TreeMap<String, FloatTensor> dense = new TreeMap<>();
        dense.put(
                "item/embedding",
                new FloatTensor(
                        new long[] {2, 2},
                        new float[] {
                            -0f,
                            Float.MIN_VALUE,
                            Float.POSITIVE_INFINITY,
                            Float.intBitsToFloat(0x7fc00abc)
                        }));
        dense.put("step", new FloatTensor(new long[0], new float[] {seed}));
        dense.put("unused", new FloatTensor(new long[] {0, 7}, new float[0]));
        return new WeightChanges(
                rows + 1,
                new int[] {1, 3},
                new String[] {"äpple \"1\"\n", ""},
                new int[] {1, 2, 3},
                tensor(seed + 2, 3, 4),
                all,
                byRow,
                dense);
    }

    private static FloatTensor tensor(int seed, int rows, int width) {
        Random random = new Random(seed);
        float[] values = new float[rows * width];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat() - 0.5f;
        }
        return new FloatTensor(new long[] {rows, width}, values);
    }
}
