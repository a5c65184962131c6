package io.freshet.training.window;

import static io.freshet.training.window.TestingHistory.user;
import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.event.TrainingSequence;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Panes are 10 ms long, and a window lasts 50 ms at most. */
class WindowAssemblerTest {

    private static final int LEAST = 4;
    private static final int MOST = 7;

    private final WindowAssembler assembler = assembler();

    @Test
    void a_pane_waits_for_the_watermark_of_its_last_millisecond() {
        assembler.add(user("u").fresh(4).inPane(10));

        assertThat(assembler.next(8, LEAST, MOST)).isNull();
        TrainingWindow window = due(9);
        assertThat(window.end()).isEqualTo(10);
        assertThat(window.firstTime()).isEqualTo(6);
        assertThat(window.interactions()).isEqualTo(4);
        assertThat(assembler.next(9, LEAST, MOST)).isNull();
        assertThat(assembler.size()).isZero();
    }

    @Test
    void panes_are_added_in_order_until_there_is_enough_and_users_in_order_within() {
        assembler.add(user("z").fresh("a").inPane(20));
        assembler.add(user("b").fresh("a").inPane(20));
        assembler.add(user("y").fresh("a").inPane(10));
        assembler.add(user("c").fresh("a").offset(8).inPane(10));
        assembler.add(user("c").fresh("a").offset(7).inPane(10));
        assembler.add(user("x").fresh("a").inPane(30));

        TrainingWindow window = due(100);
        assertThat(users(window.sequences())).containsExactly("c", "c", "y", "b", "z");
        assertThat(window.sequences().get(0).offsets()).containsExactly(7);
        assertThat(window.end()).isEqualTo(20);
        assertThat(assembler.size()).isEqualTo(1);
    }

    @Test
    void a_window_with_too_little_is_closed_by_event_time() {
        assembler.add(user("u").fresh("a").inPane(10));
        assembler.add(user("u").fresh("a").inPane(50));
        assembler.add(user("u").fresh("a").inPane(60));

        assertThat(assembler.next(48, LEAST, MOST)).isNull();
        TrainingWindow window = due(49);
        assertThat(window.end()).isEqualTo(50);
        assertThat(window.interactions()).isEqualTo(2);
        assertThat(assembler.next(59, LEAST, MOST)).isNull();
        assertThat(assembler.size()).isEqualTo(1);
    }

    @Test
    void how_far_the_watermark_jumps_makes_no_difference() {
        assembler.add(user("u").fresh("a").inPane(10));
        assembler.add(user("u").fresh("a").inPane(70));

        assertThat(due(1000).end()).isEqualTo(50);
        assertThat(due(1000).end()).isEqualTo(110);
    }

    @Test
    void the_end_of_the_input_closes_no_window_that_the_data_do_not_close() {
        assembler.add(user("u").fresh("a").inPane(10));
        assertThat(assembler.next(Long.MAX_VALUE, LEAST, MOST)).isNull();
        assertThat(assembler.pending()).hasSize(1);

        assembler.add(user("u").fresh("a").inPane(70));
        assertThat(due(Long.MAX_VALUE).end()).isEqualTo(50);
        assertThat(assembler.next(Long.MAX_VALUE, LEAST, MOST)).isNull();
    }

    @Test
    void what_comes_late_is_trained_with_the_open_window_and_never_announced_in_the_past() {
        assembler.next(39, LEAST, MOST);
        assembler.add(user("late").fresh(4).inPane(10));

        assertThat(due(39).end()).isEqualTo(40);
    }

    @Test
    void what_comes_late_is_never_announced_before_an_earlier_window() {
        assembler.add(user("u").fresh(4).inPane(30));
        assembler.add(user("u").fresh(4).inPane(40));
        assertThat(due(39).end()).isEqualTo(30);

        assembler.add(user("late").fresh(4).inPane(10));

        assertThat(due(39).end()).isEqualTo(30);
        assertThat(due(39).end()).isEqualTo(40);
    }

    @Test
    void a_pane_that_brings_more_than_a_window_may_have_is_split_between_sequences() {
        for (String name : List.of("d", "b", "e", "a", "c")) {
            assembler.add(user(name).fresh(3).inPane(10));
        }

        TrainingWindow first = due(9);
        assertThat(users(first.sequences())).containsExactly("a", "b");
        assertThat(first.end()).isEqualTo(10);
        TrainingWindow second = due(9);
        assertThat(users(second.sequences())).containsExactly("c", "d");
        assertThat(second.end()).as("the same pane").isEqualTo(10);
        assertThat(assembler.next(9, LEAST, MOST)).as("3 interactions are too few").isNull();
        assertThat(users(assembler.pending())).containsExactly("e");
    }

    @Test
    void a_pane_that_no_longer_fits_closes_the_window_before_it() {
        assembler.add(user("a").fresh(3).inPane(10));
        assembler.add(user("b").fresh(5).inPane(20));

        TrainingWindow window = due(19);
        assertThat(users(window.sequences())).containsExactly("a");
        assertThat(window.end()).isEqualTo(20);
        assertThat(users(due(19).sequences())).containsExactly("b");
    }

    @Test
    void a_sequence_without_room_waits_for_room() {
        assembler.add(user("a").fresh(3).inPane(10));

        assertThat(assembler.isFull(8, 2)).as("the pane is not complete").isFalse();
        assertThat(assembler.isFull(9, 3)).isFalse();
        assertThat(assembler.isFull(9, 2)).isTrue();
        assertThat(assembler.next(9, 1, 2)).isNull();
        assertThat(assembler.complete(9)).isEqualTo(1);
        assertThat(assembler.next(9, 1, 3)).isNotNull();
    }

