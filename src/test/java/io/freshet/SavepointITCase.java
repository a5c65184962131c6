package io.freshet;

import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.TestingTopics.Found;
import io.freshet.history.HistoryState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole job through a life of upgrades: it is stopped with a savepoint in the middle of the
 * stream and goes on as it was, at other parallelism, with other options, and with another body of
 * the model. What it has in state and has written by then is held against what it was sent.
 */
class SavepointITCase {

    private static final int INTERACTIONS = 2_100;
    private static final int STAGES = 5;
    private static final int STAGE = INTERACTIONS / STAGES;
    private static final int LENGTH = 10;

    @RegisterExtension
    static final MiniClusterExtension CLUSTER = new MiniClusterExtension(TestingLife.cluster());

    @TempDir private static Path directory = Path.of("");

    private static final TestingTopics TOPICS = new TestingTopics(TestingStream.PARTITIONS);
    private static final List<String> SAVEPOINTS = new ArrayList<>();

    @BeforeAll
    static void liveThroughUpgrades() throws Exception {
        TestingLife life = new TestingLife(TOPICS, directory);
        Map<String, String> options = windows(200);
        TestingStream.announceItems(TOPICS);
        stage(life, life.start(2, options), 1);
        stage(life, life.resume(last(), 2, options), 2);
        stage(life, life.resume(last(), 3, options), 3);
        stage(life, life.resume(last(), 1, others()), 4);
        stage(life, life.resume(last(), 2, anotherBody()), STAGES);
    }

    @AfterAll
    static void stopBroker() {
        TOPICS.close();
    }

    /**
     * Sends a part of the stream, and stops the job while it works on it; the last one entirely.
     */
    private static void stage(TestingLife life, JobClient job, int stage) throws Exception {
        int before = TOPICS.committed("model-checkpoints").size();
        TestingStream.send(TOPICS, (stage - 1) * STAGE, stage * STAGE);
        if (stage < STAGES) {
            TOPICS.await("model-checkpoints", found -> number(found, "version") > before);
        } else {
            TestingStream.closeWindows(TOPICS);
            TOPICS.await(
                    "model-checkpoints",
                    found ->
                            number(found, "window_start_ms")
                                    == TestingStream.START + TestingStream.DAY);
        }
        SAVEPOINTS.add(life.stop(job));
    }

    private static Map<String, String> windows(int interactions) {
        Map<String, String> options = TestingLife.options();
        options.put("training.min-interactions", String.valueOf(interactions));
        options.put("training.max-interactions", String.valueOf(interactions));
        options.put("training.updates-per-version", "1");
        return options;
    }

    /** Other values of whatever may change on the way, but for the model's shape. */
    private static Map<String, String> others() {
        Map<String, String> options = windows(100);
        options.put("history.pane", "2 s");
        options.put("history.debounce", "0 s");
        options.put("history.remembered-events", "50");
        options.put("history.consume-once", "true");
        options.put("history.exposure-types", "impression");
        options.put("item.popularity-half-lives", "2 h,7 d");
        options.put("item.popularity-interval", "5 s");
        options.put("item.max-followers", "20");
        options.put("training.window-time", "20 min");
        options.put("training.epochs", "2");
        options.put("training.batch-size", "64");
        options.put("training.replay-capacity", "100");
        options.put("training.replay-ratio", "1");
        options.put("recommend.list-size", "5");
        options.put("recommend.candidates", "50");
        options.put("recommend.diversity", "0.3");
        return options;
    }

    /** Another body over the same item vectors. */
    private static Map<String, String> anotherBody() {
        Map<String, String> options = others();
        options.put("model.blocks", "2");
        options.put("model.heads", "4");
        return options;
    }

    @Test
    void every_savepoint_has_each_user_s_interactions_exactly_once_and_in_order() throws Exception {
        int[] before = new int[TestingStream.USERS];
        for (String savepoint : SAVEPOINTS) {
            Map<String, HistoryState> histories = TestingSavepoint.histories(savepoint);
            for (int user = 0; user < TestingStream.USERS; user++) {
                HistoryState found = histories.getOrDefault("user-" + user, new HistoryState());
                int count = found.remembered.length;
                HistoryState expected = TestingStream.history(user, count, LENGTH);
                assertThat(count).isGreaterThanOrEqualTo(before[user]);
                assertThat(found.remembered).isEqualTo(expected.remembered);
                int more = found.items.length - expected.items.length; // not trained on yet
                assertThat(found.items).endsWith(expected.items);
                assertThat(found.timestamps).endsWith(expected.timestamps);
                assertThat(more).isBetween(0, found.fresh.length);
                before[user] = count;
            }
        }
        for (int user = 0; user < TestingStream.USERS; user++) {
            assertThat(before[user]).isEqualTo(TestingStream.count(user, INTERACTIONS));
        }
    }

    @Test
    void every_interaction_is_trained_once() {
        List<Found> verdicts = TOPICS.committed("model-checkpoints");

        assertThat(verdicts.stream().mapToLong(found -> number(found, "interactions")).sum())
                .isEqualTo(INTERACTIONS + TestingStream.PARTITIONS);
        assertThat(verdicts.get(verdicts.size() - 1).json().get("trained_offsets"))
                .extracting(range -> range.get("count").asInt())
                .hasSize(TestingStream.PARTITIONS)
                .containsOnly(INTERACTIONS / TestingStream.PARTITIONS + 1);
    }

    @Test
    void versions_ascend_without_holes_or_twins() {
        List<Found> verdicts = TOPICS.committed("model-checkpoints");

        List<Long> numbers = LongStream.rangeClosed(1, verdicts.size()).boxed().toList();
        assertThat(verdicts).extracting(found -> number(found, "version")).isEqualTo(numbers);
        assertThat(verdicts)
                .extracting(found -> number(found, "parent"))
                .isEqualTo(numbers.stream().map(number -> number - 1).toList());
        assertThat(verdicts.stream().filter(found -> !isRenewal(found)))
                .extracting(found -> number(found, "window"))
                .isEqualTo(numbers.subList(0, verdicts.size() - 1));
    }

    @Test
    void another_body_takes_over_in_a_version_that_says_why() throws Exception {
        List<Found> renewals =
                TOPICS.committed("model-checkpoints").stream()
                        .filter(SavepointITCase::isRenewal)
                        .toList();

        assertThat(renewals).hasSize(1);
        Found renewal = renewals.get(0);
        assertThat(renewal.json().get("reason").asText())
                .contains("blocks 2, heads 4")
                .contains(
                        "version " + number(renewal, "parent") + " was built as 'width 8, blocks 1")
                .contains("warmed up on");
        assertThat(number(renewal, "interactions")).isZero();
    }

    @Test
    void every_state_has_the_name_that_it_was_released_with() throws Exception {
        assertThat(TestingSavepoint.states(last()))
                .containsAll(ReleasedStates.OWN.keySet())
                .isSubsetOf(ReleasedStates.names());
    }

    @Test
    void no_list_is_served_twice() {
        assertThat(TOPICS.committed("recommendations"))
                .extracting(found -> found.json().get("request_id").asText())
                .doesNotHaveDuplicates();
    }

    private static boolean isRenewal(Found verdict) {
        return verdict.json().get("reason").asText().contains("the options ask for");
    }

    private static String last() {
        return SAVEPOINTS.get(SAVEPOINTS.size() - 1);
    }

    private static long number(Found found, String field) {
        return found.json().get(field).asLong();
    }
}
