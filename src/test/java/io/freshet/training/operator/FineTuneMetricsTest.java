package io.freshet.training.operator;

import static io.freshet.training.TestingSequences.ANN;
import static io.freshet.training.TestingSequences.CAT;
import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.event.ModelCheckpoint;
import io.freshet.event.ModelCheckpoint.Verdict;
import io.freshet.event.ModelRevision;
import io.freshet.training.Job;
import io.freshet.training.Outcome;
import io.freshet.training.Trainer.RowChanges;
import io.freshet.training.UpdateStats;
import java.util.List;
import java.util.Map;
import org.apache.flink.metrics.HistogramStatistics;
import org.apache.flink.metrics.testutils.MetricListener;
import org.junit.jupiter.api.Test;

class FineTuneMetricsTest {

    private static final long NOW = 100;

    private final MetricListener reported = new MetricListener();
    private final FineTuneMetrics metrics =
            new FineTuneMetrics(reported.getMetricGroup(), () -> NOW);

    @Test
    void sayHowOldTheNewestEventIsThatAnUpdateAndAVersionHaveLearned() {
        metrics.count(outcome(true, Verdict.UPDATED, 9));
        metrics.count(outcome(true, Verdict.PROMOTED, 19));
        metrics.count(outcome(false, Verdict.REJECTED, 39));

        assertThat(found("eventToUpdateMillis").getValues())
                .containsExactlyInAnyOrder(NOW - 9, NOW - 19);
        assertThat(found("eventToVersionMillis").getValues()).containsExactly(NOW - 19);
    }

    private HistogramStatistics found(String name) {
        return reported.getHistogram(name).orElseThrow().getStatistics();
    }

    /** What became of a window that trained an event of a time and older ones. */
    private static Outcome outcome(boolean applied, Verdict verdict, long newest) {
        UpdateStats window = UpdateStats.untrained(1, 0, newest + 1, 1, 1);
        UpdateStats stats =
                new UpdateStats(
                        window.window(), window.start(), window.end(), 1, 1, 1, 1, 0.5f, newest);
        return new Outcome(
                new Job.Window(
                        ModelRevision.NONE,
                        window,
                        new Job.Data(
                                List.of(ANN, CAT),
                                List.of(),
                                List.of(),
                                List.of(),
                                Map.of(),
                                "",
                                List.of(),
                                List.of()),
                        new Job.Due(false, 0, 0, List.of(), new Job.Place(1, List.of()))),
                ModelRevision.NONE,
                List.of(),
                null,
                checkpoint(verdict, newest),
                new Outcome.Fitted(
                        applied,
                        stats,
                        Outcome.Gain.NONE,
                        new RowChanges(1, 0, 0, 0, 0, List.of(), Map.of())),
                null,
                List.of(),
                null);
    }

    private static ModelCheckpoint checkpoint(Verdict verdict, long newest) {
        return new ModelCheckpoint(
                1,
                0,
                verdict,
                "",
                "",
                1,
                0,
                newest + 1,
                1,
                1,
                1,
                0,
                0,
                0,
                0,
                List.of(),
                1,
                "",
                null,
                "",
                0,
                0,
                newest);
    }
}
