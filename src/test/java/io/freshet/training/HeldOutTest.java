package io.freshet.training;

import static io.freshet.training.TestingSequences.sequence;
import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.event.TrainingSequence;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeldOutTest {

    private static final TrainingSequence ANN = sequence("ann", 10, 0, 1, "a", "b");
    private static final TrainingSequence BOB = sequence("bob", 20, 1, 1, "a", "b");

    @Test
    void what_is_carried_into_training_does_not_judge_it() {
        HeldOut heldOut = new HeldOut(List.of(), List.of());
        heldOut.settle(1, List.of(ANN));
        assertThat(heldOut.carried()).containsExactly(ANN);
        assertThat(heldOut.judgingCarried()).isEmpty();

        heldOut.settle(3, List.of(BOB)); // the second was refused
        assertThat(heldOut.carried()).containsExactly(BOB);
        assertThat(heldOut.judgingCarried()).containsExactly(ANN);
        assertThat(heldOut.judging()).containsExactly(ANN, BOB);

        heldOut.settle(4, List.of());
        assertThat(heldOut.judgingCarried()).containsExactly(ANN, BOB);
    }
}
