package io.freshet.training.version;

import static io.freshet.training.TestingSequences.sequence;
import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.event.OffsetRange;
import io.freshet.event.TrainingSequence;
import io.freshet.training.TestingSequences;
import java.util.List;
import org.junit.jupiter.api.Test;

class OffsetsTest {

    @Test
    void fresh_positions_are_summed_up_by_partition() {
        TrainingSequence other =
                TestingSequences.unweighted(
                        "u",
                        10,
                        new String[] {"a", "b"},
                        new float[2],
                        new long[2],
                        new int[] {0, 1},
                        new int[] {1, 0},
                        new long[] {70, 3});

        assertThat(Offsets.of(List.of(sequence("v", 10, 8, 2, "a", "b"), other)))
                .containsExactly(new OffsetRange(0, 3, 9, 3), new OffsetRange(1, 70, 70, 1));
    }

    @Test
    void ranges_are_added_up_by_partition() {
        assertThat(
                        Offsets.add(
                                List.of(new OffsetRange(2, 0, 9, 10)),
                                List.of(
                                        new OffsetRange(0, 5, 5, 1),
                                        new OffsetRange(2, 10, 19, 8))))
                .containsExactly(new OffsetRange(0, 5, 5, 1), new OffsetRange(2, 0, 19, 18));
    }

    @Test
    void the_last_offset_is_the_highest_of_all_partitions() {
        assertThat(
                        Offsets.last(
                                List.of(
                                        new OffsetRange(0, 3, 9, 3),
                                        new OffsetRange(1, 70, 70, 1))))
                .isEqualTo(70);
        assertThat(Offsets.last(List.of())).isEqualTo(-1);
    }
}
