package io.freshet.training.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.freshet.training.learn.Gate.Ruling;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class GateTest {

    private final Gate gate = new Gate(0.02f, 0.1f);

    @Test
    void a_change_within_the_tolerance_passes() {
        assertThat(judge(all(100, 5f), all(100, 5.09f)).ruling()).isEqualTo(Ruling.PASS);
        assertThat(judge(all(100, 5f), all(100, 4f)).ruling()).isEqualTo(Ruling.PASS);
    }

    @Test
    void what_is_surely_worse_is_refused_with_figures() {
        Gate.Decision decision = judge(all(100, 5f), all(100, 5.2f));

        assertThat(decision.ruling()).isEqualTo(Ruling.REFUSE);
        assertThat(decision.champion()).isEqualTo(5f);
        assertThat(decision.challenger()).isEqualTo(5.2f);
        assertThat(decision.reason())
                .isEqualTo(
                        "loss 5.2000 on 100 validation positions, 5.0000 before: a change of"
                                + " +0.2000 ± 0.0000, limit +0.1000; a change of 0.0 % could"
                                + " have been seen");
    }

    @Test
    void what_may_be_chance_is_left_open() {
        float[] after = all(100, 5f);
        for (int i = 0; i < after.length; i++) {
            after[i] += i % 2 == 0 ? 3f : -2.7f; // 0.15 worse on average, with an error of 0.29
        }

        assertThat(judge(all(100, 5f), after).ruling()).isEqualTo(Ruling.UNSURE);
    }

    @Test
    void too_few_positions_say_nothing() {
        Gate.Decision decision = judge(all(19, 1f), all(19, 2.9f));

        assertThat(decision.ruling()).isEqualTo(Ruling.PASS);
        assertThat(decision.reason()).contains("only 19 validation positions");
    }

    @Test
    void a_loss_many_times_as_high_fails_however_few() {
        for (int positions : new int[] {1, 6, 19, 100}) {
            Gate.Decision decision = judge(all(positions, 4.2f), all(positions, 8_882f));
            assertThat(decision.ruling()).isEqualTo(Ruling.FAIL);
            assertThat(decision.reason())
                    .isEqualTo(
                            "the model diverged: loss 8882.0000 on %d validation positions, 4.2000"
                                            .formatted(positions)
                                    + " before, which is more than 3 times as high");
        }
        assertThat(judge(all(6, 4.2f), all(6, 12.5f)).ruling()).isEqualTo(Ruling.PASS);
        assertThat(judge(all(6, 0.01f), all(6, 2f)).ruling())
                .as("a small loss multiplies easily")
                .isEqualTo(Ruling.PASS);
    }

    @Test
    void a_model_diverged_if_its_loss_is_many_times_as_high_or_not_finite_any_more() {
        assertThat(Gate.isDiverged(4.2f, 12.7f)).isTrue();
        assertThat(Gate.isDiverged(4.2f, Float.NaN)).isTrue();
        assertThat(Gate.isDiverged(4.2f, 12.5f)).isFalse();
        assertThat(Gate.isDiverged(Float.NaN, Float.NaN)).as("nothing was scored").isFalse();
    }

    @Test
    void positions_that_one_of_the_two_could_not_score_are_left_out() {
        float[] before = all(40, 5f);
        float[] after = all(40, 5f);
        Arrays.fill(before, 0, 10, Float.NaN);
        after[9] = Float.NaN;

        Gate.Decision decision = judge(before, after);
        assertThat(decision.ruling()).isEqualTo(Ruling.PASS);
        assertThat(decision.positions()).isEqualTo(30);
        assertThat(decision.reason()).contains("on 30 validation positions");
    }

    @Test
    void losses_that_were_finite_and_are_not_any_more_fail_however_few() {
        for (float broken : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
            float[] after = all(100, 4f);
            after[39] = broken;
            assertThat(judge(all(100, 5f), after).ruling()).isEqualTo(Ruling.FAIL);
            assertThat(judge(all(100, 5f), after).reason())
                    .isEqualTo("the loss of 1 validation positions is not finite any more");
            assertThat(judge(all(1, 5f), all(1, broken)).ruling()).isEqualTo(Ruling.FAIL);
        }
    }

    @Test
    void without_a_holdout_there_is_no_gate() {
        Gate open = new Gate(0.02f, 0);

        Gate.Decision decision = open.judge(items(100), all(100, 1f), all(100, 9f));
        assertThat(decision.ruling()).isEqualTo(Ruling.PASS);
        assertThat(decision.reason()).isEqualTo("no gate: training.holdout is 0");
        assertThat(decision.positions()).isZero();
        assertThat(decision.detectable()).isNaN();
    }

    @Test
    void the_detectable_change_is_that_of_a_test_with_eighty_percent_power() {
        float[] after = all(100, 5f);
        for (int i = 0; i < after.length; i++) {
            after[i] += i % 2 == 0 ? 1f : -1f; // standard error of the mean: 1 / sqrt(100)
        }

        Gate.Decision decision = judge(all(100, 5f), after);
        float expected = (1.96f + 0.84f) * 0.1f / 5;
        assertThat(decision.detectable()).isCloseTo(expected, within(1e-6f));
        assertThat(decision.reason()).endsWith("; a change of 5.6 % could have been seen");
        assertThat(judge(all(19, 5f), all(19, 5f)).detectable()).isNaN();
    }

    @Test
    void one_item_can_not_outvote_the_others() {
        List<String> items = new ArrayList<>(items(100));
        float[] before = all(100, 5f);
        float[] after = all(100, 5.2f);
        for (int i = 0; i < 50; i++) {
            items.set(i, "everybody's next");
            before[i] = 9f;
            after[i] = 8.5f;
        }

        assertThat(gate.judge(items, before, after).ruling()).isEqualTo(Ruling.REFUSE);
        assertThat(judge(before, after).ruling()).isEqualTo(Ruling.PASS);
    }

    private Gate.Decision judge(float[] before, float[] after) {
        return gate.judge(items(before.length), before, after);
    }

    private static List<String> items(int count) {
        List<String> items = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            items.add("item " + i);
        }
        return items;
    }

    private static float[] all(int count, float loss) {
        float[] losses = new float[count];
        Arrays.fill(losses, loss);
        return losses;
    }
}
