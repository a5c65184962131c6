package io.freshet;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.freshet.TestingTopics.Found;
import io.freshet.config.Arguments;
import io.freshet.event.TestingSchemas;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The whole job on a real broker and cluster, sent every control there is. */
class ControlsITCase {

    private static final int USERS = 20;
    private static final int ITEMS = 100;
    private static final int WINDOW = 100;
    private static final int UPDATES_PER_VERSION = 2;
    private static final long GAP = 50;
    private static final long START =
            System.currentTimeMillis() / 1000 * 1000 - Duration.ofDays(3).toMillis();
    private static final String FORGOTTEN = "user-7";

    /** Places of which the stream fills none. */
    private static final Set<String> EMPTY = Set.of("redo-log", "rejections");

    private static final String REMEMBERED = "user-8";

    @RegisterExtension
    static final MiniClusterExtension CLUSTER =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setNumberTaskManagers(1)
                            .setNumberSlotsPerTaskManager(2)
                            .setConfiguration(workers())
                            .build());

    @TempDir private static Path directory = Path.of("");

    private static final TestingTopics TOPICS = new TestingTopics(2);
    private static final List<String> SENT = new ArrayList<>();
    private static int sentInteractions;
    private static String savepoint = "";

    /**
     * The first update is a version, and then every two are; so training is paused when the fourth
     * waits for the fifth.
     */
    @BeforeAll
    static void tellTheJobEverything() throws Exception {
        JobClient job = start();
        interact(4 * WINDOW + WINDOW / 2);
        TOPICS.await("evaluations", ControlsITCase::isOfTheFourthWindow);

        apply("pause-1", "pause", "");
        apply("rollback-1", "rollback", ",\"version\":17"); // answered when the fourth is trained
        show(FORGOTTEN);
        show(REMEMBERED);
        interact(2 * WINDOW + 3 * WINDOW / 4);
        awaitListAfter(sentInteractions - 2);
        awaitListAfter(sentInteractions - 1);
        apply("forget-1", "forget-user", ",\"user_id\":\"" + FORGOTTEN + "\"");
        apply("rollback-2", "rollback", ",\"version\":1");
        apply("resume-1", "resume", "");
        TOPICS.await("model-checkpoints", found -> version(found) == 3);
        trainNow();
        interact(WINDOW / 2);
        trainNow();
        TOPICS.await("model-checkpoints", found -> version(found) == 4);

        send("pause-1", "pause", "");
        send("pause-1", "resume", "");
        TOPICS.await("audit", found -> text(found, "outcome").equals("repeated"));
        TOPICS.await(
                "audit",
                found -> found.key().equals("pause-1") && text(found, "kind").equals("resume"));
        savepoint =
                job.stopWithSavepoint(
                                false,
                                directory.resolve("savepoints").toUri().toString(),
                                SavepointFormatType.CANONICAL)
                        .get(2, TimeUnit.MINUTES);
    }

    @AfterAll
    static void stopBroker() {
        TOPICS.close();
    }

    @Test
    void everyControlIsAnsweredOnceAsTheSchemaSays() {
        List<Found> audit = TOPICS.committed("audit");

        assertThat(audit).extracting(Found::key).containsExactlyInAnyOrderElementsOf(SENT);
        assertThat(audit)
                .allSatisfy(
                        found ->
                                assertThat(TestingSchemas.violations("audit", found.json()))
                                        .isEmpty());
        assertThat(TOPICS.committed("dead-letters")).isEmpty();
    }

    @Test
    void aRepeatIsAnsweredAndAnIdInUseIsRefused() {
        List<Found> pauses =
                TOPICS.committed("audit").stream()
                        .filter(found -> found.key().equals("pause-1"))
                        .toList();

        assertThat(pauses)
                .extracting(found -> text(found, "outcome"))
                .containsExactly("applied", "repeated", "refused");
        assertThat(text(pauses.get(1), "reason")).contains("was applied at", "training is paused");
        assertThat(text(pauses.get(2), "reason")).contains("found 'resume' after 'pause'");
    }

    @Test
    void aForgottenUserEndsWithATombstoneAndAnAttestation() {
        List<Found> lists =
                TOPICS.committed("recommendations").stream()
                        .filter(found -> found.key().equals(FORGOTTEN))
                        .toList();
        JsonNode attestation = answer("forget-1").json();

        assertThat(lists).hasSizeGreaterThan(1);
        assertThat(lists.get(lists.size() - 1).value()).isNull();
        assertThat(attestation.get("outcome").asText()).isEqualTo("applied");
        assertThat(StreamSupport.stream(attestation.get("removed").spliterator(), false))
                .hasSize(10)
                .filteredOn(removal -> !EMPTY.contains(removal.get("place").asText()))
                .allSatisfy(removal -> assertThat(removal.get("count").asLong()).isPositive());
    }

    /** All but one of them are the control and the answer to it. */
    @Test
    void stateNamesAForgottenUserWhereTheHandbookSaysAndNowhereElse() throws Exception {
        assertThat(TestingSavepoint.statesWith(savepoint, FORGOTTEN))
                .containsExactly("audit/audit", "control-admission/admitted", "history/forgotten");
        assertThat(TestingSavepoint.statesWith(savepoint, REMEMBERED))
                .contains(
                        "fine-tuner/replay-buffer-chunks",
                        "history/exposures",
                        "history/history",
                        "history/seen",
                        "responses/exposures");
    }

    @Test
    void trainingGoesOnFromTheVersionRolledBackTo() {
        List<Found> verdicts = TOPICS.committed("model-checkpoints");

        assertThat(verdicts)
                .allSatisfy(
                        found ->
                                assertThat(
                                                TestingSchemas.violations(
                                                        "model-checkpoints", found.json()))
                                        .isEmpty());
        List<Found> onVersions =
                verdicts.stream()
                        .filter(found -> !text(found, "verdict").equals("updated"))
                        .toList();
        assertThat(onVersions.subList(0, 4))
                .extracting(
                        found ->
                                text(found, "verdict")
                                        + " "
                                        + text(found, "version")
                                        + " of "
                                        + text(found, "parent"))
                .containsExactly(
                        "promoted 1 of null",
                        "promoted 2 of 1",
                        "rolled_back 1 of 2",
                        "promoted 3 of 1");
        assertThat(onVersions.get(2).key()).isEqualTo("control:rollback-2");
        assertThat(text(answer("rollback-1"), "outcome")).isEqualTo("refused");
        assertThat(text(answer("rollback-1"), "reason")).contains("Version 17", "[1, 2]");
    }

    @Test
    void trainNowTrainsOnLessThanAWindow() {
        assertThat(TOPICS.committed("model-checkpoints"))
                .extracting(found -> found.json().get("interactions").asInt())
                .last()
                .satisfies(interactions -> assertThat(interactions).isBetween(1, WINDOW - 1));
    }

    /**
     * What has been sent may not have reached the fine-tuner yet, so it is sent until it trains.
     */
    private static void trainNow() {
        int attempt = SENT.size(); // an id of its own
        do {
            attempt++;
            apply("train-" + attempt, "train-now", "");
        } while (!text(answer("train-" + attempt), "outcome").equals("applied"));
    }

    private static void apply(String id, String kind, String more) {
        send(id, kind, more);
        TOPICS.await("audit", found -> found.key().equals(id));
    }

    private static void send(String id, String kind, String more) {
        SENT.add(id);
        TOPICS.send(
                "controls",
                0,
                String.format(
                        "{\"control_id\":\"%s\",\"kind\":\"%s\",\"timestamp_ms\":%d%s}",
                        id, kind, START, more));
    }

    private static Found answer(String id) {
        return TOPICS.committed("audit").stream()
                .filter(found -> found.key().equals(id))
                .findFirst()
                .orElseThrow();
    }

    /** Everybody in turn, but for the forgotten user, who does not come back. */
    private static void interact(int count) {
        for (int i = sentInteractions; i < sentInteractions + count; i++) {
            int user = i % USERS;
            if (FORGOTTEN.equals("user-" + user) && SENT.contains("forget-1")) {
                continue;
            }
            TOPICS.send(
                    "interactions",
                    user % 2,
                    String.format(
                            "{\"event_id\":\"e%d\",\"user_id\":\"user-%d\",\"item_id\":\"item-%d\","
                                    + "\"timestamp_ms\":%d}",
                            i, user, (user + i / USERS) % ITEMS, time(i)));
        }
        sentInteractions += count;
    }

    /** Shows a user what nobody chooses. */
    private static void show(String user) {
        for (int partition = 0; partition < 2; partition++) {
            TOPICS.send(
                    "interactions",
                    partition,
                    String.format(
                            "{\"event_id\":\"s-%s-%d\",\"user_id\":\"%s\",\"item_id\":\"shown\","
                                    + "\"event_type\":\"impression\",\"timestamp_ms\":%d}",
                            user, partition, user, time(sentInteractions - 1)));
        }
    }

    private static boolean isOfTheFourthWindow(Found found) {
        return text(found, "subject").equals("live-model")
                && found.json().get("window").asLong() == 4;
    }

    private static void awaitListAfter(int interaction) {
        TOPICS.await(
                "recommendations",
                found ->
                        found.key().equals("user-" + interaction % USERS)
                                && timestamp(found) == time(interaction));
    }

    private static long time(int interaction) {
        return START + interaction * GAP;
    }

    private static Configuration workers() {
        Configuration workers = new Configuration();
        workers.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(128));
        return workers;
    }

    private static JobClient start() throws Exception {
        Configuration cluster = new Configuration();
        cluster.set(StateBackendOptions.STATE_BACKEND, "rocksdb");
        cluster.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(200));
        cluster.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                directory.resolve("checkpoints").toUri().toString());
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.getExecutionEnvironment(cluster);
        env.setParallelism(2);
        FreshetJob.build(
                env,
                Arguments.parse(
                        "--kafka.bootstrap-servers", TOPICS.bootstrapServers(),
                        "--store.path", directory.resolve("models").toUri().toString(),
                        "--store.retain", "100",
                        "--encoder.enabled", "false",
                        "--model.width", "8",
                        "--model.blocks", "1",
                        "--history.length", "10",
                        "--history.consume-once", "true",
                        "--history.exposure-types", "impression",
                        "--history.pane", "1 s",
                        "--history.debounce", "50 ms",
                        "--ingest.max-disorder", "1 s",
                        "--ingest.idle-timeout", "10 min",
                        "--training.min-interactions", String.valueOf(WINDOW),
                        "--training.max-interactions", String.valueOf(WINDOW),
                        "--training.updates-per-version", String.valueOf(UPDATES_PER_VERSION),
                        "--training.holdout", "0.5",
                        "--training.epochs", "1",
                        "--training.negatives", "8",
                        "--training.gate-tolerance", "100"));
        return env.executeAsync();
    }

    private static long version(Found found) {
        return found.json().get("version").asLong();
    }

    private static long timestamp(Found found) {
        return found.json().get("timestamp_ms").asLong();
    }

    private static String text(Found found, String field) {
        return found.json().get(field).asText();
    }
}
