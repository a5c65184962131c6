package io.freshet.training;

import static io.freshet.training.TestingSequences.sequence;
import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.event.TrainingSequence;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HoldoutTest {

    private static final float ALL = 1f;

    @Test
    void the_newest_position_of_a_chosen_user_is_set_aside() {
        Holdout holdout = Holdout.of(List.of(sequence("u", 10, 5, 2, "a", "b", "c", "d")), ALL, 1);

        TrainingSequence heldOut = holdout.heldOut().get(0);
        assertThat(heldOut.items()).containsExactly("a", "b", "c", "d");
        assertThat(heldOut.fresh()).containsExactly(3);
        assertThat(heldOut.offsets()).containsExactly(6);
        TrainingSequence rest = holdout.training().get(0);
        assertThat(rest.items()).containsExactly("a", "b", "c");
        assertThat(rest.fresh()).containsExactly(2);
        assertThat(rest.offsets()).containsExactly(5);
        assertThat(rest.timestamps()).hasSize(3);
    }

    @Test
    void only_the_last_sequence_of_a_user_loses_a_position() {
        Holdout holdout =
                Holdout.of(
                        List.of(
                                sequence("u", 10, 0, 2, "a", "b"),
                                sequence("u", 20, 2, 1, "a", "b", "c")),
                        ALL,
                        1);

        assertThat(holdout.heldOut()).hasSize(1);
        assertThat(holdout.heldOut().get(0).paneEnd()).isEqualTo(20);
        assertThat(holdout.training()).hasSize(1);
        assertThat(holdout.training().get(0).fresh()).hasSize(2);
    }

    @Test
    void a_first_interaction_can_not_judge() {
        Holdout holdout = Holdout.of(List.of(sequence("u", 10, 0, 1, "a")), ALL, 1);

        assertThat(holdout.heldOut()).isEmpty();
        assertThat(holdout.training()).hasSize(1);
    }

    @Test
    void a_hash_chooses_the_share_of_users_anew_for_each_seed() {
        List<TrainingSequence> sequences = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            sequences.add(sequence("u" + i, 10, i, 2, "a", "b"));
        }

        List<String> first = users(Holdout.of(sequences, 0.1f, 1));
        assertThat(first).hasSizeBetween(70, 130);
        assertThat(users(Holdout.of(sequences, 0.1f, 1))).isEqualTo(first);
        assertThat(users(Holdout.of(sequences, 0.1f, 2))).isNotEqualTo(first);
        assertThat(users(Holdout.of(sequences, 0f, 1))).isEmpty();
    }

    private static List<String> users(Holdout holdout) {
        return holdout.heldOut().stream().map(TrainingSequence::userId).toList();
    }
}
