package io.freshet.training.window;

import static io.freshet.training.window.TestingHistory.user;
import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.config.FreshetConfig;
import io.freshet.config.HistoryConfig;
import io.freshet.config.TrainingConfig;
import io.freshet.event.TrainingSequence;
import io.freshet.model.ContentLayout;
import io.freshet.training.FineTuneState;
import io.freshet.training.Outcome.Gain;
import io.freshet.training.TrainingSettings;
import io.freshet.training.UpdateStats;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;

/** Panes are 10 ms long, a lot is 4 interactions and a window 10 at most. */
class BacklogTest {

    private static final int LOT = 4;
    private static final int WINDOW = 10;
    private static final int MOST_PENDING = 12;
    private static final long ALL = 1_000;

    private final FineTuneState state = new FineTuneState();
    private final Backlog backlog = backlog(state);

    @Test
    void a_lot_is_pending_until_it_is_settled_and_tested_until_its_window_is() {
        backlog.add(user("u").fresh(4).inPane(10));
        TrainingWindow lot = evaluate(9);
        assertThat(backlog.nextLot(9)).as("the same until it is settled").isSameAs(lot);
        assertThat(backlog.pending()).hasSize(1);
        assertThat(backlog.tested()).isEmpty();

        backlog.settle(1, false);
        assertThat(backlog.pending()).isEmpty();
        assertThat(backlog.tested()).hasSize(1);
        assertThat(backlog.isWindowDue(9, false)).isTrue();
        assertThat(backlog.stats(3)).isEqualTo(UpdateStats.untrained(3, 6, 10, 4, 1));

        backlog.trained(Gain.NONE);
        assertThat(backlog.size()).isZero();
        assertThat(backlog.isWindowDue(9, false)).isFalse();
    }

    @Test
    void its_bytes_and_how_far_it_is_behind_are_those_of_all_that_waits() {
        assertThat(backlog.bytes()).isZero();
        assertThat(backlog.behind(1000)).isZero();

        for (int i = 0; i < MOST_PENDING + 2; i++) {
            backlog.add(user("u" + i).fresh(2).inPane(i < 3 ? 10 : 20));
            assertThat(backlog.bytes()).isEqualTo(bytesOf(backlog));
        }
        assertThat(backlog.passedOver()).isPositive();
        assertThat(backlog.behind(1000)).as("the end of the pane").isEqualTo(990);
        assertThat(backlog.behind(Long.MIN_VALUE)).as("no event time yet").isZero();

        evaluate(19);
        assertThat(backlog.bytes()).as("in test").isEqualTo(bytesOf(backlog));
        assertThat(backlog.behind(1000)).as("two in a pane of 10").isEqualTo(992);
        backlog.settle(1, false);
        assertThat(backlog.bytes()).as("tested").isEqualTo(bytesOf(backlog)).isPositive();
        assertThat(backlog.behind(1000)).isEqualTo(992);
        backlog.forget("u0");
        backlog.forget("u5");
        assertThat(backlog.bytes()).as("without two").isEqualTo(bytesOf(backlog));
        backlog.trained(Gain.NONE);
        assertThat(backlog.bytes()).as("trained").isEqualTo(bytesOf(backlog));
        assertThat(backlog.behind(1000)).isLessThan(992);

        Backlog restored =
                new Backlog(
                        settings(true),
                        MOST_PENDING,
                        state,
                        List.of(user("p").fresh(2).inPane(40)),
                        List.of(user("t").fresh(2).inPane(30)));
        assertThat(restored.bytes()).as("restored").isEqualTo(bytesOf(restored));
    }

    /** A position of one letter has 13 bytes, a fresh one 16 more. */
    @Test
    void bytes_are_those_of_ids_and_numbers() {
        backlog.add(user("ann").fresh("x", "y").inPane(10));

        TrainingSequence sequence = backlog.pending().get(0);
        assertThat(sequence.items()).allSatisfy(item -> assertThat(item).hasSize(1));
        assertThat(backlog.bytes())
                .isEqualTo(3 + 13L * sequence.items().length + 16L * sequence.fresh().length);
    }

    private static long bytesOf(Backlog backlog) {
        return Stream.concat(backlog.pending().stream(), backlog.tested().stream())
                .mapToLong(SequenceParts::bytes)
                .sum();
    }

