package io.freshet.training.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.freshet.training.TestingSequences;
import org.junit.jupiter.api.Test;

class LearningRateScheduleTest {

    private static final int STEPS = 100;

    private final LearningRateSchedule schedule =
            LearningRateSchedule.fineTuning(TestingSequences.training(), STEPS);

    @Test
    void the_head_rises_to_its_peak_and_falls_to_almost_nothing() {
        assertThat(schedule.head(0)).isCloseTo(0.0001f, within(1e-6f));
        assertThat(schedule.head(9)).isCloseTo(0.001f, within(1e-6f));
        assertThat(schedule.head(55)).isCloseTo(0.0005f, within(2e-5f));
        assertThat(schedule.head(STEPS - 1)).isPositive().isLessThan(1e-6f);
        for (int step = 10; step < STEPS; step++) {
            assertThat(schedule.head(step)).isLessThan(schedule.head(step - 1));
        }
    }

    @Test
    void the_body_is_frozen_first_and_then_has_its_own_rise_and_fall() {
        for (int step = 0; step < 25; step++) {
            assertThat(schedule.body(step)).isZero();
        }
        assertThat(schedule.body(25)).isPositive().isLessThan(schedule.body(32));
        assertThat(schedule.body(32)).isCloseTo(0.0003f, within(1e-6f));
        assertThat(schedule.body(STEPS - 1)).isPositive().isLessThan(1e-6f);
    }

    @Test
    void a_single_step_still_learns() {
        LearningRateSchedule one = LearningRateSchedule.fineTuning(TestingSequences.training(), 1);

        assertThat(one.head(0)).isPositive();
        assertThat(one.body(0)).isPositive();
    }

    @Test
    void pre_training_moves_head_and_body_alike_from_the_first_step() {
        LearningRateSchedule whole =
                LearningRateSchedule.pretraining(TestingSequences.training(), STEPS);

        assertThat(whole.body(0)).isPositive();
        assertThat(whole.body(40)).isEqualTo(whole.head(40));
        assertThat(whole.layerDecay()).isEqualTo(1);
    }
}
