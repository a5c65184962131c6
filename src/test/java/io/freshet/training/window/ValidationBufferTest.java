package io.freshet.training.window;

import static io.freshet.training.window.TestingHistory.user;
import static io.freshet.training.window.ValidationBuffer.WINDOWS;
import static io.freshet.training.window.ValidationBuffer.requireUntrained;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.freshet.event.TrainingSequence;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ValidationBufferTest {

    /** More positions than the buffer keeps, in one window. */
    private static final int FLOOD = 2_005;

    private static final TrainingSequence ANN =
            user("ann").after("a").fresh("b").offset(7).inPane(10);
    private static final TrainingSequence BOB =
            user("bob").after("a").fresh("b").offset(8).inPane(20);

    private static final double HOLDOUT = 0.125;

    private final ValidationBuffer buffer = new ValidationBuffer(HOLDOUT, List.of());

    @Test
    void a_position_validates_for_some_windows_and_is_then_trained() {
        buffer.settle(1, List.of(ANN));
        for (int window = 2; window <= 1 + WINDOWS; window++) {
            assertThat(buffer.judging(window)).as("window %d", window).containsExactly(ANN);
            assertThat(buffer.released(window)).as("window %d", window).isEmpty();
            buffer.settle(window, List.of());
        }

        assertThat(buffer.judging(2 + WINDOWS)).isEmpty();
        assertThat(buffer.released(2 + WINDOWS)).containsExactly(ANN);
        buffer.settle(2 + WINDOWS, List.of(BOB));

        assertThat(buffer.judging(3 + WINDOWS)).containsExactly(BOB);
        assertThat(buffer.released(3 + WINDOWS)).as("it is trained once").isEmpty();
    }

    @Test
    void what_a_refused_window_was_to_train_the_next_is_to_train() {
        buffer.settle(1, List.of(ANN));
        buffer.settle(2, List.of(BOB));

        assertThat(buffer.released(10)).containsExactly(ANN);
        // window 10 is refused, and not settled
        assertThat(buffer.released(11)).containsExactly(ANN, BOB);
        buffer.settle(11, List.of());
        assertThat(buffer.contents()).isEmpty();
    }

    @Test
    void nothing_that_validates_was_ever_trained_and_all_is_trained_in_the_end() {
        Set<TrainingSequence> trained = new HashSet<>();
        List<TrainingSequence> heldOut = new ArrayList<>();
        for (int window = 1; window <= 60; window++) {
            List<TrainingSequence> newest =
                    List.of(user("u").after("a").fresh("b").offset(window).inPane(10 * window));
            trained.addAll(buffer.released(window));
            assertThat(Collections.disjoint(buffer.judging(window), trained)).isTrue();
            assertThat(buffer.judging(window).size()).isLessThanOrEqualTo(WINDOWS);
            if (window % 7 == 0) {
                trained.removeAll(buffer.released(window)); // refused
            } else {
                buffer.settle(window, newest);
                heldOut.addAll(newest);
            }
        }

        assertThat(trained).containsExactlyInAnyOrderElementsOf(heldOut.subList(0, trained.size()));
        assertThat(trained.size() + buffer.contents().size()).isEqualTo(heldOut.size());
    }

    @Test
    void the_oldest_beyond_the_most_are_released_early() {
        buffer.settle(1, positions(FLOOD));
        assertThat(buffer.released(2)).isEqualTo(positions(5));
        assertThat(buffer.judging(2)).hasSize(FLOOD - 5);

        buffer.settle(2, List.of(ANN));

        assertThat(buffer.released(3))
                .as("one more than may be")
                .isEqualTo(POSITIONS.subList(5, 6));
        assertThat(buffer.judging(3)).hasSize(FLOOD - 5).endsWith(ANN);
        buffer.settle(3, List.of());
        assertThat(buffer.released(4)).isEmpty();
    }

    @Test
    void what_a_window_trains_no_longer_validates_though_users_are_forgotten_meanwhile() {
        buffer.settle(1, positions(FLOOD));
        List<TrainingSequence> trained = buffer.released(2);
        assertThat(trained).hasSize(5);

        assertThat(buffer.forget("u100")).isEqualTo(1);
        buffer.settle(2, List.of());

        assertThat(buffer.judging(3)).doesNotContainAnyElementsOf(trained).hasSize(FLOOD - 6);
    }

    @Test
    void early_release_outlives_a_restore() {
        buffer.settle(1, positions(FLOOD));

        ValidationBuffer restored = new ValidationBuffer(HOLDOUT, buffer.contents());

        assertThat(restored.released(2)).isEqualTo(buffer.released(2)).hasSize(5);
        assertThat(restored.judging(2)).isEqualTo(buffer.judging(2));
    }

    @Test
    void of_released_state_only_what_is_untrained_validates() {
        ValidationBuffer restored = ValidationBuffer.ofReleasedState(HOLDOUT, List.of(BOB), 40);

        assertThat(restored.judging(41)).containsExactly(BOB);
        assertThat(restored.released(40 + WINDOWS)).isEmpty();
        assertThat(restored.released(41 + WINDOWS)).containsExactly(BOB);
    }

    @Test
    void where_nothing_is_held_out_any_more_the_next_window_trains_what_was() {
        buffer.settle(1, List.of(ANN));

        ValidationBuffer restored = new ValidationBuffer(0, buffer.contents());

        assertThat(restored.judging(2)).isEmpty();
        assertThat(restored.released(2)).containsExactly(ANN);
    }

    @Test
    void a_forgotten_user_validates_nothing() {
        buffer.settle(1, List.of(ANN, BOB));

        assertThat(buffer.forget("ann")).isEqualTo(1);

        assertThat(buffer.judging(2)).containsExactly(BOB);
        assertThat(buffer.released(2 + WINDOWS)).containsExactly(BOB);
    }

    @Test
    void a_trained_or_replayed_position_can_not_validate() {
        TrainingSequence both = user("ann").fresh("a", "b").offset(6).inPane(10);

        assertThatThrownBy(() -> requireUntrained(List.of(BOB, ANN), List.of(both), List.of()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("partition=0, offset=7");
        assertThatThrownBy(() -> requireUntrained(List.of(BOB, ANN), List.of(), List.of(both)))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void what_is_history_or_of_another_user_can_be_trained() {
        TrainingSequence later = user("ann").after("a", "b").fresh("c").offset(9).inPane(20);
        TrainingSequence newTopic = user("cid").after("a").fresh("b").offset(7).inPane(90);

        assertThatCode(() -> requireUntrained(List.of(ANN), List.of(later), List.of(newTopic)))
                .doesNotThrowAnyException();
    }

    /** One position each of some users. */
    private static List<TrainingSequence> positions(int count) {
        return POSITIONS.subList(0, count);
    }

    private static final List<TrainingSequence> POSITIONS = new ArrayList<>();

    static {
        for (int i = 0; i < FLOOD; i++) {
            POSITIONS.add(user("u" + i).after("a").fresh("b").offset(i).inPane(10));
        }
    }
}
