package io.freshet;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.freshet.cluster.Await;
import io.freshet.config.Arguments;
import io.freshet.config.FreshetConfig;
import io.freshet.serve.Gateway;
import io.freshet.serve.GatewaySettings;
import io.freshet.serve.topic.Isolation;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.util.TestStreamEnvironment;
import org.apache.flink.test.junit5.InjectMiniCluster;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole job on a real broker and cluster is asked for lists, on a topic that is not there when
 * it starts.
 */
class RequestsITCase {

    private static final String TOPIC = "asked-later";
    private static final int USERS = 20;
    private static final int ITEMS = 30;
    private static final int INTERACTIONS = 400;
    private static final long START =
            System.currentTimeMillis() - Duration.ofHours(1).toMillis() - INTERACTIONS;

    @RegisterExtension
    static final MiniClusterExtension CLUSTER =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setNumberTaskManagers(1)
                            .setNumberSlotsPerTaskManager(2)
                            .build());

    @TempDir private static Path directory = Path.of("");

    private static final TestingTopics TOPICS = new TestingTopics(2);
    private static final Map<String, JsonNode> ANSWERS = new HashMap<>();
    private static final List<TestingTopics.Found> FOUND = new ArrayList<>();
    private static final List<String> BEFORE_AND_WHILE = new ArrayList<>();

    private static int asked;

    @BeforeAll
    static void askTheJob(@InjectMiniCluster MiniCluster cluster) throws Exception {
        TestStreamEnvironment.setAsContext(cluster, 2); // the extension does so for tests alone
        sendShop();
        JobClient job = start();
        TOPICS.await("recommendations", RequestsITCase::isOfTheLastInteraction);
        TOPICS.create(TOPIC);
        Await.until(
                "an answer that is the list of activity",
                RequestsITCase::agreesWithActivity,
                RequestsITCase::lastTwo);
        ask("stranger", "'kind':'personal','user_id':'nobody','size':3");
        ask("similar", "'kind':'similar-items','item_id':'item-3','size':3");
        ask("unknown", "'kind':'similar-items','item_id':'never heard of'");
        ask("popular", "'kind':'popular','only_categories':['odd'],'size':4");
        ask("cheap", "'kind':'popular','ranges':{'price':{'max':2}}");
        ask("session", "'kind':'next-in-session','items':['item-3','item-4']");
        ask("nothing", "'kind':'popular','only_categories':['no such']");
        ask("twice", "'kind':'popular'");
        ask("twice", "'kind':'popular'");
        askAt(System.currentTimeMillis() - Duration.ofMinutes(5).toMillis());
        ask("last", "'kind':'popular'");
        TOPICS.await("recommendations", found -> isAnswer(found, "last"));
        FOUND.addAll(TOPICS.committed("recommendations"));
        try (Gateway gateway = gateway()) {
            askOverAFailure(gateway.url(), cluster);
        }
        job.cancel().get(1, TimeUnit.MINUTES);
        for (TestingTopics.Found found : FOUND) {
            if (found.json().has("kind")) {
                ANSWERS.put(found.json().get("request_id").asText(), found.json());
            }
        }
    }

    @AfterAll
    static void stopBroker() {
        TestStreamEnvironment.unsetAsContext();
        TOPICS.close();
    }

    @Test
    void aUsersListIsTheOneThatActivityLedTo() {
        JsonNode asked = answer(personal());
        JsonNode ofActivity = lastOf("user-3", FOUND);

        assertThat(asked.get("user_id").asText()).isEqualTo("user-3");
        assertThat(asked.get("timestamp_ms").asLong())
                .isGreaterThanOrEqualTo(ofActivity.get("timestamp_ms").asLong());
        assertThat(items(asked)).hasSize(5);
        assertThat(items(ofActivity)).hasSize(10).containsAll(items(asked));
        assertThat(asked.get("items").get(0).has("contributions")).isTrue();
        assertThat(ofActivity.get("items").get(0).has("contributions")).isFalse();
    }

    @Test
    void everyKindIsAnsweredAsItWasAskedFor() {
        assertThat(items(answer("stranger"))).hasSize(3);
        assertThat(items(answer("similar"))).contains("item-4").doesNotContain("item-3");
        assertThat(items(answer("popular")))
                .hasSize(4)
                .allSatisfy(item -> assertThat(item).matches("item-\\d*[13579]"));
        assertThat(items(answer("cheap"))).containsExactlyInAnyOrder("item-0", "item-1", "item-2");
        assertThat(items(answer("session"))).contains("item-5");
        assertThat(answer("session").get("user_id").isNull()).isTrue();
    }

    @Test
    void whatCanNotBeAnsweredSaysWhy() {
        assertThat(answer("unknown").get("reason").asText()).isEqualTo("unknown-item");
        assertThat(answer("nothing").get("reason").asText()).isEqualTo("nothing-left");
        assertThat(answer("too old").get("reason").asText()).isEqualTo("expired");
        assertThat(List.of("unknown", "nothing", "too old"))
                .allSatisfy(
                        id -> {
                            assertThat(answer(id).get("path").asText()).isEqualTo("unanswered");
                            assertThat(items(answer(id))).isEmpty();
                        });
    }

    @Test
    void overTheGatewayAFailureIsATimeOutUntilTheJobIsBack() {
        assertThat(BEFORE_AND_WHILE).hasSize(2);
        assertThat(BEFORE_AND_WHILE.get(0)).contains("\"kind\":\"popular\"");
        assertThat(BEFORE_AND_WHILE.get(1))
                .contains("\"type\":\"urn:freshet:problem:time-out\"", "\"status\":504");
    }

    @Test
    void eachIsAnsweredOnceAndReplacesNoUsersList() {
        assertThat(FOUND)
                .filteredOn(found -> found.json().has("kind"))
                .extracting(TestingTopics.Found::key)
                .hasSize(11 + asked)
                .containsOnly("");
        assertThat(FOUND)
                .filteredOn(found -> !found.json().has("kind"))
                .extracting(TestingTopics.Found::key)
                .doesNotContain("");
    }

    /** Asks before the only task manager dies, while there is none, and until one has begun. */
    private static void askOverAFailure(String url, MiniCluster cluster) throws Exception {
        awaitAnswer(url);
        BEFORE_AND_WHILE.add(popular(url));
        cluster.terminateTaskManager(0).get(1, TimeUnit.MINUTES);
        BEFORE_AND_WHILE.add(popular(url));
        cluster.startTaskManager();
        awaitAnswer(url);
    }

    private static void awaitAnswer(String url) {
        Await.until("an answer", () -> popular(url).contains("\"kind\""), () -> "none over " + url);
    }

    private static String popular(String url) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/popular")).build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
    }

    private static Gateway gateway() throws Exception {
        FreshetConfig config =
                FreshetConfig.from(
                        Configuration.fromMap(
                                Map.of(
                                        "kafka.bootstrap-servers",
                                        TOPICS.bootstrapServers(),
                                        "kafka.topic.requests",
                                        TOPIC)));
        GatewaySettings settings =
                new GatewaySettings(
                        GatewaySettings.LOOPBACK,
                        0,
                        null,
                        Duration.ofSeconds(2),
                        10,
                        10,
                        Isolation.READ_COMMITTED);
        return Gateway.start(settings, config, new Properties());
    }

    /**
     * Lets a user do something, awaits the list, and asks for the same one: both are equal as soon
     * as the counts of items that were still on their way have come.
     */
    private static boolean agreesWithActivity() {
        long time = START + INTERACTIONS + asked;
        TOPICS.send(
                "interactions",
                1,
                json("'user_id':'user-3','item_id':'item-23','timestamp_ms':%d", time));
        TOPICS.await(
                "recommendations",
                found ->
                        found.key().equals("user-3")
                                && found.json().get("timestamp_ms").asLong() == time);
        asked++;
        ask(personal(), "'kind':'personal','user_id':'user-3','size':5,'explain':true");
        TOPICS.await("recommendations", found -> isAnswer(found, personal()));
        List<List<String>> both = lastTwo();
        return both.get(0).containsAll(both.get(1));
    }

    private static List<List<String>> lastTwo() {
        List<TestingTopics.Found> found = TOPICS.committed("recommendations");
        JsonNode answer =
                found.stream()
                        .filter(one -> isAnswer(one, personal()))
                        .findFirst()
                        .orElseThrow()
                        .json();
        return List.of(items(lastOf("user-3", found)), items(answer));
    }

    private static String personal() {
        return "personal " + asked;
    }

    private static JsonNode lastOf(String user, List<TestingTopics.Found> lists) {
        return lists.stream()
                .filter(found -> found.key().equals(user))
                .reduce((before, after) -> after)
                .orElseThrow()
                .json();
    }

    /** Users go from an item to the next. */
    private static void sendShop() {
        for (int item = 0; item < ITEMS; item++) {
            TOPICS.send(
                    "items",
                    0,
                    json(
                            "'item_id':'item-%d','categories':['all','%s'],'price':%d,'timestamp_ms':%d",
                            item, item % 2 == 0 ? "even" : "odd", item, START));
        }
        for (int i = 0; i < INTERACTIONS; i++) {
            TOPICS.send("interactions", i % 2, interaction(i));
        }
    }

    private static String interaction(int i) {
        return json(
                "'user_id':'user-%d','item_id':'item-%d','timestamp_ms':%d",
                i % USERS, (i % USERS + i / USERS) % ITEMS, START + i);
    }

    private static void ask(String id, String fields) {
        TOPICS.send(TOPIC, 0, json("'request_id':'%s',%s", id, fields));
    }

    private static void askAt(long time) {
        byte[] request =
                json("'request_id':'too old','kind':'popular'").getBytes(StandardCharsets.UTF_8);
        TOPICS.send(new ProducerRecord<>(TOPIC, 0, time, null, request));
    }

    private static String json(String fields, Object... values) {
        return "{" + String.format(fields, values).replace('\'', '"') + "}";
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
        FreshetJob.build(
                env,
                Arguments.parse(
                        "--kafka.bootstrap-servers", TOPICS.bootstrapServers(),
                        "--kafka.topic.requests", TOPIC,
                        "--store.path", directory.resolve("models").toUri().toString(),
                        "--attributes.items", "price:number",
                        "--encoder.enabled", "false",
                        "--history.length", "10",
                        "--history.debounce", "50 ms",
                        "--training.enabled", "false",
                        "--recommend.exploration-share", "0"));
        return env.executeAsync();
    }

    private static boolean isOfTheLastInteraction(TestingTopics.Found found) {
        return found.json().get("timestamp_ms").asLong() == START + INTERACTIONS - 1;
    }

    private static boolean isAnswer(TestingTopics.Found found, String id) {
        return found.json().get("request_id").asText().equals(id);
    }

    private static JsonNode answer(String id) {
        assertThat(ANSWERS).containsKey(id);
        return Objects.requireNonNull(ANSWERS.get(id));
    }

    private static List<String> items(JsonNode list) {
        return list.get("items").findValuesAsText("item_id");
    }
}
