package io.freshet.training.operator;

import static io.freshet.training.TestingSequences.ANN;
import static io.freshet.training.TestingSequences.CAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.freshet.event.Evaluation;
import io.freshet.event.Evaluation.Subject;
import io.freshet.event.ModelCheckpoint;
import io.freshet.event.ModelCheckpoint.Verdict;
import io.freshet.event.ModelRevision;
import io.freshet.training.Job;
import io.freshet.training.Outcome;
import io.freshet.training.Trainer.RowChanges;
import io.freshet.training.UpdateStats;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.flink.metrics.HistogramStatistics;
import org.apache.flink.metrics.testutils.MetricListener;
import org.junit.jupiter.api.Test;

class FineTuneMetricsTest {

    private static final long NOW = 100;
    private static final int MOST_ROWS = 7;
    private static final int TARGETS = 30;
    private static final long MILLIS = 200;
    private static final float CHAMPION = 0.75f;
    private static final float CHALLENGER = 0.625f;
    private static final Job.Window WINDOW = window(UpdateStats.untrained(1, 0, 10, 1, 1));

    private final MetricListener reported = new MetricListener();
    private final FineTuneMetrics metrics =
            new FineTuneMetrics(reported.getMetricGroup(), MOST_ROWS, () -> NOW);

    @Test
    void sayHowOldTheNewestEventIsThatAnUpdateAndAVersionHaveLearned() {
        metrics.count(outcome(true, Verdict.UPDATED, 9));
        metrics.count(outcome(true, Verdict.PROMOTED, 19));
        metrics.count(outcome(false, Verdict.REJECTED, 39));

        assertThat(found("eventToUpdateMillis").getValues())
                .containsExactlyInAnyOrder(NOW - 9, NOW - 19);
        assertThat(found("eventToVersionMillis").getValues()).containsExactly(NOW - 19);
    }

    @Test
    void sayHowLongAWindowTrainedAndAtWhichRate() {
        metrics.count(outcome(true, Verdict.UPDATED, 9));
        metrics.count(outcome(false, Verdict.REJECTED, 19));

        assertThat(found("windowTrainingMillis").getValues()).containsExactly(MILLIS, MILLIS);
        assertThat(reported.getCounter("targetsTrained").orElseThrow().getCount())
                .isEqualTo(2 * TARGETS);
        assertThat(gauge("targetsPerSecond")).isEqualTo(TARGETS * 1000.0 / MILLIS);
        assertThat(gauge("itemRowsMax")).isEqualTo(MOST_ROWS);
    }

    @Test
    void sayHowWellEachModelDid() {
        metrics.count(Outcome.evaluated(WINDOW, List.of(evaluation(Subject.LIVE_MODEL, 0.25f))));

        assertThat(gauge("subject", "live-model", "evaluationHitRate")).isEqualTo(0.25);
        assertThat(gauge("subject", "live-model", "evaluationLoss")).isEqualTo(0.5);
        assertThat(gauge("subject", "frozen-model", "evaluationHitRate")).isEqualTo(Double.NaN);
        assertThat(gauge("subject", "past-windows", "evaluationLoss")).isEqualTo(Double.NaN);
    }

    @Test
    void sayHowChampionAndChallengerComparedAndKeepItWhenNoneDid() {
        metrics.count(Outcome.published(WINDOW, checkpoint(Verdict.PROMOTED, 9, 40)));
        metrics.count(Outcome.published(WINDOW, checkpoint(Verdict.PROMOTED, 9, 0)));

        assertThat(gauge("championLoss")).isEqualTo(CHAMPION);
        assertThat(gauge("challengerLoss")).isEqualTo(CHALLENGER);
    }

    @Test
    void sayHowLongTheStoreTookThoughItFailed() {
        assertThatThrownBy(
                        () ->
                                metrics.storeTimes()
                                        .write(
                                                () -> {
                                                    throw new IOException("full");
                                                }))
                .hasMessage("full");

        assertThat(found("storeWriteMillis").size()).isEqualTo(1);
        assertThat(found("storeReadMillis").size()).isZero();
    }

    private Object gauge(String... name) {
        return reported.getGauge(name).orElseThrow().getValue();
    }

    private static Evaluation evaluation(Subject subject, float hitRate) {
        return new Evaluation(subject, 1, 1, 10, 20, 0.5f, hitRate, 0, 0, 0, Float.NaN);
    }

    private HistogramStatistics found(String name) {
        return reported.getHistogram(name).orElseThrow().getStatistics();
    }

    /** What became of a window that trained an event of a time and older ones. */
    private static Outcome outcome(boolean applied, Verdict verdict, long newest) {
        UpdateStats window = UpdateStats.untrained(1, 0, newest + 1, 1, 1);
        UpdateStats stats =
                new UpdateStats(
                        window.window(),
                        window.start(),
                        window.end(),
                        1,
                        1,
                        TARGETS,
                        MILLIS,
                        0.5f,
                        newest);
        return new Outcome(
                window(window),
                ModelRevision.NONE,
                List.of(),
                null,
                checkpoint(verdict, newest, 0),
                new Outcome.Fitted(
                        applied,
                        stats,
                        Outcome.Gain.NONE,
                        new RowChanges(1, 0, 0, 0, 0, List.of(), Map.of())),
                null,
                List.of(),
                null);
    }

    private static Job.Window window(UpdateStats stats) {
        return new Job.Window(
                ModelRevision.NONE,
                stats,
                new Job.Data(
                        List.of(ANN, CAT),
                        List.of(),
                        List.of(),
                        List.of(),
                        Map.of(),
                        "",
                        List.of(),
                        List.of()),
                new Job.Due(false, 0, 0, List.of(), new Job.Place(1, List.of())));
    }

    private static ModelCheckpoint checkpoint(Verdict verdict, long newest, int positions) {
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
                CHAMPION,
                CHALLENGER,
                0,
                List.of(),
                1,
                "",
                null,
                "",
                positions,
                0,
                newest);
    }
}
