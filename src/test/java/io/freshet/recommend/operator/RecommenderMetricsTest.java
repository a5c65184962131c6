package io.freshet.recommend.operator;

import static io.freshet.recommend.TestingEvents.LIMITS;
import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.event.ModelRevision;
import io.freshet.event.RecommendationList;
import io.freshet.event.RecommendationList.Path;
import io.freshet.recommend.TestingModel;
import io.freshet.recommend.TestingRecommendConfig;
import io.freshet.recommend.model.Target;
import java.util.List;
import org.apache.flink.metrics.HistogramStatistics;
import org.apache.flink.metrics.testutils.MetricListener;
import org.junit.jupiter.api.Test;

class RecommenderMetricsTest {

    private static final long SWAPPED = 5_000;
    private static final long TRAINED_UNTIL = 2_000;

    private final MetricListener reported = new MetricListener();
    private long now = SWAPPED;
    private final Recommender recommender =
            new Recommender(
                    new long[] {1_000},
                    List.of(),
                    LIMITS,
                    TestingRecommendConfig.of(),
                    () -> now,
                    found -> {});
    private final RecommenderMetrics metrics =
            new RecommenderMetrics(reported.getMetricGroup(), recommender, LIMITS, () -> now);

    @Test
    void sayHowLongUsersListsTookFromTheInteraction() {
        metrics.answered(list("", 1_000, 1_250));
        metrics.answered(list("probed", 1_000, 9_000));
        metrics.answered(list("", 0, 9_000));

        HistogramStatistics found = found("interactionToListMillis");
        assertThat(found.size()).isEqualTo(1);
        assertThat(found.getMax()).isEqualTo(250);
    }

    @Test
    void sayHowLongUsersListsAreAndWhatTheyWereChosenFrom() {
        metrics.answered(list("", 0, 0));
        metrics.answered(list("probed", 0, 0));
        BatchReport report = new BatchReport();
        report.count(list("", 0, 0), 0, 30);
        report.count(list("probed", 0, 0), 0, 50);
        metrics.flushed(report);

        assertThat(found("listLength").getValues()).containsExactly(0);
        assertThat(found("candidates").getValues()).containsExactly(40);
    }

    @Test
    void sayHowOldTheModelIsAndZeroWithoutOne() {
        assertThat(gauge("liveVersion")).isEqualTo(0L);
        assertThat(gauge("modelAgeMillis")).isEqualTo(0L);
        assertThat(gauge("trainedUntilAgeMillis")).isEqualTo(0L);

        recommender.swap(
                Target.of(new ModelRevision(3, "three", 5, "five"), 9, TRAINED_UNTIL),
                new TestingModel(3, "a", "b"));
        now = SWAPPED + 40;

        assertThat(gauge("liveVersion")).isEqualTo(3L);
        assertThat(gauge("liveUpdate")).isEqualTo(5L);
        assertThat(gauge("modelAgeMillis")).isEqualTo(40L);
        assertThat(gauge("trainedUntilAgeMillis")).isEqualTo(SWAPPED + 40 - TRAINED_UNTIL);
        assertThat(gauge("itemsMax")).isEqualTo(LIMITS.most());
    }

    private Object gauge(String name) {
        return reported.getGauge(name).orElseThrow().getValue();
    }

    private HistogramStatistics found(String name) {
        return reported.getHistogram(name).orElseThrow().getStatistics();
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
                arrivedAt,
                null,
                null,
                List.of());
    }
}
