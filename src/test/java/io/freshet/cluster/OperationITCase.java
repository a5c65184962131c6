package io.freshet.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * One life of the job as its operator leads it, on a cluster of processes: it is submitted, a task
 * manager is killed while a version is announced, it is upgraded with a savepoint, and the job
 * manager is killed in the middle of the stream. A Prometheus sees all that the handbook names, and
 * in the end nothing is lost.
 *
 * <p>{@code mvn verify -Dit.test=OperationITCase} runs it, {@code -Dfreshet.interactions} and
 * {@code -Dfreshet.items} over files.
 */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
@ExtendWith(ShowLogs.class)
class OperationITCase {

    private static final int INTERACTIONS = 3_000;
    private static final int WINDOW = 300;
    private static final int LONGER_LISTS = 12;

    @Test
    void nothingIsLostOrDoubledByKillsAndAnUpgrade() throws Exception {
        ShopStream stream = ShopStream.configured(7, INTERACTIONS);
        try (ClusterRun run =
                new ClusterRun("operation", stream, WINDOW, true, Map.of(), Map.of())) {
            run.sendUpTo(0.3);
            run.awaitAnnouncing(2);
            run.replaceTaskManager(run.taskManagerOf("fine-tuner"));

            run.sendUpTo(0.5);
            run.awaitVersion(4);
            run.upgrade(Map.of("recommend.list-size", String.valueOf(LONGER_LISTS)));
            run.sendUpTo(0.7);
            run.awaitVersion(6);

            run.cluster().killJobManager();
            run.cluster().startJobManager();
            run.cluster().awaitRunning(run.job());
            run.sendUpTo(0.9); // Kafka's source has no metrics before it has read
            try (Prometheus prometheus = run.watch()) {
                new Health(run.cluster(), prometheus)
                        .everyMetricIsScraped()
                        .everyPanelShowsSomething()
                        .everyAlertIsEvaluatedAndNoneSaysThatTheJobIsGone();
            }

            ClusterRun.Outcome outcome = run.finish();
            new Expect(stream, outcome).nothingLostAndNothingTwice();
            assertThat(outcome.lists()).anyMatch(list -> list.path("items").size() == LONGER_LISTS);
        }
    }
}
