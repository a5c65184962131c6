package io.freshet.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.config.FreshetConfig;
import io.freshet.config.TrainingConfig;
import io.freshet.training.WindowOutcome.Gain;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;

class UpdatePaceTest {

    private final UpdatePace.State state = new UpdatePace.State();
    private final UpdatePace pace = new UpdatePace(config(), state);

    @Test
    void windows_grow_while_updates_gain_nothing_and_shrink_when_they_do() {
        assertThat(pace.interactions()).isEqualTo(500);

        pace.updated(new Gain(0, 300));
        assertThat(pace.interactions()).isEqualTo(1000);
        for (int i = 0; i < 10; i++) {
            pace.updated(new Gain(0, 300));
        }
        assertThat(pace.interactions()).isEqualTo(4000);

        pace.updated(new Gain(300, 300));
        assertThat(pace.interactions()).isEqualTo(2000);
        for (int i = 0; i < 10; i++) {
            pace.updated(new Gain(300, 300));
        }
        assertThat(pace.interactions()).isEqualTo(500);
    }

    @Test
    void little_evidence_changes_nothing() {
        pace.updated(new Gain(0, 50));
        pace.updated(new Gain(0, 50));

        assertThat(pace.interactions()).isEqualTo(500);
    }

    @Test
    void a_rise_of_the_loss_closes_the_window_at_once_and_is_remembered() {
        state.interactions = 4000;
        for (int i = 0; i < 50; i++) {
            pace.tested(5 + 0.1f * (i % 3));
        }
        assertThat(pace.interactions()).isEqualTo(4000);

        for (int i = 0; i < 3; i++) {
            pace.tested(6);
        }
        assertThat(pace.interactions()).isEqualTo(500);
        assertThat(new UpdatePace(config(), state).interactions()).isEqualTo(500);
    }

    @Test
    void a_level_that_stays_or_falls_is_no_drift() {
        state.interactions = 4000;
        for (int i = 0; i < 1000; i++) {
            pace.tested(8 - 0.002f * i + 0.3f * (i % 7));
        }

        assertThat(pace.interactions()).isEqualTo(4000);
    }

    private static TrainingConfig config() {
        Configuration options = new Configuration();
        options.set(TrainingConfig.Window.MIN_INTERACTIONS, 500);
        options.set(TrainingConfig.Window.MAX_INTERACTIONS, 4000);
        return FreshetConfig.from(options).training();
    }
}
