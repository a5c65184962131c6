package io.freshet.training.window;

import static io.freshet.training.TestingSequences.weighted;
import static io.freshet.training.window.TestingHistory.user;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.freshet.event.TrainingSequence;
import io.freshet.training.FineTuneState;
import io.freshet.training.window.ItemShareGuard.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ItemShareGuardTest {

    private static final float TRUSTED = 0.3f;

    private final FineTuneState state = new FineTuneState();
    private final ItemShareGuard guard = new ItemShareGuard(TRUSTED, state);

    @Test
    void an_item_that_takes_over_a_window_is_weighted_down_to_the_trusted_share() {
        guard.add(others(200));

        Weights weights = guard.weigh(window(100, Map.of("hit", 60)));

        assertThat(weights.byItem()).containsOnlyKeys("hit");
        float hits = 60 * requireNonNull(weights.byItem().get("hit"));
        assertThat(hits / (100 + hits)).isCloseTo(TRUSTED, within(0.001f));
        assertThat(weights.reason())
                .isEqualTo(
                        "item 'hit' has 38 % of the window's interactions, and had 0 % before; it"
                                + " is weighted down to 30 % (training.max-item-share)");
    }

    @Test
    void two_items_that_take_it_over_together_are_both_weighted_down_to_it() {
        guard.add(others(200));

        Weights weights = guard.weigh(window(20, Map.of("hit", 100, "song", 80)));

        float hits = 100 * requireNonNull(weights.byItem().get("hit"));
        float songs = 80 * requireNonNull(weights.byItem().get("song"));
        assertThat(hits / (20 + hits + songs)).isCloseTo(TRUSTED, within(0.001f));
        assertThat(songs / (20 + hits + songs)).isCloseTo(TRUSTED, within(0.001f));
        assertThat(weights.reason()).contains("item 'hit' has 50 %", "; item 'song' has 40 %");
    }

    @Test
    void an_item_that_is_all_of_a_window_has_the_least_weight() {
        guard.add(others(200));

        float weight =
                requireNonNull(guard.weigh(window(0, Map.of("hit", 200))).byItem().get("hit"));

        assertThat(weight).isPositive().isLessThan(0.001f);
    }

    @Test
    void context_is_no_share_of_a_window() {
        guard.add(others(200));
        List<TrainingSequence> window = window(100, Map.of("hit", 60));
        List<TrainingSequence> context = new ArrayList<>(window);
        for (int i = 0; i < 1000; i++) {
            context.add(weighted(fresh("looked at " + i), 1, 0));
        }

        assertThat(guard.weigh(context)).isEqualTo(guard.weigh(window));
    }

    @Test
    void what_is_popular_counts_in_full() {
        guard.add(others(200));

        Weights weights = guard.weigh(window(100, Map.of("hit", 40)));

        assertThat(weights.byItem()).isEmpty();
        assertThat(weights.reason()).isEmpty();
    }

    @Test
    void so_does_what_always_was_from_the_second_window_on() {
        for (int i = 0; i < 10; i++) {
            List<TrainingSequence> window = window(100, Map.of("classic", 80));
            assertThat(guard.weigh(window).byItem()).as("window %d", i).isEmpty();
            guard.add(window);
        }
    }

    @Test
    void up_to_three_times_as_much_as_before_is_a_rise_that_is_trusted() {
        guard.add(window(160, Map.of("hit", 40)));

        assertThat(guard.weigh(window(42, Map.of("hit", 58))).byItem()).isEmpty();
        assertThat(guard.weigh(window(35, Map.of("hit", 65))).byItem()).containsKey("hit");
    }

    @Test
    void little_evidence_weighs_nothing() {
        guard.add(others(99));
        assertThat(guard.weigh(window(0, Map.of("hit", 200))).byItem()).isEmpty();

        guard.add(others(1));
        assertThat(guard.weigh(window(0, Map.of("hit", 99))).byItem()).isEmpty();
        assertThat(guard.weigh(window(0, Map.of("hit", 100))).byItem()).isNotEmpty();
    }

    @Test
    void a_real_hit_is_trained_in_full_from_the_third_window_on() {
        for (int i = 0; i < 10; i++) {
            guard.add(others(200));
        }
        List<Boolean> inFull = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            List<TrainingSequence> window = window(70, Map.of("hit", 130));
            inFull.add(guard.weigh(window).reason().isEmpty());
            guard.add(window); // whatever became of it
        }

        assertThat(inFull.get(0)).isFalse();
        assertThat(inFull.subList(2, 25)).containsOnly(true);
    }

    @Test
    void a_hit_that_is_over_is_suspicious_again_after_a_while() {
        guard.add(window(70, Map.of("hit", 130)));
        for (int i = 0; i < 20; i++) {
            guard.add(others(200));
        }

        assertThat(guard.weigh(window(70, Map.of("hit", 130))).byItem()).containsKey("hit");
    }

    @Test
    void only_shares_that_matter_are_kept_and_the_guard_goes_on_with_them() {
        for (int i = 0; i < 50; i++) {
            guard.add(window(i, 2000, Map.of("hit", 1000)));
        }
        assertThat(state.itemShares).containsOnlyKeys("hit");
        assertThat(state.sharedInteractions).isEqualTo(50 * 3000);

        ItemShareGuard restored = new ItemShareGuard(TRUSTED, state);
        assertThat(restored.weigh(window(100, Map.of("hit", 100))).byItem()).isEmpty();
    }

    private static List<TrainingSequence> others(int count) {
        return window(count, Map.of());
    }

    private static List<TrainingSequence> window(int others, Map<String, Integer> hits) {
        return window(0, others, hits);
    }

    /** Interactions with other items, once with each, and so many with each hit. */
    private static List<TrainingSequence> window(
            int number, int others, Map<String, Integer> hits) {
        List<TrainingSequence> window = new ArrayList<>();
        for (int i = 0; i < others; i++) {
            window.add(fresh("other " + number + "/" + i));
        }
        new TreeMap<>(hits)
                .forEach(
                        (hit, count) -> {
                            for (int i = 0; i < count; i++) {
                                window.add(fresh(hit));
                            }
                        });
        return window;
    }

    private static TrainingSequence fresh(String item) {
        return user("u").after("before").fresh(item).inPane(10);
    }
}
