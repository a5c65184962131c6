package io.freshet.recommend.operator;

import static io.freshet.recommend.TestingEvents.LIMITS;
import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.event.RecommendationList;
import io.freshet.event.RecommendationList.Path;
import io.freshet.recommend.TestingRecommendConfig;
import java.util.List;
import org.apache.flink.metrics.HistogramStatistics;
import org.apache.flink.metrics.testutils.MetricListener;
import org.junit.jupiter.api.Test;

class RecommenderMetricsTest {

    private final MetricListener reported = new MetricListener();
    private final RecommenderMetrics metrics =
            new RecommenderMetrics(
                    reported.getMetricGroup(),
                    new Recommender(
                            new long[] {1_000},
                            LIMITS,
                            TestingRecommendConfig.of(),
                            () -> 0,
                            found -> {}));

    @Test
    void sayHowLongUsersListsTookFromTheInteraction() {
        metrics.answered(list("", 1_000, 1_250));
        metrics.answered(list("probed", 1_000, 9_000));
        metrics.answered(list("", 0, 9_000));

        HistogramStatistics found =
                reported.getHistogram("interactionToListMillis").orElseThrow().getStatistics();
        assertThat(found.size()).isEqualTo(1);
        assertThat(found.getMax()).isEqualTo(250);
    }

    private static RecommendationList list(String probeItem, long arrivedAt, long servedAt) {
        return new RecommendationList(
                "r",
                "u",
                10,
                servedAt,
                1,
                Path.PERSONAL,
                List.of(),
                probeItem,
                0,
                0,
                -1,
                arrivedAt);
    }
}
