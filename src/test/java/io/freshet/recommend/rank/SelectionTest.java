package io.freshet.recommend.rank;

import static io.freshet.recommend.TestingEvents.LIMITS;
import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.event.EncodedItem;
import io.freshet.recommend.item.ItemCatalog;
import io.freshet.recommend.item.ItemTable;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SelectionTest {

    private static final float[] SAME = {1, 0};
    private static final float[] OTHER = {0, 1};

    private final ItemTable table =
            new ItemTable(new long[] {1000}, new ItemCatalog(true, List.of()), LIMITS);

    @Test
    void withoutACapOrDiversityTheBestScoresAreTheList() {
        int[] items = items(200, SAME);
        double[] scores = new Random(1).doubles(items.length).toArray();

        int[] list = selection(0).select(items, scores, items.length, 5);

        assertThat(list)
                .containsExactly(
                        IntStream.range(0, items.length)
                                .boxed()
                                .sorted((a, b) -> Double.compare(scores[b], scores[a]))
                                .limit(5)
                                .mapToInt(Integer::intValue)
                                .toArray());
    }

    @Test
    void aFarOffTailDoesNotMakeDiversityCountMore() {
        int[] items = items(40, SAME);
        items[12] = item("other", OTHER);
        double[] scores = IntStream.range(0, items.length).mapToDouble(i -> -i).toArray();
        int[] list = selection(0.4f).select(items, scores, items.length, 3);
        assertThat(list).as("12 places are too much").containsExactly(0, 1, 2);

        Arrays.fill(scores, 30, scores.length, -1_000_000);
        assertThat(selection(0.4f).select(items, scores, items.length, 3)).isEqualTo(list);
    }

    @Test
    void nothingButVarietyStillBeginsWithTheBest() {
        int[] items = {item("a", SAME), item("b", SAME), item("c", OTHER)};

        assertThat(selection(1).select(items, new double[] {3, 2, 1}, 3, 2)).containsExactly(0, 2);
    }

    @Test
    void fewOrNoRowsMakeAShortList() {
        int[] items = items(2, SAME);

        assertThat(selection(0.5f).select(items, new double[] {1, 1}, 2, 5)).hasSize(2);
        assertThat(selection(0.5f).select(new int[0], new double[0], 0, 5)).isEmpty();
    }

    private Selection selection(float diversity) {
        return new Selection(table, new Likeness(table.catalog()), 0, diversity);
    }

    private int[] items(int count, float[] content) {
        return IntStream.range(0, count).map(i -> item("i" + i, content)).toArray();
    }

    private int item(String id, float[] content) {
        table.apply(new EncodedItem(id, true, 0, content, List.of()));
        return table.add(id);
    }
}
