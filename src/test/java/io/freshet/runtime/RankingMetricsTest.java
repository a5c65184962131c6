package io.freshet.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RankingMetricsTest {

    @Test
    void firstRankCountsInFull() {
        assertThat(RankingMetrics.isHit(1)).isTrue();
        assertThat(RankingMetrics.ndcg(1)).isEqualTo(1);
        assertThat(RankingMetrics.reciprocalRank(1)).isEqualTo(1);
    }

    @Test
    void laterRanksAreDiscounted() {
        assertThat(RankingMetrics.ndcg(3)).isCloseTo(0.5, within(1e-12));
        assertThat(RankingMetrics.ndcg(7)).isCloseTo(1 / 3.0, within(1e-12));
        assertThat(RankingMetrics.reciprocalRank(4)).isEqualTo(0.25);
    }

    @Test
    void lastRankOfTheCutCounts() {
        assertThat(RankingMetrics.isHit(10)).isTrue();
        assertThat(RankingMetrics.ndcg(10)).isCloseTo(0.2890648, within(1e-7));
        assertThat(RankingMetrics.reciprocalRank(10)).isEqualTo(0.1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 11, Integer.MAX_VALUE})
    void itemThatIsNotRankedOrBeyondTheCutCountsForNothing(int rank) {
        assertThat(RankingMetrics.isHit(rank)).isFalse();
        assertThat(RankingMetrics.ndcg(rank)).isZero();
        assertThat(RankingMetrics.reciprocalRank(rank)).isZero();
    }
}
