package io.freshet.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.freshet.event.Evaluation;
import io.freshet.model.EvaluationResult;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class GateTest {

    private static final float TOLERANCE = 0.02f;

    private final Gate gate = new Gate(TOLERANCE);

    @Test
    void a_challenger_within_the_tolerance_is_promoted() {
        assertThat(gate.judge(score(100, 5f), score(100, 5.09f)).promoted()).isTrue();
        assertThat(gate.judge(score(100, 5f), score(100, 4f)).promoted()).isTrue();
    }

    @Test
    void a_worse_one_is_rejected_with_figures() {
        Gate.Decision decision = gate.judge(score(100, 5f), score(100, 5.2f));

        assertThat(decision.promoted()).isFalse();
        assertThat(decision.reason())
                .isEqualTo("loss 5.2000 on 100 held-out positions, champion 5.0000, limit 5.1000");
    }

    @Test
    void too_few_positions_say_nothing() {
        Gate.Decision decision = gate.judge(score(19, 1f), score(19, 9f));

        assertThat(decision.promoted()).isTrue();
        assertThat(decision.reason()).contains("only 19 held-out positions");
    }

    @Test
    void a_score_counts_the_first_ten_and_unknown_items_as_misses() {
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

    private static Score score(int positions, float loss) {
        int[] ranks = new int[positions];
        Arrays.fill(ranks, 1);
        float[] losses = new float[positions];
        Arrays.fill(losses, loss);
        Score score = new Score();
        score.add(new EvaluationResult(ranks, losses));
        return score;
    }
}
