package io.freshet.training.window;

import static io.freshet.training.window.TestingHistory.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.freshet.event.TrainingSequence;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReplayBufferTest {

    @Test
    void it_keeps_a_uniform_sample_of_all_that_was_offered() {
        int early = 0;
        for (int seed = 0; seed < 200; seed++) {
            ReplayBuffer buffer = new ReplayBuffer(10, seed, List.of(), 0);
            offer(buffer, 0, 100);
            assertThat(buffer.sequences()).hasSize(10);
            early += (int) buffer.sequences().stream().filter(s -> s.paneEnd() < 50).count();
        }

        assertThat(early / 2000.0).isCloseTo(0.5, within(0.05));
    }

    @Test
    void a_restored_buffer_goes_on_as_if_nothing_had_happened() {
        ReplayBuffer through = new ReplayBuffer(5, 7, List.of(), 0);
        offer(through, 0, 100);
        ReplayBuffer before = new ReplayBuffer(5, 7, List.of(), 0);
        offer(before, 0, 40);
        ReplayBuffer after = new ReplayBuffer(5, 7, before.sequences(), before.offered());
        offer(after, 40, 100);

        assertThat(users(after.sequences())).isEqualTo(users(through.sequences()));
    }

    @Test
    void it_draws_without_replacement_and_repeatably() {
        ReplayBuffer buffer = new ReplayBuffer(50, 7, List.of(), 0);
        offer(buffer, 0, 50);

        List<TrainingSequence> drawn = buffer.sample(20, 3);
        assertThat(drawn).hasSize(20).doesNotHaveDuplicates();
        assertThat(buffer.sample(20, 3)).isEqualTo(drawn);
        assertThat(buffer.sample(20, 4)).isNotEqualTo(drawn);
    }

    @Test
    void a_tenth_of_the_sequences_is_for_evaluation_and_never_replayed() {
        ReplayBuffer buffer = new ReplayBuffer(1000, 7, List.of(), 0);
        offer(buffer, 0, 1000);

        List<TrainingSequence> past = buffer.past(1000, 1);
        assertThat(past).hasSizeBetween(70, 130);
        List<TrainingSequence> all = new ArrayList<>(buffer.sample(1000, 1));
        assertThat(all).doesNotContainAnyElementsOf(past);
        all.addAll(past);
        assertThat(all).containsExactlyInAnyOrderElementsOf(buffer.sequences());
        assertThat(buffer.past(20, 1)).hasSize(20).isSubsetOf(past);
        assertThat(buffer.past(20, 1)).isNotEqualTo(buffer.past(20, 2));
    }

    @Test
    void what_versions_are_evaluated_on_was_replayed_at_no_time() {
        ReplayBuffer buffer = new ReplayBuffer(50, 7, List.of(), 0);
        Set<TrainingSequence> replayed = new HashSet<>();
        for (int window = 0; window < 100; window++) {
            offer(buffer, 20 * window, 20 * window + 20);
            assertThat(replayed).doesNotContainAnyElementsOf(buffer.past(50, window));
            replayed.addAll(buffer.sample(20, window));
            buffer = new ReplayBuffer(50, 7, buffer.sequences(), buffer.offered());
        }
        assertThat(buffer.past(50, 1)).isNotEmpty();
    }

    @Test
    void a_forgotten_user_is_gone_and_the_gap_is_filled() {
        ReplayBuffer buffer = new ReplayBuffer(5, 7, List.of(), 0);
        offer(buffer, 0, 5);

        assertThat(buffer.forget("u3")).isEqualTo(1);

        assertThat(users(buffer.sequences())).containsExactly("u0", "u1", "u2", "u4");
        offer(buffer, 5, 6);
        assertThat(buffer.sequences()).hasSize(5);
    }

    @Test
    void what_was_trained_after_a_rollbacks_target_is_not_replayed() {
        ReplayBuffer buffer = new ReplayBuffer(5, 7, List.of(), 0);
        offer(buffer, 0, 5);

        buffer.dropAfter(2);

        assertThat(users(buffer.sequences())).containsExactly("u0", "u1", "u2");
    }

    @Test
    void no_capacity_keeps_nothing() {
        ReplayBuffer buffer = new ReplayBuffer(0, 7, List.of(), 0);
        offer(buffer, 0, 5);

        assertThat(buffer.sequences()).isEmpty();
        assertThat(buffer.sample(3, 1)).isEmpty();
        assertThat(buffer.past(3, 1)).isEmpty();
    }

    private static void offer(ReplayBuffer buffer, int from, int to) {
        for (int i = from; i < to; i++) {
            buffer.offer(user("u" + i).fresh("a").offset(i).inPane(i));
        }
    }

    private static List<String> users(List<TrainingSequence> sequences) {
        return sequences.stream().map(TrainingSequence::userId).toList();
    }
}
