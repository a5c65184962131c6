package io.freshet.replay.ablation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.freshet.replay.report.RankTally;
import io.freshet.replay.report.Ranks;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DifferenceTest {

    @Test
    void isTheMeanGainAtTheSamePositionsWithItsInterval() {
        Difference hits = Difference.of(ranks(1, 0, 3, 0), ranks(0, 0, 1, 0), DifferenceTest::hit);

        assertThat(hits.mean()).isCloseTo(0.25, within(1e-12));
        assertThat(hits.margin())
                .as("differences 1, 0, 0, 0 have a standard deviation of 0.5")
                .isCloseTo(1.959964 * 0.5 / 2, within(1e-9));
    }

    @Test
    void weighsRanksAsNdcgDoes() {
        Difference gain = Difference.of(ranks(3, 0), ranks(1, 0), RankTally::gain);

        assertThat(gain.mean()).isCloseTo((0.5 - 1) / 2, within(1e-12));
    }

    @Test
    void whatIsTheSameEverywhereDiffersByNothing() {
        assertThat(Difference.of(ranks(1, 0, 7), ranks(1, 0, 7), RankTally::gain))
                .isEqualTo(new Difference(0, 0));
    }

    @Test
    void onePositionProvesNothing() {
        assertThat(Difference.of(ranks(1), ranks(0), DifferenceTest::hit))
                .isEqualTo(new Difference(1, 1));
    }

    @Test
    void otherPositionsAreNotCompared() {
        assertThatThrownBy(() -> Difference.of(ranks(1), ranks(1, 2), DifferenceTest::hit))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("found 1 and 2");
    }

    private static double hit(int rank) {
        return rank == 0 ? 0 : 1;
    }

    private static Ranks ranks(Integer... ranks) {
        return new Ranks(IntStream.range(0, ranks.length).boxed().toList(), List.of(ranks));
    }
}
