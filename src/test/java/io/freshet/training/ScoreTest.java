package io.freshet.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.freshet.event.Evaluation;
import io.freshet.model.EvaluationResult;
import org.junit.jupiter.api.Test;

class ScoreTest {

    @Test
    void counts_the_first_ten_and_unknown_items_as_misses() {
        Score score = new Score(1);
        score.add(
                new EvaluationResult(new int[] {1, 3, 10, 11}, new float[] {1, 2, 3, 6}),
                new int[4],
                new float[4]);
        score.addMisses(1);

        Evaluation evaluation = score.toEvaluation(Evaluation.Subject.LIVE_MODEL, 4, 3, 99);
        assertThat(evaluation.positions()).isEqualTo(5);
        assertThat(evaluation.loss()).isEqualTo(3f);
        assertThat(evaluation.hitRate()).isEqualTo(0.6f);
        double gain = (1 + 0.5 + Math.log(2) / Math.log(11)) / 5;
        assertThat(evaluation.ndcg()).isCloseTo((float) gain, within(1e-6f));
        assertThat(evaluation.mrr()).isCloseTo((float) ((1 + 1 / 3.0 + 0.1) / 5), within(1e-6f));
        assertThat(new Score(1).loss()).isNaN();
    }

    @Test
    void counts_how_often_the_item_was_first_and_what_follows_from_the_hit_rate() {
        Score score = new Score(1);
        score.add(
                new EvaluationResult(new int[] {1, 3, 1, 11}, new float[] {1, 2, 3, 6}),
                new int[4],
                new float[4]);
        score.addMisses(1);

        Evaluation evaluation = score.toEvaluation(Evaluation.Subject.LIVE_MODEL, 4, 3, 99);
        assertThat(evaluation.accuracy()).isEqualTo(0.4f);
        assertThat(evaluation.precision()).isCloseTo(0.06f, within(1e-6f));
        assertThat(evaluation.recall()).isEqualTo(0.6f);
        float f1 = 2 * 0.06f * 0.6f / (0.06f + 0.6f);
        assertThat(evaluation.f1()).isCloseTo(f1, within(1e-6f));
        assertThat(evaluation.mse()).isNaN();
        assertThat(evaluation.rmse()).isNaN();
    }

    @Test
    void the_loss_of_predicted_ratings_is_their_squared_error_where_there_is_a_rating() {
        Score score = new Score(1);
        score.add(
                new EvaluationResult(
                        new int[] {1, 30, 2}, new float[] {9, 9, 9}, new float[] {4, 1, 3}),
                new int[3],
                new float[] {5, Float.NaN, 1});

        Evaluation evaluation = score.toEvaluation(Evaluation.Subject.LIVE_MODEL, 4, 3, 99);
        assertThat(score.scored()).isEqualTo(2);
        assertThat(evaluation.positions()).isEqualTo(3);
        assertThat(evaluation.loss()).isEqualTo(2.5f);
        assertThat(evaluation.mse()).isEqualTo(2.5f);
        assertThat(evaluation.rmse()).isCloseTo((float) Math.sqrt(2.5), within(1e-6f));
        assertThat(evaluation.hitRate()).isCloseTo(2 / 3f, within(1e-6f));
    }

    @Test
    void each_sequence_has_the_mean_loss_of_its_own_positions() {
        Score score = new Score(3);
        score.add(
                new EvaluationResult(new int[] {1, 1, 1}, new float[] {1, 2, 4}),
                new int[] {2, 0, 0},
                new float[3]);

        assertThat(score.losses()).containsExactly(3, Float.NaN, 1);
        assertThat(score.scored()).isEqualTo(3);
    }

    @Test
    void positions_without_a_rank_are_no_hits_and_leave_a_loss_that_is_no_number() {
        Score score = new Score(2);
        score.add(
                new EvaluationResult(new int[] {0, 1}, new float[] {Float.NaN, 1}),
                new int[] {0, 1},
                new float[2]);

        Evaluation evaluation = score.toEvaluation(Evaluation.Subject.LIVE_MODEL, 4, 3, 99);
        assertThat(evaluation.hitRate()).isEqualTo(0.5f);
        assertThat(evaluation.ndcg()).isEqualTo(0.5f);
        assertThat(evaluation.mrr()).isEqualTo(0.5f);
        assertThat(evaluation.accuracy()).isEqualTo(0.5f);
        assertThat(score.losses()).containsExactly(Float.NaN, 1);
        assertThat(evaluation.loss()).isNaN();
    }
}
