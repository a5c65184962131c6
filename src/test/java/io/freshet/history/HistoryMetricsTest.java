package io.freshet.history;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.flink.metrics.testutils.MetricListener;
import org.junit.jupiter.api.Test;

class HistoryMetricsTest {

    private final MetricListener reported = new MetricListener();
    private final HistoryMetrics metrics = new HistoryMetrics(reported.getMetricGroup());

    @Test
    void sayHowLateInteractionsWereThatTheWatermarkHadPassed() {
        metrics.accepted(101, 100);
        metrics.accepted(100, 100);
        metrics.accepted(60, 100);

        assertThat(reported.getCounter("accepted").orElseThrow().getCount()).isEqualTo(1);
        assertThat(reported.getCounter("late").orElseThrow().getCount()).isEqualTo(2);
        assertThat(reported.getHistogram("lateMillis").orElseThrow().getStatistics().getValues())
                .containsExactlyInAnyOrder(0, 40);
    }
}
