package io.freshet.model;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class WeightChangesTest {

    @Test
    void two_in_a_row_are_all_rows_of_both_with_the_later_numbers() {
        WeightChanges first =
                changes(
                        5,
                        new int[] {2, 4},
                        new String[] {"b", "d"},
                        new int[] {2, 4},
                        new float[] {1, 1, 2, 2},
                        new int[] {1, 2, 4},
                        new float[] {10, 20, 40},
                        0.5f);
        WeightChanges second =
                changes(
                        6,
                        new int[] {4, 5},
                        new String[] {"", "e"},
                        new int[] {3, 4, 5},
                        new float[] {3, 3, 4, 4, 5, 5},
                        new int[] {1, 4, 5},
                        new float[] {11, 41, 51},
                        0.6f);

        WeightChanges both = first.then(second);

        assertThat(both.rows()).isEqualTo(6);
        assertThat(both.renamedRows()).containsExactly(2, 4, 5);
        assertThat(both.itemIds()).containsExactly("b", "", "e");
        assertThat(both.describedRows()).containsExactly(2, 3, 4, 5);
        assertThat(both.features().shape()).containsExactly(4, 2);
        assertThat(both.features().values()).containsExactly(1, 1, 3, 3, 4, 4, 5, 5);
        assertThat(both.trainedRows()).containsExactly(1, 2, 4, 5);
        FloatTensor weights = requireNonNull(both.rowTensors().get("weight"));
        assertThat(weights.shape()).containsExactly(4, 1);
        assertThat(weights.values()).containsExactly(11, 20, 41, 51);
        assertThat(requireNonNull(both.denseTensors().get("dense")).values()).containsExactly(0.6f);
    }

    private static WeightChanges changes(
            int rows,
            int[] renamed,
            String[] ids,
            int[] described,
            float[] features,
            int[] trained,
            float[] weights,
            float dense) {
        TreeMap<String, FloatTensor> rowTensors = new TreeMap<>();
        rowTensors.put("weight", new FloatTensor(new long[] {trained.length, 1}, weights));
        TreeMap<String, FloatTensor> denseTensors = new TreeMap<>();
        denseTensors.put("dense", new FloatTensor(new long[0], new float[] {dense}));
        return new WeightChanges(
                rows,
                renamed,
                ids,
                described,
                new FloatTensor(new long[] {described.length, 2}, features),
                trained,
                rowTensors,
                denseTensors);
    }
}
