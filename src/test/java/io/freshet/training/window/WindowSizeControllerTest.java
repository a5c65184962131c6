package io.freshet.training.window;

import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.training.Outcome.Gain;
import io.freshet.training.UpdatePace;
import org.junit.jupiter.api.Test;

class WindowSizeControllerTest {

    private final UpdatePace.State state = new UpdatePace.State();
    private final WindowSizeController size = controller();

    @Test
    void windows_grow_while_updates_gain_nothing_and_shrink_when_they_do() {
        assertThat(size.interactions()).isEqualTo(500);

        size.updated(new Gain(0, 3_000));
        assertThat(size.interactions()).isEqualTo(1000);
        for (int i = 0; i < 10; i++) {
            size.updated(new Gain(0, 3_000));
        }
        assertThat(size.interactions()).isEqualTo(4000);

        size.updated(new Gain(3_000, 3_000));
        assertThat(size.interactions()).isEqualTo(2000);
        for (int i = 0; i < 10; i++) {
            size.updated(new Gain(3_000, 3_000));
        }
        assertThat(size.interactions()).isEqualTo(500);
    }

    @Test
    void little_evidence_changes_nothing() {
        size.updated(new Gain(0, 500));
        size.updated(new Gain(0, 500));

        assertThat(size.interactions()).isEqualTo(500);
    }

    @Test
    void a_rise_of_the_loss_closes_the_window_at_once_and_is_remembered() {
        state.interactions = 4000;
        for (int i = 0; i < 50; i++) {
            size.tested(5 + 0.1f * (i % 3));
        }
        assertThat(size.interactions()).isEqualTo(4000);

        for (int i = 0; i < 3; i++) {
            size.tested(6);
        }
        assertThat(size.interactions()).isEqualTo(500);
        assertThat(controller().interactions()).isEqualTo(500);
        assertThat(state.drifted).isTrue();

        size.updated(Gain.NONE);
        assertThat(state.drifted).isFalse();
        assertThat(size.interactions()).as("until updates gain nothing").isEqualTo(500);
    }

    @Test
    void a_level_that_stays_or_falls_is_no_drift() {
        state.interactions = 4000;
        for (int i = 0; i < 1000; i++) {
            size.tested(8 - 0.002f * i + 0.3f * (i % 7));
        }

        assertThat(size.interactions()).isEqualTo(4000);
    }

    @Test
    void a_loss_that_is_not_finite_is_no_evidence() {
        state.interactions = 4000;
        for (int i = 0; i < 20; i++) {
            size.tested(5 + 0.1f * (i % 3));
        }
        for (int i = 0; i < 20; i++) {
            size.tested(Float.NaN);
            size.tested(Float.POSITIVE_INFINITY);
        }

        assertThat(size.interactions()).isEqualTo(4000);

        for (int i = 0; i < 10; i++) {
            size.tested(6);
        }
        assertThat(size.interactions()).as("a rise after it").isEqualTo(500);
    }

    private WindowSizeController controller() {
        return new WindowSizeController(500, 4000, state);
    }
}