    @Test
    void the_order_of_arrival_makes_no_difference_to_a_split() {
        List<TrainingSequence> pane = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            pane.add(user("u" + i % 30).fresh(1 + i % 4).offset(10 * i).inPane(10));
        }
        List<List<String>> expected = windows(pane);
        assertThat(expected.size()).isGreaterThan(10);

        for (int seed = 0; seed < 20; seed++) {
            Collections.shuffle(pane, new Random(seed));
            assertThat(windows(pane)).isEqualTo(expected);
        }
    }

    @Test
    void thinning_takes_from_the_pane_with_most_so_that_no_time_is_left_out() {
        for (int i = 0; i < 20; i++) {
            assembler.add(user("u" + i).fresh(1).inPane(10));
        }
        for (int i = 0; i < 4; i++) {
            assembler.add(user("v" + i).fresh(1).inPane(20));
            assembler.add(user("v" + i).fresh(1).inPane(30));
        }

        for (int i = 0; i < 16; i++) {
            assertThat(assembler.thin()).isTrue();
        }
        assertThat(paneEnds()).containsOnly(10L, 20L, 30L).hasSize(12);
        assertThat(paneEnds().stream().filter(end -> end == 10)).hasSize(4);

        for (int i = 0; i < 3; i++) {
            assertThat(assembler.thin()).isTrue();
        }
        assertThat(paneEnds())
                .containsExactlyInAnyOrder(10L, 10L, 10L, 20L, 20L, 20L, 30L, 30L, 30L);
    }

    @Test
    void who_is_thinned_out_depends_on_user_and_pane_alone() {
        List<TrainingSequence> all = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            String name = "u" + i / 2; // two sequences of each user in each pane
            all.add(user(name).fresh(1).offset(i).inPane(10));
            all.add(user(name).fresh(1).offset(100 + i).inPane(20));
        }
        List<TrainingSequence> expected = thinned(all, 30);
        assertThat(expected).hasSize(30);
        assertThat(usersOf(expected, 10)).isNotEqualTo(usersOf(expected, 20));

        for (int seed = 0; seed < 20; seed++) {
            Collections.shuffle(all, new Random(seed));
            assertThat(thinned(all, 30)).isEqualTo(expected);
        }
    }

    @Test
    void what_collects_already_is_not_thinned_out() {
        assembler.add(user("u").fresh(1).inPane(10));
        assembler.next(9, LEAST, MOST);

        assertThat(assembler.thin()).isFalse();
        assertThat(assembler.size()).isEqualTo(1);
    }

    @Test
    void a_forgotten_user_is_in_no_pane() {
        assembler.add(user("u").fresh("a").inPane(10));
        assembler.add(user("v").fresh("a").inPane(10));
        assembler.next(9, LEAST, MOST);
        assembler.add(user("u").fresh("a").inPane(20));

        assertThat(assembler.forget("u")).isEqualTo(2);

        assertThat(users(assembler.pending())).containsExactly("v");
        assertThat(assembler.size()).isEqualTo(1);
    }

    @Test
    void a_forgotten_users_interactions_no_longer_fill_the_window() {
        assembler.add(user("u").fresh(3).inPane(10));
        assembler.next(9, LEAST, MOST);

        assertThat(assembler.forget("u")).isEqualTo(1);

        assembler.add(user("v").fresh(3).inPane(20));
        assertThat(assembler.next(19, LEAST, MOST)).isNull();
        assembler.add(user("w").fresh(1).inPane(30));
        assertThat(due(29).interactions()).isEqualTo(4);
    }

    @Test
    void what_is_open_can_be_closed_early() {
        assertThat(assembler.closeNow()).isNull();
        assembler.add(user("u").fresh("a").inPane(10));
        assembler.add(user("u").fresh("a").inPane(30));
        assertThat(assembler.complete(8)).isZero();
        assertThat(assembler.complete(9)).isEqualTo(1);
        assertThat(assembler.next(15, LEAST, MOST)).isNull();

        TrainingWindow window = Objects.requireNonNull(assembler.closeNow());
        assertThat(window.interactions()).isEqualTo(1);
        assertThat(window.end()).as("later than every watermark").isEqualTo(16);
        assertThat(assembler.complete(15)).isZero();
    }

    private static WindowAssembler assembler() {
        return new WindowAssembler(Duration.ofMillis(50), Duration.ofMillis(10));
    }

    private TrainingWindow due(long watermark) {
        return Objects.requireNonNull(assembler.next(watermark, LEAST, MOST));
    }

    private List<Long> paneEnds() {
        return assembler.pending().stream().map(TrainingSequence::paneEnd).toList();
    }

    /** User and first offset of each sequence of each window. */
    private static List<List<String>> windows(List<TrainingSequence> pane) {
        WindowAssembler assembler = assembler();
        pane.forEach(assembler::add);
        List<List<String>> windows = new ArrayList<>();
        TrainingWindow window = assembler.next(9, LEAST, MOST);
        while (window != null) {
            assertThat(window.interactions()).isBetween(LEAST, MOST);
            windows.add(window.sequences().stream().map(s -> s.userId() + s.offsets()[0]).toList());
            window = assembler.next(9, LEAST, MOST);
        }
        return windows;
    }

    private static List<TrainingSequence> thinned(List<TrainingSequence> all, int most) {
        WindowAssembler assembler = assembler();
        for (TrainingSequence sequence : all) {
            assembler.add(sequence);
            if (assembler.size() > most) {
                assembler.thin();
            }
        }
        return assembler.pending();
    }

    private static List<String> users(List<TrainingSequence> sequences) {
        return sequences.stream().map(TrainingSequence::userId).toList();
    }

    private static List<String> usersOf(List<TrainingSequence> sequences, long paneEnd) {
        return users(sequences.stream().filter(each -> each.paneEnd() == paneEnd).toList());
    }
}
