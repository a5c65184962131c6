package io.freshet.training.learn;

import static io.freshet.training.TestingSequences.rejecting;
import static io.freshet.training.TestingSequences.sequence;
import static io.freshet.training.TestingSequences.weighted;
import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.event.TrainingSequence;
import io.freshet.model.RatingRange;
import io.freshet.model.Vocabulary;
import io.freshet.training.TestingSequences;
import io.freshet.training.learn.SequenceChunker.Chunk;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SequenceChunkerTest {

    private static final Vocabulary LETTERS =
            Vocabulary.of(new String[] {"", "a", "b", "c", "d", "e", "f", "g"});

    private final List<Chunk> chunks = new ArrayList<>();

    @Test
    void fresh_positions_are_targets_of_the_items_before_them() {
        int missed = chunk(4, sequence("u", 10, 0, 2, "a", "b", "c", "d"));

        assertThat(missed).isZero();
        assertThat(chunks).hasSize(1);
        assertThat(chunks.get(0).rows()).containsExactly(1, 2, 3);
        assertThat(chunks.get(0).positions()).containsExactly(1, 2);
        assertThat(chunks.get(0).targets()).containsExactly(3, 4);
    }

    @Test
    void the_first_item_of_all_is_never_a_target() {
        chunk(4, sequence("u", 10, 0, 3, "a", "b", "c"));

        assertThat(chunks.get(0).targets()).containsExactly(2, 3);
        chunks.clear();
        assertThat(chunk(4, sequence("u", 10, 0, 1, "a"))).isZero();
        assertThat(chunks).isEmpty();
    }

    @Test
    void a_long_sequence_is_cut_from_the_end_and_each_position_trained_once() {
        chunk(3, sequence("u", 10, 0, 7, "a", "b", "c", "d", "e", "f", "g"));

        assertThat(chunks).hasSize(2);
        assertThat(chunks.get(0).rows()).containsExactly(4, 5, 6);
        assertThat(chunks.get(0).targets()).containsExactly(5, 6, 7);
        assertThat(chunks.get(1).rows()).containsExactly(1, 2, 3);
        assertThat(chunks.get(1).positions()).containsExactly(0, 1, 2);
        assertThat(chunks.get(1).targets()).containsExactly(2, 3, 4);
    }

    @Test
    void the_context_is_as_long_as_the_model_takes() {
        chunk(3, sequence("u", 10, 0, 1, "a", "b", "c", "d", "e", "f"));

        assertThat(chunks).hasSize(1);
        assertThat(chunks.get(0).rows()).containsExactly(3, 4, 5);
        assertThat(chunks.get(0).positions()).containsExactly(2);
        assertThat(chunks.get(0).targets()).containsExactly(6);
    }

    @Test
    void attributes_go_with_the_items_that_have_a_row() {
        TrainingSequence known =
                TestingSequences.knowing(
                        sequence("u", 10, 0, 4, "a", "?", "b", "c", "d", "e"),
                        new int[] {1},
                        new int[] {2},
                        new int[] {},
                        new int[] {4, 5},
                        new int[] {6},
                        new int[] {7});

        chunk(3, known);

        assertThat(chunks).hasSize(2);
        assertThat(chunks.get(0).rows()).containsExactly(2, 3, 4);
        assertThat(chunks.get(0).attributes()).isDeepEqualTo(new int[][] {{}, {4, 5}, {6}});
        assertThat(chunks.get(1).attributes()).isDeepEqualTo(new int[][] {{1}});
        assertThat(known.attributes()[1]).as("the sequence is as it was").containsExactly(2);
    }

    @Test
    void positions_that_are_not_fresh_between_fresh_ones_are_context() {
        TrainingSequence gaps =
                TestingSequences.unweighted(
                        "u",
                        10,
                        new String[] {"a", "b", "c", "d"},
                        new float[4],
                        new long[4],
                        new int[] {1, 3},
                        new int[2],
                        new long[2]);

        chunk(4, gaps);

        assertThat(chunks.get(0).positions()).containsExactly(0, 2);
        assertThat(chunks.get(0).targets()).containsExactly(2, 4);
    }

    @Test
    void unknown_items_are_left_out_and_counted_where_they_were_wanted() {
        int missed = chunk(4, sequence("u", 10, 0, 4, "x", "a", "y", "b"));

        assertThat(missed).isEqualTo(2);
        assertThat(chunks.get(0).rows()).containsExactly(1);
        assertThat(chunks.get(0).targets()).containsExactly(2);
    }

    @Test
    void for_a_model_of_ratings_positions_without_one_are_context_and_none_is_off_the_scale() {
        float none = Float.NaN;
        TrainingSequence rated =
                TestingSequences.unweighted(
                        "u",
                        10,
                        new String[] {"a", "b", "c", "d", "e"},
                        new float[] {5, none, 3e38f, none, -1e30f},
                        new long[5],
                        new int[] {0, 1, 2, 3, 4},
                        new int[5],
                        new long[5]);

        int missed =
                new SequenceChunker(3, new RatingRange(1, 5), Map.of())
                        .chunk(rated, LETTERS, chunks);

        assertThat(missed).isZero();
        assertThat(chunks).hasSize(1);
        assertThat(chunks.get(0).rows()).containsExactly(2, 3, 4);
        assertThat(chunks.get(0).targets()).containsExactly(3, 5);
        assertThat(chunks.get(0).ratings()).as("on the scale").containsExactly(5, 1);
    }

    @Test
    void targets_of_an_item_have_its_weight_and_others_have_one() {
        new SequenceChunker(3, null, Map.of("c", 0.25f))
                .chunk(sequence("u", 10, 0, 6, "a", "c", "b", "c", "d", "e"), LETTERS, chunks);

        assertThat(chunks).hasSize(2);
        assertThat(chunks.get(0).targets()).containsExactly(3, 4, 5);
        assertThat(chunks.get(0).weights()).containsExactly(0.25f, 1, 1);
        assertThat(chunks.get(1).targets()).containsExactly(3, 2);
        assertThat(chunks.get(1).weights()).containsExactly(0.25f, 1);
    }

    @Test
    void a_positions_own_weight_multiplies_that_of_its_item_and_without_it_is_context() {
        TrainingSequence weighted =
                weighted(sequence("u", 10, 0, 4, "a", "b", "c", "d"), 1, 0, 0.5f, 0.5f);

        int missed =
                new SequenceChunker(5, null, Map.of("c", 0.5f)).chunk(weighted, LETTERS, chunks);

        assertThat(missed).isZero();
        assertThat(chunks.get(0).rows()).containsExactly(1, 2, 3);
        assertThat(chunks.get(0).targets()).containsExactly(3, 4);
        assertThat(chunks.get(0).weights()).containsExactly(0.25f, 0.5f);
    }

    @Test
    void an_unknown_item_that_is_context_is_not_missed() {
        assertThat(chunk(4, weighted(sequence("u", 10, 0, 3, "a", "x", "b"), 1, 0, 1))).isZero();
    }

    @Test
    void a_rejection_is_behind_the_position_before_it() {
        chunk(5, rejecting(sequence("u", 10, 0, 3, "a", "x", "b", "c"), "d", 2));

        assertThat(chunks).hasSize(1);
        assertThat(chunks.get(0).rows()).as("x has no row").containsExactly(1, 2);
        assertThat(chunks.get(0).rejectedPositions()).containsExactly(0);
        assertThat(chunks.get(0).rejectedRows()).containsExactly(4);
    }

    @Test
    void the_last_chunk_reaches_as_far_as_what_was_rejected_after_its_target() {
        TrainingSequence context =
                weighted(sequence("u", 10, 0, 4, "a", "b", "c", "d"), 1, 1, 1, 0);

        chunk(5, rejecting(context, "d", 4));

        assertThat(chunks.get(0).rows()).containsExactly(1, 2, 3, 4);
        assertThat(chunks.get(0).targets()).containsExactly(2, 3);
        assertThat(chunks.get(0).rejectedPositions()).containsExactly(3);
        assertThat(chunks.get(0).rejectedRows()).containsExactly(4);
    }

    @Test
    void a_rejection_too_far_behind_the_last_target_or_of_an_unknown_item_is_left_out() {
        TrainingSequence context =
                weighted(sequence("u", 10, 0, 4, "a", "b", "c", "d"), 1, 1, 0, 0);
        chunk(2, rejecting(context, "d", 4));
        chunk(5, rejecting(sequence("u", 10, 0, 2, "a", "b"), "x", 2));

        assertThat(chunks).extracting(Chunk::rejectedRows).allMatch(rows -> rows.length == 0);
        assertThat(chunks.get(0).targets()).containsExactly(2);
    }

    private int chunk(int length, TrainingSequence sequence) {
        return new SequenceChunker(length, null, Map.of()).chunk(sequence, LETTERS, chunks);
    }
}
