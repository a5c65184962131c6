package io.freshet.training;

import static io.freshet.training.TestingSequences.sequence;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.freshet.event.TrainingSequence;
import java.util.List;
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

        assertThat(after.sequences())
                .extracting(TrainingSequence::userId)
                .containsExactlyElementsOf(
                        through.sequences().stream().map(TrainingSequence::userId).toList());
    }

    @Test
    void it_draws_without_replacement_and_repeatably() {
        ReplayBuffer buffer = new ReplayBuffer(50, 7, List.of(), 0);
        offer(buffer, 0, 50);

        List<TrainingSequence> drawn = buffer.sample(20, 3);
        assertThat(drawn).hasSize(20).doesNotHaveDuplicates();
        assertThat(buffer.sample(20, 3)).isEqualTo(drawn);
        assertThat(buffer.sample(20, 4)).isNotEqualTo(drawn);
        assertThat(buffer.sample(80, 3)).hasSize(50);
    }

    @Test
    void a_forgotten_user_is_gone_and_the_gap_is_filled() {
        ReplayBuffer buffer = new ReplayBuffer(5, 7, List.of(), 0);
        offer(buffer, 0, 5);

        buffer.forget("u3");

        assertThat(buffer.sequences())
                .extracting(TrainingSequence::userId)
                .containsExactly("u0", "u1", "u2", "u4");
        offer(buffer, 5, 6);
        assertThat(buffer.sequences()).hasSize(5);
    }

    @Test
    void no_capacity_keeps_nothing() {
        ReplayBuffer buffer = new ReplayBuffer(0, 7, List.of(), 0);
        offer(buffer, 0, 5);

        assertThat(buffer.sequences()).isEmpty();
        assertThat(buffer.sample(3, 1)).isEmpty();
    }

    private static void offer(ReplayBuffer buffer, int from, int to) {
        for (int i = from; i < to; i++) {
            buffer.offer(sequence("u" + i, i, i, 1, "a"));
        }
    }
}