    @Test
    void what_the_base_version_was_trained_on_is_left_out() {
        state.trainedThrough = 7;
        backlog.add(user("u").fresh("a", "b", "c", "d").inPane(10)); // at 6, 7, 8 and 9
        backlog.add(user("old").fresh("a").inPane(8));

        assertThat(backlog.pending()).hasSize(1);
        assertThat(backlog.pending().get(0).fresh()).containsExactly(2, 3);
        assertThat(backlog.passedOver()).as("it is trained").isZero();
    }

    @Test
    void a_lot_that_would_make_the_window_too_large_waits_for_the_next() {
        state.pace.interactions = WINDOW;
        Backlog growing = backlog(state);
        growing.add(user("a").fresh(4).inPane(10));
        growing.add(user("b").fresh(4).inPane(20));
        growing.add(user("c").fresh(4).inPane(30));
        for (int lot = 0; lot < 2; lot++) {
            assertThat(growing.isWindowDue(29, false)).isFalse();
            assertThat(growing.nextLot(29)).isNotNull();
            growing.settle(1, false);
        }
        assertThat(growing.nextLot(29)).isNull();
        assertThat(growing.isWindowDue(29, false)).as("8 of 10, and no room for 4").isTrue();
        assertThat(growing.stats(1).interactions()).isEqualTo(8);

        growing.trained(Gain.NONE);
        TrainingWindow next = Objects.requireNonNull(growing.nextLot(29));
        assertThat(next.sequences()).extracting(TrainingSequence::userId).containsExactly("c");
    }

    @Test
    void no_window_is_larger_than_the_most_and_nothing_is_lost() {
        List<TrainingSequence> all = new ArrayList<>();
        Random random = new Random(1);
        for (int i = 0; i < 300; i++) {
            int pane = i < 100 ? 1 : 1 + random.nextInt(20); // the first pane is a flood
            all.add(user("u" + i).fresh(1 + random.nextInt(4)).offset(i).inPane(10 * pane));
        }
        List<List<String>> expected = windows(all);
        for (int seed = 0; seed < 5; seed++) {
            Collections.shuffle(all, new Random(seed));
            assertThat(windows(all)).isEqualTo(expected);
        }
    }

    @Test
    void a_window_that_time_has_closed_is_due_however_small() {
        backlog.add(user("u").fresh(1).inPane(10));
        backlog.add(user("u").fresh(1).inPane(300));

        assertThat(evaluate(299).interactions()).isEqualTo(1);
        backlog.settle(1, true);

        assertThat(backlog.isWindowDue(299, false)).isTrue();
        backlog.trained(Gain.NONE);
        assertThat(state.due).as("whether the next is due, too").isFalse();
    }

    @Test
    void larger_windows_catch_up_with_what_has_piled_up() {
        for (int i = 0; i < MOST_PENDING; i++) {
            backlog.add(user("u" + i).fresh(1).inPane(10 * (i + 1)));
        }
        evaluate(ALL);
        backlog.settle(1, false);

        assertThat(backlog.isWindowDue(ALL, false)).isTrue();
        assertThat(backlog.isWindowDue(ALL, true)).as("8 sequences wait, 4 are tested").isTrue();
        for (int i = 0; i < 4; i++) {
            backlog.add(user("v" + i).fresh(1).inPane(200 + 10 * i));
        }
        assertThat(backlog.isWindowDue(ALL, true)).as("12 wait, 4 are tested").isFalse();
    }

    @Test
    void what_waits_is_bounded_though_training_is_not_paused() {
        for (int i = 0; i < 100; i++) {
            backlog.add(user("u" + i).fresh(1).inPane(10 + 10 * (i / 50)));
        }

        assertThat(backlog.size()).isEqualTo(MOST_PENDING);
        assertThat(backlog.pending()).filteredOn(s -> s.paneEnd() == 10).hasSize(6);
        assertThat(backlog.passedOver()).isEqualTo(100 - MOST_PENDING);
        assertThat(backlog.resume()).as("there was no pause").isZero();
    }

