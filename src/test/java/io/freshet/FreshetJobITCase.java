package io.freshet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import io.freshet.TestingTopics.Found;
import io.freshet.config.Arguments;
import io.freshet.event.TestingSchemas;
import io.freshet.store.Manifest;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.util.TestStreamEnvironment;
import org.apache.flink.test.junit5.InjectMiniCluster;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The whole job on a real broker and cluster, through one life: it loses its task manager while a
 * version is written but not announced, is stopped with a savepoint in the middle of the stream,
 * goes on, and forgets a user. Items are consumed once. What it has written by then is held against
 * what it was sent.
 */
class FreshetJobITCase {

    private static final int USERS = 40;
    private static final int ITEMS = 30;
    private static final int OWN_ITEMS = 20;
    private static final int INTERACTIONS = 2_400;
    private static final int WINDOW = 300;
    private static final long GAP = 50;
    private static final long DAY = Duration.ofDays(1).toMillis();
    // event times must not be ahead of the clock, not even those of the last interactions
    private static final long START = System.currentTimeMillis() / 1000 * 1000 - 3 * DAY;
    private static final String FORGOTTEN = "user-7";

    @RegisterExtension
    static final MiniClusterExtension CLUSTER =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setNumberTaskManagers(1)
                            .setNumberSlotsPerTaskManager(2)
                            .setConfiguration(workers())
                            .build());

    /** Items by event time, by user. */
    private static final Map<String, NavigableMap<Long, String>> TAKEN = new HashMap<>();

    @TempDir private static Path directory = Path.of("");

    private static final TestingTopics TOPICS = new TestingTopics(2);

    @BeforeAll
    static void liveThroughFailureSavepointAndForgetting(@InjectMiniCluster MiniCluster cluster)
            throws Exception {
        TestStreamEnvironment.setAsContext(cluster, 2); // the extension does so for tests alone
        announceItems();
        JobClient first = start(cluster());
        sendInteractions(0, WINDOW / 2);
        TOPICS.await("recommendations", found -> found.value() != null); // no version can be yet
        sendInteractions(WINDOW / 2, 800);
        sendBadRecords();
        TOPICS.awaitWritten("model-checkpoints", found -> version(found) == 2);
        cluster.terminateTaskManager(0).get(1, TimeUnit.MINUTES);
        sendInteractions(800, 1_600);
        cluster.startTaskManager();
        TOPICS.await("model-checkpoints", found -> version(found) == 4);

        sendInteractions(1_600, 2_000);
        Configuration resumed = cluster();
        resumed.set(StateRecoveryOptions.SAVEPOINT_PATH, stop(first));
        sendInteractions(2_000, INTERACTIONS);
        closeWindows();
        JobClient second = start(resumed);
        TOPICS.await("model-checkpoints", found -> windowStart(found) == START + DAY);

        TOPICS.await("recommendations", found -> found.key().equals(FORGOTTEN));
        TOPICS.send("controls", 0, forget());
        TOPICS.await(
                "recommendations", found -> found.key().equals(FORGOTTEN) && found.value() == null);
        stop(second);
    }

    @AfterAll
    static void stopBroker() {
        TestStreamEnvironment.unsetAsContext();
        TOPICS.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"recommendations", "model-checkpoints", "evaluations", "dead-letters"})
    void everyRecordKeepsThePublishedSchema(String topic) {
        assertThat(TOPICS.committed(topic))
                .isNotEmpty()
                .filteredOn(found -> found.value() != null)
                .allSatisfy(
                        found ->
                                assertThat(TestingSchemas.violations(topic, found.json()))
                                        .isEmpty());
    }

    /** The first cold starts of all may be empty, requested before any item was read. */
    @Test
    void everyActiveUserHasAList() {
        Set<String> users = new TreeSet<>(Set.of("last-0", "last-1", "end-0", "end-1"));
        for (int user = 0; user < USERS; user++) {
            users.add("user-" + user);
        }

        List<Found> lists = TOPICS.committed("recommendations");
        assertThat(lists)
                .filteredOn(found -> found.value() != null)
                .filteredOn(found -> text(found, "path").equals("personal"))
                .isNotEmpty()
                .allSatisfy(found -> assertThat(found.json().get("items")).isNotEmpty());
        Map<String, Found> last = new HashMap<>();
        lists.forEach(list -> last.put(list.key(), list));
        assertThat(last.remove(FORGOTTEN)).isEqualTo(new Found(FORGOTTEN, null));
        users.remove(FORGOTTEN);
        assertThat(last).containsOnlyKeys(users);
        assertThat(last.values())
                .allSatisfy(found -> assertThat(found.json().get("items")).isNotEmpty())
                .extracting(found -> text(found, "path"))
                .contains("personal");
    }

    @Test
    void beforeTheFirstVersionListsAreColdStarts() {
        JsonNode first = TOPICS.committed("recommendations").get(0).json();

        assertThat(first.get("path").asText()).isEqualTo("cold-start");
        assertThat(first.get("model_version").isNull()).isTrue();
    }

    @Test
    void nothingThatTheUserHadIsListed() {
        assertThat(TOPICS.committed("recommendations"))
                .filteredOn(found -> found.value() != null)
                .allSatisfy(
                        found ->
                                assertThat(found.json().get("items"))
                                        .extracting(entry -> entry.get("item_id").asText())
                                        .doesNotContainAnyElementsOf(had(found)));
    }

    @Test
    void noListIsServedTwice() {
        assertThat(TOPICS.committed("recommendations"))
                .filteredOn(found -> found.value() != null)
                .extracting(found -> found.json().get("request_id").asText())
                .doesNotHaveDuplicates();
    }

    @Test
    void versionsAscendWithoutHolesOrTwins() {
        List<Found> verdicts = TOPICS.committed("model-checkpoints");

        assertThat(verdicts).hasSizeGreaterThan(INTERACTIONS / WINDOW / 2);
        assertThat(verdicts).extracting(found -> text(found, "verdict")).containsOnly("promoted");
        List<Long> numbers = LongStream.rangeClosed(1, verdicts.size()).boxed().toList();
        assertThat(verdicts).extracting(found -> number(found, "version")).isEqualTo(numbers);
        assertThat(verdicts).extracting(found -> number(found, "window")).isEqualTo(numbers);
    }

    @Test
    void everyAnnouncedVersionIsInTheStore() {
        assertThat(TOPICS.committed("model-checkpoints"))
                .isNotEmpty()
                .allSatisfy(
                        found -> {
                            Path version = Path.of(URI.create(text(found, "path")));
                            assertThat(version).isEqualTo(store().resolve(text(found, "version")));
                            assertThat(version.resolve(Manifest.FILE)).isNotEmptyFile();
                            assertThat(version.resolve("saved_model.pb")).isNotEmptyFile();
                        });
    }

    @Test
    void everyInteractionIsTrainedOnceThoughTheJobFails() {
        List<Found> verdicts = TOPICS.committed("model-checkpoints");

        assertThat(verdicts.stream().mapToLong(found -> number(found, "interactions")).sum())
                .isEqualTo(INTERACTIONS + 2);
        JsonNode trained = verdicts.get(verdicts.size() - 1).json().get("trained_offsets");
        assertThat(trained)
                .extracting(range -> range.get("partition").asInt(), r -> r.get("count").asLong())
                .containsExactly(tuple(0, INTERACTIONS / 2 + 1L), tuple(1, INTERACTIONS / 2 + 1L));
    }

    @Test
    void everyWindowIsEvaluatedOnceBeforeItIsTrained() {
        int windows = TOPICS.committed("model-checkpoints").size();

        assertThat(TOPICS.committed("evaluations"))
                .filteredOn(found -> found.key().equals("live-model"))
                .extracting(found -> number(found, "window"))
                .isEqualTo(LongStream.rangeClosed(2, windows).boxed().toList());
    }

    @Test
    void everyBadRecordIsADeadLetterThatSaysWhatIsWrong() {
        assertThat(TOPICS.committed("dead-letters"))
                .extracting(
                        found -> text(found, "topic"),
                        found -> text(found, "field"),
                        found ->
                                text(found, "reason")
                                        .replaceFirst("^\\S+: found (\\S+ \\S+).*", "$1"))
                .containsExactlyInAnyOrder(
                        tuple("interactions", "user_id", "broken JSON"),
                        tuple("interactions", "user_id", "broken JSON"),
                        tuple("interactions", "value", "broken JSON"),
                        tuple("interactions", "value", "broken JSON"),
                        tuple("interactions", "user_id", "bytes that"),
                        tuple("interactions", "value", "a record"),
                        tuple("interactions", "item_id", "the number"),
                        tuple("interactions", "item_id", "null, expected"),
                        tuple("interactions", "user_id", "nothing, expected"),
                        tuple("interactions", "user_id", "\"user\\u0007-1\", expected"),
                        tuple("interactions", "timestamp_ms", "\"today\", expected"),
                        tuple("interactions", "timestamp_ms", START + "000, which"),
                        tuple("items", "item_id", "nothing, expected"),
                        tuple("controls", "kind", "\"forget-all\", expected"));
    }

    @Test
    void aForgottenUserEndsWithATombstone() {
        List<Found> lists =
                TOPICS.committed("recommendations").stream()
                        .filter(found -> found.key().equals(FORGOTTEN))
                        .toList();

        assertThat(lists).hasSizeGreaterThan(1);
        assertThat(lists.get(lists.size() - 1).value()).isNull();
        assertThat(lists.subList(0, lists.size() - 1)).doesNotContain(new Found(FORGOTTEN, null));
    }

    private static Configuration workers() {
        Configuration workers = new Configuration();
        workers.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(128));
        return workers;
    }

    private static Configuration cluster() {
        Configuration cluster = new Configuration();
        cluster.set(StateBackendOptions.STATE_BACKEND, "rocksdb");
        cluster.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true);
        cluster.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(500));
        cluster.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                directory.resolve("checkpoints").toUri().toString());
        cluster.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
        cluster.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 100);
        cluster.set(
                RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(100));
        return cluster;
    }

    /**
     * Every challenger is promoted, so that the counts are complete; no partition ever counts as
     * idle.
     */
    private static JobClient start(Configuration cluster) throws Exception {
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.getExecutionEnvironment(cluster);
        env.setParallelism(2);
        FreshetJob.build(
                env,
                Arguments.parse(
                        "--kafka.bootstrap-servers", TOPICS.bootstrapServers(),
                        "--store.path", store().toUri().toString(),
                        "--store.retain", "100",
                        "--encoder.enabled", "false",
                        "--model.width", "16",
                        "--model.blocks", "1",
                        "--history.length", "10",
                        "--history.consume-once", "true",
                        "--history.pane", "1 s",
                        "--history.debounce", "50 ms",
                        "--ingest.max-disorder", "1 s",
                        "--ingest.idle-timeout", "10 min",
                        "--training.min-interactions", String.valueOf(WINDOW),
                        "--training.max-interactions", String.valueOf(WINDOW),
                        "--training.updates-per-version", "1",
                        "--training.window-time", "10 min",
                        "--training.holdout", "0",
                        "--training.epochs", "1",
                        "--training.negatives", "16",
                        "--training.gate-tolerance", "100"));
        return env.executeAsync();
    }

    private static String stop(JobClient job) throws Exception {
        String savepoints = directory.resolve("savepoints").toUri().toString();
        return job.stopWithSavepoint(false, savepoints, SavepointFormatType.CANONICAL)
                .get(2, TimeUnit.MINUTES);
    }

    private static void announceItems() {
        for (int item = 0; item < ITEMS; item++) {
            TOPICS.send(
                    "items",
                    0,
                    String.format(
                            "{\"item_id\":\"item-%d\",\"title\":\"Item %d\",\"timestamp_ms\":%d}",
                            item, item, START));
        }
    }

    /**
     * Users take items in turns, each some of them again and again and the others never, a little
     * out of order; every tenth interaction comes twice.
     */
    private static void sendInteractions(int from, int to) {
        for (int i = from; i < to; i++) {
            sendInteraction(i);
            if (i >= 30 && (i - 30) % 10 == 0) {
                sendInteraction(i - 30);
            }
        }
    }

    private static void sendInteraction(int i) {
        int user = i % USERS;
        int item = (user + i / USERS % OWN_ITEMS) % ITEMS;
        long time = START + i * GAP - (i >= 10 && i % 7 == 0 ? 400 : 0);
        take("e" + i, "user-" + user, item, time, user % 2);
    }

    /** Moves event time beyond the open window's end, and beyond that of the window after it. */
    private static void closeWindows() {
        for (int partition = 0; partition < 2; partition++) {
            for (int day = 1; day <= 2; day++) {
                String user = (day == 1 ? "last-" : "end-") + partition;
                take(user, user, partition, START + day * DAY, partition);
            }
        }
    }

    private static void take(String event, String user, int item, long time, int partition) {
        TAKEN.computeIfAbsent(user, any -> new TreeMap<>()).put(time, "item-" + item);
        TOPICS.send("interactions", partition, interaction(event, user, item, time));
    }

    private static void sendBadRecords() {
        String fine = interaction("bad", "user-1", 1, START);
        TOPICS.send("interactions", 0, fine.substring(0, 30));
        TOPICS.send("interactions", 1, "user-1 had item-1");
        TOPICS.send("interactions", 0, fine.replace("\"item-1\"", "17"));
        TOPICS.send("interactions", 1, fine.replace(String.valueOf(START), "\"today\""));
        TOPICS.send("interactions", 0, fine.replace("user_id", "user"));
        TOPICS.send("interactions", 1, fine.replace("\"item-1\"", "null"));
        TOPICS.send("interactions", 0, fine.replace(String.valueOf(START), START + "000"));
        TOPICS.send("interactions", 1, fine.replace("user-1", "user\\u0007-1"));
        TOPICS.send("interactions", 1, fine.replace("user-1", "user\t1"));
        TOPICS.send("interactions", 0, fine.getBytes(StandardCharsets.UTF_16LE));
        TOPICS.send(
                "interactions",
                1,
                fine.replace("user-1", "us\u00fcr").getBytes(StandardCharsets.ISO_8859_1));
        TOPICS.send("interactions", 0, new byte[10 << 20]);
        TOPICS.send("items", 0, "{\"title\":\"nameless\",\"timestamp_ms\":" + START + "}");
        TOPICS.send("controls", 0, forget().replace("forget-user", "forget-all"));
    }

    private static String interaction(String event, String user, int item, long time) {
        return String.format(
                Locale.ROOT,
                "{\"event_id\":\"%s\",\"user_id\":\"%s\",\"item_id\":\"item-%d\","
                        + "\"timestamp_ms\":%d}",
                event,
                user,
                item,
                time);
    }

    private static String forget() {
        return String.format(
                "{\"control_id\":\"c-1\",\"kind\":\"forget-user\",\"user_id\":\"%s\","
                        + "\"timestamp_ms\":%d}",
                FORGOTTEN, START);
    }

    /** What the list's user had by the activity that asked for it. */
    private static Collection<String> had(Found list) {
        return TAKEN.getOrDefault(list.key(), new TreeMap<>())
                .headMap(number(list, "timestamp_ms"), true)
                .values();
    }

    private static Path store() {
        return directory.resolve("models");
    }

    private static long version(Found found) {
        return number(found, "version");
    }

    private static long windowStart(Found found) {
        return number(found, "window_start_ms");
    }

    private static long number(Found found, String field) {
        return found.json().get(field).asLong();
    }

    private static String text(Found found, String field) {
        return found.json().get(field).asText();
    }
}
