package io.freshet.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class VocabularyTest {

    private final Vocabulary vocabulary = Vocabulary.of(new String[] {"", "a", "b", "c"});

    @Test
    void a_row_given_to_another_item_is_found_by_it_alone() {
        vocabulary.set(2, "x");

        assertThat(vocabulary.rowOf("x")).isEqualTo(2);
        assertThat(vocabulary.rowOf("b")).isZero();
        assertThat(vocabulary.toArray()).containsExactly("", "a", "x", "c");
    }

    @Test
    void an_empty_id_frees_the_row_for_a_later_item() {
        vocabulary.set(2, "");
        assertThat(vocabulary.rowOf("b")).isZero();
        assertThat(vocabulary.rowOf("")).isZero();
        assertThat(vocabulary.size()).isEqualTo(4);

        vocabulary.set(2, "b");
        assertThat(vocabulary.rowOf("b")).isEqualTo(2);
    }

    @Test
    void the_row_behind_the_last_is_added() {
        vocabulary.set(4, "d");
        vocabulary.set(5, "");

        assertThat(vocabulary.toArray()).containsExactly("", "a", "b", "c", "d", "");
        assertThat(vocabulary.rowOf("d")).isEqualTo(4);
        assertThat(vocabulary.add("e")).isEqualTo(6);
    }

    @Test
    void items_can_change_places_row_by_row() {
        vocabulary.set(1, "c");
        assertThat(vocabulary.toArray()).containsExactly("", "c", "b", "");
        vocabulary.set(3, "a");

        assertThat(vocabulary.toArray()).containsExactly("", "c", "b", "a");
        assertThat(vocabulary.rowOf("a")).isEqualTo(3);
        assertThat(vocabulary.rowOf("c")).isEqualTo(1);
    }

    @Test
    void an_item_that_keeps_its_row_is_still_found() {
        vocabulary.set(1, "a");

        assertThat(vocabulary.itemId(1)).isEqualTo("a");
        assertThat(vocabulary.rowOf("a")).isEqualTo(1);
    }

    @Test
    void padding_and_rows_out_of_reach_are_refused() {
        assertThatThrownBy(() -> vocabulary.set(0, "x"))
                .isInstanceOf(IndexOutOfBoundsException.class)
                .hasMessageContaining("No row 0 for item 'x', only 1 to 4");
        assertThatThrownBy(() -> vocabulary.set(5, "x"))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }
}
