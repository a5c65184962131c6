package io.freshet.training;

import static io.freshet.training.TestingSequences.sequence;
import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.event.TrainingSequence;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConcentrationTest {

    private final Concentration concentration = new Concentration(0.3f);

    @Test
    void a_window_that_one_item_has_taken_over_is_suspicious() {
        assertThat(concentration.suspicion(window(100, 50), window(200, 0)))
                .startsWith("item 'hit' has 33 % of the window's interactions, and had 0 % before");
    }

    @Test
    void what_is_popular_is_not() {
        assertThat(concentration.suspicion(window(100, 40), window(200, 0))).isNull();
    }

    @Test
    void nor_is_what_always_was() {
        assertThat(concentration.suspicion(window(100, 50), window(100, 20))).isNull();
    }

    @Test
    void little_evidence_says_nothing() {
        assertThat(concentration.suspicion(window(0, 99), window(200, 0))).isNull();
        assertThat(concentration.suspicion(window(0, 100), window(99, 0))).isNull();
        assertThat(concentration.suspicion(window(0, 100), window(100, 0))).isNotNull();
    }

    private static List<TrainingSequence> window(int others, int hits) {
        List<TrainingSequence> sequences = new ArrayList<>();
        for (int i = 0; i < others + hits; i++) {
            String item = i < others ? "item " + i : "hit";
            sequences.add(sequence("user " + i, 10, i, 1, "before", item));
        }
        return sequences;
    }
}
