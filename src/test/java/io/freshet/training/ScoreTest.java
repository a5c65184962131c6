package io.freshet.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.freshet.event.Evaluation;
import io.freshet.model.EvaluationResult;
import org.junit.jupiter.api.Test;

class ScoreTest {

    @Test
    void counts_the_first_ten_and_unknown_items_as_misses() {
        Score score = new Score();
        score.add(new EvaluationResult(new int[] {1, 3, 10, 11}, new float[] {1, 2, 3, 6}));
        score.addMisses(1);

        Evaluation evaluation = score.toEvaluation(Evaluation.Subject.LIVE_MODEL, 4, 3, 99);
        assertThat(evaluation.positions()).isEqualTo(5);
        assertThat(evaluation.loss()).isEqualTo(3f);
        assertThat(evaluation.hitRate()).isEqualTo(0.6f);
        double gain = (1 + 0.5 + Math.log(2) / Math.log(11)) / 5;
        assertThat(evaluation.ndcg()).isCloseTo((float) gain, within(1e-6f));
        assertThat(evaluation.mrr()).isCloseTo((float) ((1 + 1 / 3.0 + 0.1) / 5), within(1e-6f));
        assertThat(new Score().loss()).isNaN();
    }
}
