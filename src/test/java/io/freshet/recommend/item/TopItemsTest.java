package io.freshet.recommend.item;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TopItemsTest {

    @Test
    void keepsTheBestInOrderWhateverOrderTheyCameIn() {
        Random random = new Random(7);
        TopItems top = new TopItems(10);
        List<int[]> offered = new ArrayList<>();
        for (int item = 0; item < 500; item++) {
            int value = random.nextInt(60);
            int tie = random.nextInt();
            offered.add(new int[] {item, value, tie});
            top.offer(item, value, tie);
        }

        offered.sort(Comparator.<int[]>comparingInt(o -> -o[1]).thenComparingInt(o -> o[2]));
        for (int rank = 0; rank < 10; rank++) {
            assertThat(top.item(rank)).isEqualTo(offered.get(rank)[0]);
            assertThat(top.value(rank)).isEqualTo(offered.get(rank)[1]);
        }
        assertThat(top.size()).isEqualTo(10);
    }

    @Test
    void hasNoMoreThanWasOffered() {
        TopItems top = new TopItems(10);
        top.offer(3, Double.NEGATIVE_INFINITY, 0);

        assertThat(top.size()).isEqualTo(1);
        assertThat(top.item(0)).isEqualTo(3);
    }
}
