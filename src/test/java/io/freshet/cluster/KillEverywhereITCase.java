package io.freshet.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import io.freshet.cluster.ClusterRun.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.function.LongPredicate;
import java.util.function.ObjIntConsumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The long form: one stream in several lives of the job. In one nothing happens; in the others
 * processes are killed in each phase of the job's work. All lives must end the same.
 */
@Tag("long")
@Timeout(value = 30, unit = TimeUnit.MINUTES)
@ExtendWith(ShowLogs.class)
class KillEverywhereITCase {

    private static final int WINDOW = 250;
    private static final Map<String, String> SLOW_TRAINING = Map.of("training.epochs", "8");
    private static final Map<String, String> FEW_VERSIONS =
            Map.of(
                    "training.updates-per-version", "4",
                    "store.retain", "3",
                    "encoder.enabled", "true");

    private static final long SEED = Long.getLong("freshet.seed", 1);
    private static final int RANDOM_KILLS = 8;
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(8);

    /** Interactions that make a next version: a window takes a whole pane's, so it is larger. */
    private static final int ENOUGH = 3 * WINDOW;

    private static final int MOST_TRIES = 3;
    private static final String FINE_TUNER = "fine-tuner";
    private static final String HISTORY = "history";
    private static final String RECOMMENDER = "recommender";

    private static ShopStream stream;
    private static Outcome undisturbed;

    @BeforeAll
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    static void liveUndisturbed() throws IOException {
        stream = ShopStream.configured(9, 12_000);
        try (ClusterRun run = start("undisturbed", false)) {
            undisturbed = run.finish();
        }
    }

    @Test
    void undisturbed() throws Exception {
        new Expect(stream, undisturbed).nothingLostAndNothingTwice();
    }

    @Test
    void killedInEachPhase() throws Exception {
        try (ClusterRun run = start("each-phase", true)) {
            run.sendMore(ENOUGH);
            run.replaceTaskManager(run.taskManagerOf(HISTORY)); // reads what was just sent
            run.awaitVersion(1); // before it there is nothing to test

            killIn(run, FINE_TUNER, run::awaitTraining, run::isWritten);
            killIn(run, FINE_TUNER, run::awaitWritten, run::isAnnounced);
            killIn(run, RECOMMENDER, run::awaitAnnouncing, run::isAnnounced);
            killIn(run, FINE_TUNER, version -> run.beginSavepoint(), version -> run.isSaved());

            awaitNextVersion(run);
            run.cluster().killJobManager();
            run.cluster().startJobManager();

            awaitNextVersion(run);
            run.broker().kill();
            run.broker().restart();
            endsAs(undisturbed, run.finish());
        }
    }

    /**
     * Sends more and kills the task manager of an operator in a phase of the next version. A phase
     * may be over before the process is gone; then it is tried again.
     *
     * @param begun waits for the phase of a version
     * @param over whether the phase is over
     */
    private static void killIn(
            ClusterRun run, String operator, LongConsumer begun, LongPredicate over) {
        boolean hit = false;
        for (int tries = 1; !hit; tries++) {
            assertThat(tries).as("tries to hit a phase").isLessThanOrEqualTo(MOST_TRIES);
            int victim = run.taskManagerOf(operator);
            long version = run.nextVersion();
            run.sendMore(ENOUGH);
            begun.accept(version);
            run.killTaskManager(victim);
            hit = !over.test(version);
            run.cluster().startTaskManager(victim);
        }
    }

    @Test
    void killedAtRandomMoments() throws Exception {
        Random random = new Random(SEED);
        try (ClusterRun run = start("random", true)) {
            for (int kill = 1; kill <= RANDOM_KILLS; kill++) {
                run.sendUpTo((double) kill / RANDOM_KILLS);
                LockSupport.parkNanos(random.nextLong(LONGEST_PAUSE.toNanos()));
                run.replaceTaskManager(random.nextInt(ClusterRun.TASK_MANAGERS));
            }
            endsAs(undisturbed, run.finish());
        }
    }

