package io.freshet.training;

import static io.freshet.training.TestingSequences.sequence;
import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.event.TrainingSequence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class EarlyStopTest {

    private static final int POSITIONS = 40;

    private float[] now = losses(1);
    private final EarlyStop stop = new EarlyStop(judges(), losses(1), () -> now);

    @Test
    void stops_when_a_pass_made_positions_worse_than_the_pass_before() {
        now = losses(0.5f);
        assertThat(stop.worse()).isFalse();

        now = losses(0.7f);

        assertThat(stop.worse()).as("better than at first, worse than before").isTrue();
    }

    @Test
    void goes_on_when_worse_may_be_chance() {
        now = losses(1);
        now[3] = 2;

        assertThat(stop.worse()).isFalse();
    }

    @Test
    void goes_on_without_evidence() {
        EarlyStop blind =
                new EarlyStop(new Judges(List.of(), List.of()), new float[0], () -> new float[0]);

        assertThat(blind.worse()).isFalse();
    }

    /** One loss per position, that differ a little. */
    private static float[] losses(float mean) {
        float[] losses = new float[POSITIONS];
        Arrays.fill(losses, mean);
        for (int i = 0; i < POSITIONS; i++) {
            losses[i] += i % 3 * 0.01f * mean;
        }
        return losses;
    }

    private static Judges judges() {
        List<TrainingSequence> positions = new ArrayList<>();
        for (int i = 0; i < POSITIONS; i++) {
            positions.add(sequence("u" + i, 10, i, 1, "a", "item" + i));
        }
        return new Judges(positions, List.of());
    }
}
