package io.freshet.training;

import static io.freshet.training.TestingSequences.sequence;
import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.event.TrainingSequence;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class WindowAssemblerTest {

    private static final int ENOUGH = 4;
    private static final Duration PANE = Duration.ofMillis(10);
    private static final Duration LONGEST = Duration.ofMillis(50);

    private final WindowAssembler assembler = new WindowAssembler(new WindowTrigger(LONGEST, PANE));

    @Test
    void a_pane_waits_for_the_watermark_of_its_last_millisecond() {
        assembler.add(sequence("u", 10, 0, 4, "a", "b", "c", "d"));

        assertThat(assembler.next(8, ENOUGH)).isNull();
        TrainingWindow window = due(9);
        assertThat(window.end()).isEqualTo(10);
        assertThat(window.interactions()).isEqualTo(4);
        assertThat(assembler.next(9, ENOUGH)).isNull();
        assertThat(assembler.size()).isZero();
    }

    @Test
    void panes_are_added_in_order_until_there_is_enough_and_users_in_order_within() {
        assembler.add(sequence("z", 20, 4, 1, "a"));
        assembler.add(sequence("b", 20, 5, 1, "a"));
        assembler.add(sequence("y", 10, 6, 1, "a"));
        assembler.add(sequence("c", 10, 8, 1, "a"));
        assembler.add(sequence("c", 10, 7, 1, "a"));
        assembler.add(sequence("x", 30, 9, 1, "a"));

        TrainingWindow window = due(100);
        assertThat(window.sequences())
                .extracting(TrainingSequence::userId)
                .containsExactly("c", "c", "y", "b", "z");
        assertThat(window.sequences().get(0).offsets()).containsExactly(7);
        assertThat(window.end()).isEqualTo(20);
        assertThat(assembler.size()).isEqualTo(1);
    }

    @Test
    void a_window_with_too_little_is_closed_by_event_time() {
        assembler.add(sequence("u", 10, 0, 1, "a"));
        assembler.add(sequence("u", 50, 1, 1, "a"));
        assembler.add(sequence("u", 60, 2, 1, "a"));

        assertThat(assembler.next(48, ENOUGH)).isNull();
        TrainingWindow window = due(49);
        assertThat(window.end()).isEqualTo(50);
        assertThat(window.interactions()).isEqualTo(2);
        assertThat(assembler.next(59, ENOUGH)).isNull();
        assertThat(assembler.size()).isEqualTo(1);
    }

    @Test
    void how_far_the_watermark_jumps_makes_no_difference() {
        assembler.add(sequence("u", 10, 0, 1, "a"));
        assembler.add(sequence("u", 70, 1, 1, "a"));

        assertThat(due(1000).end()).isEqualTo(50);
        assertThat(due(1000).end()).isEqualTo(110);
    }

    @Test
    void the_end_of_the_input_closes_no_window_that_the_data_do_not_close() {
        assembler.add(sequence("u", 10, 0, 1, "a"));
        assertThat(assembler.next(Long.MAX_VALUE, ENOUGH)).isNull();
        assertThat(assembler.pending()).hasSize(1);

        assembler.add(sequence("u", 70, 1, 1, "a"));
        assertThat(due(Long.MAX_VALUE).end()).isEqualTo(50);
        assertThat(assembler.next(Long.MAX_VALUE, ENOUGH)).isNull();
    }

    @Test
    void what_comes_late_is_trained_with_the_open_window_and_never_announced_in_the_past() {
        assembler.next(39, ENOUGH);
        assembler.add(sequence("late", 10, 0, 4, "a", "b", "c", "d"));

        assertThat(due(39).end()).isEqualTo(40);
    }

    @Test
    void a_forgotten_user_is_in_no_pane() {
        assembler.add(sequence("u", 10, 0, 1, "a"));
        assembler.add(sequence("v", 10, 1, 1, "a"));
        assembler.next(9, ENOUGH);
        assembler.add(sequence("u", 20, 2, 1, "a"));

        assembler.forget("u");

        assertThat(assembler.pending()).extracting(TrainingSequence::userId).containsExactly("v");
    }

    @Test
    void a_forgotten_users_interactions_no_longer_fill_the_window() {
        assembler.add(sequence("u", 10, 0, 3, "a", "b", "c"));
        assembler.next(9, ENOUGH);

        assertThat(assembler.forget("u")).isEqualTo(1);

        assembler.add(sequence("v", 20, 3, 3, "a", "b", "c"));
        assertThat(assembler.next(19, ENOUGH)).isNull();
        assembler.add(sequence("w", 30, 6, 1, "a"));
        assertThat(due(29).interactions()).isEqualTo(4);
    }

    @Test
    void what_is_open_can_be_closed_early() {
        assertThat(assembler.closeNow()).isNull();
        assembler.add(sequence("u", 10, 0, 1, "a"));
        assembler.add(sequence("u", 30, 1, 1, "a"));
        assertThat(assembler.complete(8)).isZero();
        assertThat(assembler.complete(9)).isEqualTo(1);
        assertThat(assembler.next(15, ENOUGH)).isNull();

        TrainingWindow window = Objects.requireNonNull(assembler.closeNow());
        assertThat(window.interactions()).isEqualTo(1);
        assertThat(window.end()).as("later than every watermark").isEqualTo(16);
        assertThat(assembler.complete(15)).isZero();
    }

    private TrainingWindow due(long watermark) {
        return Objects.requireNonNull(assembler.next(watermark, ENOUGH));
    }
}
