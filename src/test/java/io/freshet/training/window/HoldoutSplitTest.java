package io.freshet.training.window;

import static io.freshet.training.TestingSequences.weighted;
import static io.freshet.training.window.TestingHistory.user;
import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.event.TrainingSequence;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HoldoutSplitTest {

    private static final float ALL = 1f;

    @Test
    void the_newest_position_of_a_chosen_user_is_held_out() {
        TrainingSequence whole = user("u").after("a", "b").fresh("c", "d").offset(5).inPane(10);

        HoldoutSplit split = HoldoutSplit.ofNewest(List.of(whole), ALL, 1);

        TrainingSequence heldOut = split.heldOut().get(0);
        assertThat(heldOut.items()).containsExactly("a", "b", "c", "d");
        assertThat(heldOut.fresh()).containsExactly(3);
        assertThat(heldOut.offsets()).containsExactly(6);
        TrainingSequence rest = split.training().get(0);
        assertThat(rest.items()).containsExactly("a", "b", "c");
        assertThat(rest.fresh()).containsExactly(2);
        assertThat(rest.offsets()).containsExactly(5);
        assertThat(rest.timestamps()).hasSize(3);
    }

    @Test
    void only_the_last_sequence_of_a_user_loses_a_position() {
        HoldoutSplit split =
                HoldoutSplit.ofNewest(
                        List.of(
                                user("u").fresh("a", "b").inPane(10),
                                user("u").after("a", "b").fresh("c").offset(2).inPane(20)),
                        ALL,
                        1);

        assertThat(split.heldOut()).hasSize(1);
        assertThat(split.heldOut().get(0).paneEnd()).isEqualTo(20);
        assertThat(split.training()).hasSize(1);
        assertThat(split.training().get(0).fresh()).hasSize(2);
    }

    @Test
    void the_last_target_is_held_out_with_the_context_after_it() {
        TrainingSequence whole =
                weighted(user("u").fresh("a", "b", "c", "d").offset(5).inPane(10), 1, 1, 0.5f, 0);

        HoldoutSplit split = HoldoutSplit.ofNewest(List.of(whole), ALL, 1);

        TrainingSequence heldOut = split.heldOut().get(0);
        assertThat(heldOut.items()).containsExactly("a", "b", "c");
        assertThat(heldOut.fresh()).containsExactly(2);
        assertThat(heldOut.weights()).containsExactly(1, 1, 0.5f);
        TrainingSequence rest = split.training().get(0);
        assertThat(rest.items()).containsExactly("a", "b");
        assertThat(rest.offsets()).containsExactly(5, 6);
        assertThat(rest.weights()).containsExactly(1, 1);
    }

    @Test
    void context_does_not_validate() {
        TrainingSequence whole = weighted(user("u").fresh("a", "b", "c").inPane(10), 1, 0, 0);

        assertThat(HoldoutSplit.ofNewest(List.of(whole), ALL, 1).heldOut()).isEmpty();
        assertThat(HoldoutSplit.ofPositions(List.of(whole), ALL, 1).heldOut()).isEmpty();
    }

    @Test
    void a_first_interaction_can_not_validate() {
        HoldoutSplit split =
                HoldoutSplit.ofNewest(List.of(user("u").fresh("a").inPane(10)), ALL, 1);

        assertThat(split.heldOut()).isEmpty();
        assertThat(split.training()).hasSize(1);
    }

    @Test
    void a_hash_chooses_the_share_of_users_anew_for_each_seed() {
        List<TrainingSequence> sequences = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            sequences.add(user("u" + i).fresh("a", "b").inPane(10));
        }

        List<String> first = users(HoldoutSplit.ofNewest(sequences, 0.1f, 1));
        assertThat(first).hasSizeBetween(70, 130);
        assertThat(users(HoldoutSplit.ofNewest(sequences, 0.1f, 1))).isEqualTo(first);
        assertThat(users(HoldoutSplit.ofNewest(sequences, 0.1f, 2))).isNotEqualTo(first);
        assertThat(users(HoldoutSplit.ofNewest(sequences, 0f, 1))).isEmpty();
    }

    private static List<String> users(HoldoutSplit split) {
        return split.heldOut().stream().map(TrainingSequence::userId).toList();
    }
}