    @Test
    void which_sequences_are_passed_over_does_not_depend_on_their_order() {
        List<TrainingSequence> all = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            all.add(user("u" + i % 40).fresh(1).offset(i).inPane(10 + 10 * (i / 40)));
        }
        List<TrainingSequence> expected = kept(all);

        for (int seed = 0; seed < 20; seed++) {
            Collections.shuffle(all, new Random(seed));
            assertThat(kept(all)).isEqualTo(expected);
        }
    }

    @Test
    void what_a_checkpoint_held_beyond_the_bound_is_thinned_out() {
        List<TrainingSequence> pending = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            pending.add(user("u" + i).fresh(1).inPane(10));
        }
        Backlog restored = new Backlog(settings(true), MOST_PENDING, state, pending, List.of());

        restored.add(user("v").fresh(1).inPane(20));

        assertThat(restored.size()).isEqualTo(MOST_PENDING);
        assertThat(restored.pending()).filteredOn(s -> s.userId().equals("v")).hasSize(1);
    }

    @Test
    void nothing_is_given_out_in_a_pause_and_what_it_passed_over_is_reported_once() {
        backlog.add(user("early").fresh(4).inPane(10));
        evaluate(9);
        backlog.settle(1, false);
        backlog.pause();
        for (int i = 0; i < MOST_PENDING + 3; i++) {
            backlog.add(user("u" + i).fresh(4).inPane(20));
        }

        assertThat(backlog.isPaused()).isTrue();
        assertThat(backlog.isWindowDue(19, false)).isFalse();
        assertThat(backlog.nextLot(19)).isNull();

        assertThat(backlog.resume()).isEqualTo(3);
        assertThat(backlog.isWindowDue(19, false)).isTrue();
        assertThat(backlog.nextLot(19)).isNotNull();
        assertThat(backlog.resume()).isZero();
        assertThat(backlog.passedOver()).as("in all").isEqualTo(3);
    }

    @Test
    void a_window_can_be_closed_with_what_is_complete() {
        backlog.add(user("u").fresh(2).inPane(10));
        backlog.add(user("u").fresh(2).inPane(20));
        backlog.closeWindow();

        assertThat(evaluate(9).interactions()).isEqualTo(2);
        backlog.settle(1, false);

        assertThat(backlog.isWindowDue(9, false)).isTrue();
        assertThat(backlog.stats(1).interactions()).isEqualTo(2);
        backlog.trained(Gain.NONE);
        assertThat(backlog.nextLot(19)).as("it was asked for once").isNull();
    }

    @Test
    void a_closed_window_gets_all_that_is_complete() {
        state.pace.interactions = WINDOW;
        Backlog growing = backlog(state);
        growing.add(user("u").fresh(4).inPane(10));
        growing.add(user("u").fresh(2).inPane(20));
        assertThat(growing.nextLot(9)).isNotNull();
        growing.settle(1, false);
        growing.closeWindow();

        assertThat(growing.isWindowDue(19, false)).as("a pane is complete").isFalse();
        assertThat(growing.nextLot(19)).isNotNull();
        assertThat(growing.isWindowDue(19, false)).as("it is being evaluated").isFalse();
        growing.settle(1, false);

        assertThat(growing.isWindowDue(19, false)).isTrue();
        assertThat(growing.stats(1)).isEqualTo(UpdateStats.untrained(1, 6, 20, 6, 2));
    }

    @Test
    void what_updates_gain_and_how_lots_did_decide_on_the_size_of_windows() {
        assertThat(backlog.windowSize()).isEqualTo(LOT);
        backlog.trained(new Gain(0, 3_000));
        assertThat(backlog.windowSize()).isEqualTo(2 * LOT);

        for (int i = 1; i <= 60; i++) {
            backlog.add(user("u").fresh(4).inPane(10 * i));
            evaluate(10 * i);
            backlog.settle(i <= 50 ? 5 + 0.1f * (i % 3) : 6, false);
            backlog.trained(Gain.NONE);
            if (i == 50) {
                assertThat(backlog.windowSize()).isEqualTo(2 * LOT);
            }
        }
        assertThat(backlog.windowSize()).as("the loss has risen").isEqualTo(LOT);
    }

    @Test
    void all_that_is_complete_is_trained_before_a_closed_window_though_it_is_several() {
        for (int i = 0; i < 5; i++) {
            backlog.add(user("u" + i).fresh(4).inPane(10));
        }
        backlog.closeWindow();

        assertThat(sizes(backlog, 9)).containsExactly(8, 8, 4);
    }

    @Test
    void a_forgotten_user_is_nowhere() {
        for (int pane = 1; pane <= 4; pane++) {
            backlog.add(user("u").fresh(2).inPane(10 * pane));
            backlog.add(user("v").fresh(2).inPane(10 * pane));
        }
        evaluate(39);
        backlog.settle(1, false);
        evaluate(39); // the second is being evaluated, two wait

        assertThat(backlog.forget("u")).isEqualTo(4);

        assertThat(backlog.tested()).extracting(TrainingSequence::userId).containsOnly("v");
        assertThat(backlog.pending()).extracting(TrainingSequence::userId).containsOnly("v");
        assertThat(backlog.stats(1).interactions()).isEqualTo(2);
        assertThat(backlog.forget("v")).isEqualTo(4);
        backlog.settle(1, true);
        assertThat(backlog.size()).isZero();
        assertThat(state.due).as("whether nothing is due").isFalse();
    }

    @Test
    void without_training_a_lot_is_only_evaluated() {
        Backlog evaluated = new Backlog(settings(false), MOST_PENDING, state, List.of(), List.of());
        evaluated.add(user("u").fresh(4).inPane(10));
        assertThat(evaluated.nextLot(9)).isNotNull();

        evaluated.settle(1, true);

        assertThat(evaluated.size()).isZero();
        assertThat(evaluated.isWindowDue(9, false)).isFalse();
    }

    private TrainingWindow evaluate(long watermark) {
        return Objects.requireNonNull(backlog.nextLot(watermark));
    }

    private static List<TrainingSequence> kept(List<TrainingSequence> all) {
        Backlog backlog = backlog(new FineTuneState());
        all.forEach(backlog::add);
        return backlog.pending();
    }

    /** Windows that all sequences make at once, by their users. */
    private static List<List<String>> windows(List<TrainingSequence> all) {
        Backlog backlog =
                new Backlog(settings(true), Integer.MAX_VALUE, new FineTuneState(), all, List.of());
        backlog.closeWindow();
        List<List<String>> windows = new ArrayList<>();
        while (goOn(backlog, ALL)) {
            assertThat(backlog.stats(1).interactions()).isBetween(1, WINDOW);
            windows.add(backlog.tested().stream().map(TrainingSequence::userId).toList());
            backlog.trained(Gain.NONE);
        }
        assertThat(backlog.size()).isZero();
        assertThat(windows.stream().flatMap(List::stream))
                .doesNotHaveDuplicates()
                .hasSize(all.size());
        return windows;
    }

    private static List<Integer> sizes(Backlog backlog, long watermark) {
        List<Integer> sizes = new ArrayList<>();
        while (goOn(backlog, watermark)) {
            sizes.add(backlog.stats(1).interactions());
            backlog.trained(Gain.NONE);
        }
        return sizes;
    }

    /** Evaluates lots until a window is due; false if none will be. */
    private static boolean goOn(Backlog backlog, long watermark) {
        while (!backlog.isWindowDue(watermark, false)) {
            if (backlog.nextLot(watermark) == null) {
                return backlog.isWindowDue(watermark, false);
            }
            backlog.settle(1, false);
        }
        return true;
    }

    private static Backlog backlog(FineTuneState state) {
        return new Backlog(settings(true), MOST_PENDING, state, List.of(), List.of());
    }

    private static TrainingSettings settings(boolean enabled) {
        Configuration options = new Configuration();
        options.set(TrainingConfig.ENABLED, enabled);
        options.set(TrainingConfig.Window.MIN_INTERACTIONS, LOT);
        options.set(TrainingConfig.Window.MAX_INTERACTIONS, WINDOW);
        options.set(TrainingConfig.Window.TIME, Duration.ofMillis(200));
        options.set(HistoryConfig.PANE, Duration.ofMillis(10));
        options.set(HistoryConfig.LENGTH, LOT);
        return TrainingSettings.of(
                FreshetConfig.from(options), new ContentLayout("none", 0, new TreeMap<>()));
    }
}
