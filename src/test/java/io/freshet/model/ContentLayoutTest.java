package io.freshet.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ContentLayoutTest {

    private final ContentLayout layout =
            new ContentLayout("words/8", 2, new TreeMap<>(Map.of("image", 2, "audio", 1)));

    @Test
    void parts_stand_in_the_order_of_text_and_names() {
        float[] others =
                layout.others(Map.of("image", new float[] {0, 5}, "audio", new float[] {-2}));

        assertThat(layout.width()).isEqualTo(5);
        assertThat(layout.join(new float[] {7, 8}, others)).containsExactly(7, 8, -1, 0, 1);
    }

    @Test
    void what_an_item_lacks_is_zero() {
        float[] image = layout.others(Map.of("image", new float[] {1, 0}));

        assertThat(layout.join(new float[0], image)).containsExactly(0, 0, 0, 1, 0);
        assertThat(layout.join(new float[] {1, 2}, layout.others(Map.of())))
                .containsExactly(1, 2, 0, 0, 0);
        assertThat(layout.join(new float[0], layout.others(Map.of("smell", new float[] {1}))))
                .isEmpty();
    }

    @Test
    void a_vector_of_zeros_says_nothing() {
        assertThat(layout.others(Map.of("image", new float[2]))).containsExactly(0, 0, 0);
    }

    @Test
    void large_and_small_numbers_are_scaled_without_overflow() {
        assertThat(layout.others(Map.of("image", new float[] {3e38f, 0}))).containsExactly(0, 1, 0);
        assertThat(layout.others(Map.of("image", new float[] {1e-45f, 0})))
                .containsExactly(0, 1, 0);
    }

    @Test
    void a_part_of_another_width_is_refused_by_name() {
        assertThatThrownBy(() -> layout.others(Map.of("image", new float[3])))
                .hasMessage("The vector of image has 3 numbers, expected 2");
        assertThatThrownBy(() -> layout.join(new float[1], new float[0]))
                .hasMessage("The vector of the text has 1 numbers, expected 2");
    }

    @Test
    void its_words_tell_layouts_of_the_same_width_apart() {
        assertThat(layout).hasToString("text[2] by words/8, audio[1], image[2]");
        assertThat(new ContentLayout("none", 0, new TreeMap<>(Map.of("image", 5))))
                .hasToString("image[5]");
        assertThat(new ContentLayout("none", 0, new TreeMap<>())).hasToString("none");
    }
}
