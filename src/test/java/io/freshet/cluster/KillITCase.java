package io.freshet.cluster;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * One life of the job on a cluster of processes: a task manager is killed while a version is
 * announced, and the job manager in the middle of the stream. Afterwards a Prometheus sees all that
 * the handbook names.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@ExtendWith(ShowLogs.class)
class KillITCase {

    private static final int INTERACTIONS = 3_000;
    private static final int WINDOW = 300;

    @Test
    void nothingIsLostOrDoubledThoughTaskManagerAndJobManagerAreKilled() throws Exception {
        ShopStream stream = ShopStream.generated(7, INTERACTIONS);
        try (ClusterRun run = new ClusterRun("kill", stream, WINDOW, true, Map.of(), Map.of())) {
            run.sendUpTo(0.4);
            run.awaitAnnouncing(2);
            run.replaceTaskManager(run.taskManagerOf("fine-tuner"));
            run.sendUpTo(0.7);
            run.awaitVersion(5);
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

            new Expect(stream, run.finish()).nothingLostAndNothingTwice();
        }
    }
}
