package io.freshet.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EvaluationResultTest {

    @Test
    void a_target_without_a_finite_loss_is_never_a_hit() {
        float[] losses = {1, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY};

        assertThat(new EvaluationResult(new int[] {3, 1, 1, 1}, losses).ranks())
                .containsExactly(3, Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE);
    }

    @Test
    void ranks_begin_at_one() {
        int[] given = {0, 1, -1};

        assertThat(new EvaluationResult(given, new float[3]).ranks())
                .containsExactly(Integer.MAX_VALUE, 1, Integer.MAX_VALUE);
        assertThat(given).as("the caller's own").containsExactly(0, 1, -1);
    }
}