    @Test
    void withoutHighAvailability() throws Exception {
        try (ClusterRun run = start("without-ha", false)) {
            for (int times = 0; times < 2; times++) {
                awaitNextVersion(run);
                long version = run.nextVersion();
                run.sendMore(ENOUGH);
                run.awaitWritten(version);
                run.cluster().killJobManager();
                run.cluster().startJobManager();
                run.resume();
            }
            endsAs(undisturbed, run.finish());
        }
    }

    private static void awaitNextVersion(ClusterRun run) {
        run.cluster().awaitRunning(run.job());
        long version = run.nextVersion();
        run.sendMore(ENOUGH);
        run.awaitVersion(version);
    }

    /**
     * What lies between two versions is in updates alone, and items bring their texts. When one is
     * encoded, and its item gets a row, is a matter of time; so all are before the first
     * interaction, or two lives would train other positions.
     */
    @Test
    void killedBetweenVersionsAndWhilePaused() throws Exception {
        Outcome calm = liveWithFewVersions("few-versions-undisturbed", (run, taskManager) -> {});
        Outcome outcome = liveWithFewVersions("few-versions", ClusterRun::replaceTaskManager);

        endsAs(calm, outcome);
        assertThat(outcome.audit())
                .extracting(
                        found -> found.path("control_id").asText(),
                        found -> found.path("outcome").asText())
                .containsExactly(tuple("pause", "applied"), tuple("resume", "applied"));
    }

    /**
     * A life with a pause of training.
     *
     * @param disturb what is done to the fine-tuner's task manager in the pause and after updates
     */
    private static Outcome liveWithFewVersions(String name, ObjIntConsumer<ClusterRun> disturb)
            throws Exception {
        try (ClusterRun run = startWithFewVersions(name)) {
            run.sendCatalog();
            run.sendMore(ENOUGH);
            run.awaitVersion(1);
            run.control("pause");
            run.sendMore(ENOUGH);
            disturb.accept(run, run.taskManagerOf(FINE_TUNER));
            run.control("resume");
            for (int times = 0; times < 3; times++) {
                int taskManager = run.taskManagerOf(FINE_TUNER);
                int windows = run.windows();
                run.sendMore(ENOUGH);
                run.awaitUpdate(windows + 1);
                disturb.accept(run, taskManager);
            }
            return run.finish();
        }
    }

    private static ClusterRun startWithFewVersions(String name) throws IOException {
        Map<String, String> roomForTheEncoder = Map.of("taskmanager.memory.process.size", "2600m");
        return new ClusterRun(name, stream, WINDOW, true, roomForTheEncoder, FEW_VERSIONS);
    }

    private static ClusterRun start(String name, boolean highlyAvailable) throws IOException {
        return new ClusterRun(name, stream, WINDOW, highlyAvailable, Map.of(), SLOW_TRAINING);
    }

    private static void endsAs(Outcome calm, Outcome outcome) throws Exception {
        new Expect(stream, outcome).nothingLostAndNothingTwice();
        assertThat(outcome.verdicts())
                .extracting(KillEverywhereITCase::trained)
                .isEqualTo(calm.verdicts().stream().map(KillEverywhereITCase::trained).toList());
        assertThat(liveModel(outcome)).isEqualTo(liveModel(calm));
    }

    /** What a version was trained on: window, interactions, sequences, targets, and offsets. */
    private static List<JsonNode> trained(JsonNode verdict) {
        return List.of(
                verdict.path("window"),
                verdict.path("window_end_ms"),
                verdict.path("interactions"),
                verdict.path("sequences"),
                verdict.path("targets"),
                verdict.path("trained_offsets"));
    }

    /** How the live model did on each window before it was trained on it, to the last digit. */
    private static List<List<JsonNode>> liveModel(Outcome outcome) {
        return outcome.evaluations().stream()
                .filter(found -> found.path("subject").asText().equals("live-model"))
                .map(
                        found ->
                                List.of(
                                        found.path("window"),
                                        found.path("positions"),
                                        found.path("loss"),
                                        found.path("hit_rate")))
                .toList();
    }
}
