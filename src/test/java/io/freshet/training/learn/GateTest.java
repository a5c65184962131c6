package io.freshet.training.learn;

import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.training.learn.Gate.Ruling;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class GateTest {

    private final Gate gate = new Gate(0.02f);

    @Test
    void a_change_within_the_tolerance_passes() {
        assertThat(judge(all(100, 5f), all(100, 5.09f)).ruling()).isEqualTo(Ruling.PASS);
        assertThat(judge(all(100, 5f), all(100, 4f)).ruling()).isEqualTo(Ruling.PASS);
    }

    @Test
    void what_is_surely_worse_is_refused_with_figures() {
        Gate.Decision decision = judge(all(100, 5f), all(100, 5.2f));

        assertThat(decision.ruling()).isEqualTo(Ruling.REFUSE);
        assertThat(decision.before()).isEqualTo(5f);
        assertThat(decision.after()).isEqualTo(5.2f);
        assertThat(decision.reason())
                .isEqualTo(
                        "loss 5.2000 on 100 held-out positions, 5.0000 before: a change of"
                                + " +0.2000 ± 0.0000, limit +0.1000");
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
        Gate.Decision decision = judge(all(19, 1f), all(19, 9f));

        assertThat(decision.ruling()).isEqualTo(Ruling.PASS);
        assertThat(decision.reason()).contains("only 19 held-out positions");
    }

    @Test
    void positions_that_one_of_the_two_could_not_score_are_left_out() {
        float[] before = all(40, 5f);
        float[] after = all(40, 5f);
        Arrays.fill(before, 0, 10, Float.NaN);
        after[39] = Float.NaN;

        assertThat(judge(before, after).reason()).contains("on 29 held-out positions");
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
