package io.freshet.serve;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.freshet.cluster.Await;
import io.freshet.demo.EmbeddedKafka;
import io.freshet.event.TestingSchemas;
import io.freshet.serve.TestingClient.Found;
import io.freshet.serve.topic.Isolation;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The gateway with a real broker, and something that answers in place of the job. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class GatewayITCase {

    private static final String SECRET = "a-secret-of-this-test";
    private static final String INTERACTION =
            "{\"user_id\":\"u-1\",\"item_id\":\"i-1\",\"timestamp_ms\":1790000000000}";
    private static final Duration PATIENT = Duration.ofSeconds(30);
    private static final Duration IMPATIENT = Duration.ofMillis(200);

    private static EmbeddedKafka broker;
    private static TestingListJob job;
    private static Gateway patient;
    private static Gateway impatient;
    private static TestingClient client;

    @BeforeAll
    static void start() throws IOException {
        broker = EmbeddedKafka.start();
        broker.createTopic("requests", 2);
        broker.createTopic("interactions", 2);
        broker.createTopic("recommendations", 2, Map.of("cleanup.policy", "compact"));
        job = new TestingListJob(broker.bootstrapServers());
        job.write("u-old", "from-before");
        job.write("u-gone", "from-before");
        job.forget("u-gone");
        patient = gateway(PATIENT, 10);
        impatient = gateway(IMPATIENT, 10);
        client = new TestingClient(patient.url());
        client.awaitHealth(200);
        new TestingClient(impatient.url()).awaitHealth(200);
    }

    @AfterAll
    static void stop() throws InterruptedException {
        patient.close();
        impatient.close();
        job.close();
        broker.close();
    }

    @Test
    void an_answer_is_handed_on_as_it_was_read() {
        Found found = client.get("/users/u-1/recommendations?size=3&exclude_item=i-1");

        assertThat(found.status()).isEqualTo(200);
        assertThat(new String(found.body(), UTF_8))
                .matches(
                        "\\{\"request_id\":\"gateway-[-0-9a-f]+-\\d+\",\"user_id\":\"u-1\",\"path\":\"personal\","
                                + "\"items\":\\[\\{\"item_id\":\"answer\",\"score\":0.5}],\"kind\":\"personal\"}");
        assertThat(found.fallback()).isEmpty();
        assertThat(job.asked())
                .allSatisfy(
                        request ->
                                assertThat(TestingSchemas.violations("requests", request))
                                        .isEmpty())
                .anyMatch(request -> request.path("exclude_items").path(0).asText().equals("i-1"));
    }

    @Test
    void every_kind_of_list_is_asked_for() {
        assertThat(client.get("/items/i-1/similar?user=u-1").json().path("kind").asText())
                .isEqualTo("similar-items");
        assertThat(client.get("/popular").json().path("kind").asText()).isEqualTo("popular");
        assertThat(client.get("/sessions/next?item=a&item=b").json().path("kind").asText())
                .isEqualTo("next-in-session");
    }

    @Test
    void ids_may_have_any_characters() {
        client.get("/users/a%2Fb%3Fc%25d%2Be%20f%3Bg%C3%A9..%2F/recommendations?size=1");

        assertThat(job.asked())
                .anyMatch(request -> request.path("user_id").asText().equals("a/b?c%d+e f;gé../"));
        assertThat(client.get("/items/%2E%2E/similar").status()).isEqualTo(200);
    }

    @Test
    void why_there_is_no_list_has_a_status_of_its_own() {
        assertThat(client.get("/items/unknown/similar"))
                .satisfies(found -> assertThat(found.status()).isEqualTo(404))
                .satisfies(found -> assertThat(found.problem()).isEqualTo("unknown-item"));
        assertThat(client.get("/users/forgotten/recommendations").status()).isEqualTo(410);
        assertThat(client.get("/users/late/recommendations"))
                .satisfies(found -> assertThat(found.status()).isEqualTo(504))
                .satisfies(found -> assertThat(found.problem()).isEqualTo("time-out"));
        Found full = client.get("/users/full/recommendations");
        assertThat(full.status()).isEqualTo(200);
        assertThat(full.json().path("reason").asText()).isEqualTo("nothing-left");
    }

    @Test
    void what_is_wrong_with_a_request_is_said_in_the_same_form_everywhere() throws IOException {
        assertProblem(client.get("/popular?sise=3"), 400, "bad-parameter");
        assertThat(client.getRaw("/popular?size=%zz"))
                .startsWith("HTTP/1.1 400")
                .contains("application/problem+json", "urn:freshet:problem:bad-request");
        assertThat(client.getRaw("/users/%zz/recommendations"))
                .startsWith("HTTP/1.1 400")
                .contains("application/problem+json", "urn:freshet:problem:bad-request");
        assertProblem(client.get("/nowhere"), 404, "no-such-path");
        assertProblem(client.get("/interactions"), 405, "no-such-method");
        assertProblem(client.get("/popular?only_item=" + "x".repeat(70_000)), 414, "too-long");
    }

    @Test
    void the_newest_list_is_served_without_asking_the_job() {
        Found found = client.get("/users/u-old/recommendations?newest=true");

        assertThat(found.status()).isEqualTo(200);
        assertThat(found.items()).containsExactly("from-before");
        assertProblem(client.get("/users/u-nobody/recommendations?newest=true"), 404, "no-list");
        assertProblem(client.get("/users/u-gone/recommendations?newest=true"), 404, "no-list");
    }

    @Test
    void a_user_who_is_forgotten_loses_the_newest_list() {
        job.write("u-leaving", "kept");
        awaitNewest("u-leaving", 200);
        job.forget("u-leaving");

        awaitNewest("u-leaving", 404);
    }

    @Test
    void the_newest_list_stands_in_for_an_answer_that_does_not_come() {
        TestingClient hasty = new TestingClient(impatient.url());
        job.write("silent", "kept");
        Await.until(
                "the list",
                () -> hasty.get("/users/silent/recommendations?newest=true").status() == 200,
                () -> "none");

        Found plain = hasty.get("/users/silent/recommendations");
        assertThat(plain.status()).isEqualTo(200);
        assertThat(plain.fallback()).contains("newest-list");
        assertThat(plain.items()).containsExactly("kept");
        assertProblem(hasty.get("/users/silent/recommendations?size=3"), 504, "time-out");
        assertProblem(hasty.get("/items/i-1/similar?user=silent"), 504, "time-out");
        assertThat(hasty.get("/health").json().path("counts").path("timed_out").asInt())
                .isGreaterThanOrEqualTo(3);
    }

    @Test
    void no_more_wait_than_may_and_those_that_wait_are_answered_at_the_end() throws IOException {
        Gateway small = gateway(PATIENT, 1);
        TestingClient asking = new TestingClient(small.url());
        asking.awaitHealth(200);
        CompletableFuture<Found> first = asking.getAsync("/users/silent/recommendations?size=1");
        Await.until(
                "a request that waits",
                () -> asking.get("/health").json().at("/counts/waiting").asInt() == 1,
                () -> "none");

        Found second = asking.get("/popular");
        assertProblem(second, 503, "too-many");
        assertThat(second.retryAfter()).isPresent();
        small.close();
        assertProblem(first.join(), 503, "stopping");
        assertThatThrownBy(() -> asking.get("/health")).hasCauseInstanceOf(IOException.class);
    }

    @Test
    void who_has_no_token_sees_health_and_description_alone() throws IOException {
        try (Gateway guarded = gateway("0.0.0.0", new BearerToken(SECRET), PATIENT, 10)) {
            String url = guarded.url().replace("0.0.0.0", "127.0.0.1");
            TestingClient asking = new TestingClient(url);
            asking.awaitHealth(200);

            assertThat(asking.get("/openapi.json").status()).isEqualTo(200);
            assertProblem(asking.get("/popular"), 401, "no-token");
            assertProblem(asking.get("/nowhere"), 401, "no-token");
            assertProblem(asking.get("/popular", "another-secret-of-it"), 401, "no-token");
            assertProblem(asking.post("{}"), 401, "no-token");
            assertThat(asking.get("/popular", SECRET).status()).isEqualTo(200);
        }
    }

    @Test
    void who_has_no_token_learns_no_address_of_a_broker() throws IOException {
        BearerToken token = new BearerToken(SECRET);
        try (Gateway guarded = gateway("127.0.0.1:1", "127.0.0.1", token, PATIENT, 10)) {
            TestingClient asking = new TestingClient(guarded.url());

            assertThat(asking.get("/health").status()).isEqualTo(503);
            assertThat(asking.get("/health").json().at("/parts/broker").asText())
                    .isEqualTo("unavailable");
            assertThat(asking.get("/health", SECRET).json().at("/parts/broker").asText())
                    .contains("127.0.0.1:1");
        }
    }

    @Test
    void an_interaction_is_sent_as_it_came_by_its_user() {
        String interaction =
                "{ \"user_id\":\"u-9\", \"item_id\" : \"i-1\",\"timestamp_ms\":1790000000000, \"extra\":1}";

        assertThat(client.post(interaction).status()).isEqualTo(202);

        assertThat(interactions())
                .anySatisfy(
                        record -> {
                            assertThat(new String(record.key(), UTF_8)).isEqualTo("u-9");
                            assertThat(new String(record.value(), UTF_8)).isEqualTo(interaction);
                        });
    }

    @Test
    void an_interaction_that_would_be_a_dead_letter_is_refused_with_field_and_reason() {
        Found refused = client.post("{\"user_id\":\"u-refused\",\"item_id\":7}");

        assertProblem(refused, 400, "bad-interaction");
        assertThat(refused.json().path("field").asText()).isEqualTo("item_id");
        assertThat(refused.json().path("detail").asText())
                .startsWith("item_id: found the number 7, expected a string");
        assertProblem(client.post("no JSON"), 400, "bad-interaction");
        assertProblem(client.post("text/plain", BodyPublishers.ofString("{}")), 415, "not-json");
        assertProblem(client.post("[" + "1,".repeat(1 << 20)), 413, "too-large");
        byte[] large = new byte[2 << 20];
        assertProblem( // without a length beforehand
                client.post(
                        "application/json",
                        BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large))),
                413,
                "too-large");
        assertThat(interactions())
                .noneMatch(record -> new String(record.value(), UTF_8).contains("u-refused"));
    }

    @Test
    void many_wait_without_a_thread_each() throws IOException {
        int many = 500;
        try (Gateway wide = gateway(Duration.ofSeconds(2), many)) {
            TestingClient asking = new TestingClient(wide.url());
            asking.awaitHealth(200);
            List<CompletableFuture<Found>> silent =
                    IntStream.range(0, many)
                            .mapToObj(
                                    n -> asking.getAsync("/items/i-" + n + "/similar?user=silent"))
                            .toList();

            assertThat(silent)
                    .allSatisfy(found -> assertThat(found.join().status()).isEqualTo(504));
            assertThat(asking.get("/popular").status()).isEqualTo(200);
        }
    }

    @Test
    void without_brokers_it_starts_and_it_goes_on_when_they_come_back() throws Exception {
        try (TestingProxy proxy = new TestingProxy();
                Gateway early =
                        gateway(proxy.address(), GatewaySettings.LOOPBACK, null, PATIENT, 10)) {
            TestingClient asking = new TestingClient(early.url());
            assertThat(asking.awaitHealth(503).at("/parts/broker").asText())
                    .contains(proxy.address());
            assertProblem(asking.get("/popular"), 503, "unavailable");
            assertProblem(asking.post(INTERACTION), 503, "unavailable");

            try (EmbeddedKafka behind = brokerBehind(proxy)) {
                proxy.mend(port(behind.bootstrapServers()));
                behind.createTopic("interactions", 1);
                behind.createTopic("recommendations", 2);
                awaitDetail(asking, "there is no topic requests");
                behind.createTopic("requests", 2);
                try (TestingListJob answering = new TestingListJob(behind.bootstrapServers())) {
                    answering.write("u-1", "kept");
                    asking.awaitHealth(200);
                    assertThat(asking.get("/users/u-1/recommendations").items())
                            .containsExactly("answer");

                    proxy.cut();
                    asking.awaitHealth(503);
                    Found kept = asking.get("/users/u-1/recommendations");
                    assertThat(kept.fallback()).contains("newest-list");
                    assertThat(kept.items()).containsExactly("kept");
                    assertProblem(asking.get("/popular"), 503, "unavailable");

                    proxy.mend(port(behind.bootstrapServers()));
                    asking.awaitHealth(200);
                    assertThat(asking.get("/users/u-1/recommendations").items())
                            .containsExactly("answer");
                    assertThat(asking.post(INTERACTION).status()).isEqualTo(202);
                }
            }
        }
    }

    @Test
    void committed_answers_alone_count_if_so_configured() throws IOException {
        GatewaySettings settings =
                new GatewaySettings(
                        GatewaySettings.LOOPBACK,
                        0,
                        null,
                        Duration.ofSeconds(2),
                        10,
                        10,
                        Isolation.READ_COMMITTED);
        try (Gateway careful =
                        Gateway.start(
                                settings,
                                TestingConfig.of(broker.bootstrapServers()),
                                new Properties());
                KafkaProducer<byte[], byte[]> open =
                        new KafkaProducer<>(
                                Map.of(
                                        "bootstrap.servers",
                                        broker.bootstrapServers(),
                                        "transactional.id",
                                        "open"),
                                new ByteArraySerializer(),
                                new ByteArraySerializer())) {
            TestingClient asking = new TestingClient(careful.url());
            asking.awaitHealth(200);
            open.initTransactions();
            open.beginTransaction();
            var unused =
                    open.send(
                            new ProducerRecord<>(
                                    "recommendations",
                                    0,
                                    "u-open".getBytes(UTF_8),
                                    "{}".getBytes(UTF_8)));
            open.flush();

            assertProblem(asking.get("/popular"), 504, "time-out");
            assertThat(client.get("/popular").status()).isEqualTo(200);
            open.abortTransaction();
            assertThat(asking.get("/popular").status()).isEqualTo(200);
        }
    }

    @Test
    void a_port_that_is_taken_is_named() {
        int port = port(patient.url());

        assertThatThrownBy(
                        () ->
                                Gateway.start(
                                        GatewaySettings.onLoopback(port),
                                        TestingConfig.of(broker.bootstrapServers()),
                                        new Properties()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("--port: found that nothing can listen on port " + port);
    }

    @Test
    void properties_that_no_client_can_be_made_of_are_refused_without_their_secrets() {
        Properties properties = new Properties();
        properties.setProperty("security.protocol", "SASL_PLAINTEXT");
        properties.setProperty("sasl.mechanism", "PLAIN");
        properties.setProperty("sasl.jaas.config", "broken password=\"hush\"");

        assertThatThrownBy(
                        () ->
                                Gateway.start(
                                        GatewaySettings.onLoopback(0),
                                        TestingConfig.of(broker.bootstrapServers()),
                                        properties))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("kafka.properties.*", "sasl.jaas.config")
                .hasNoCause()
                .message()
                .doesNotContain("hush");
    }

    private static void assertProblem(Found found, int status, String type) {
        JsonNode problem = found.json();
        assertThat(found.status()).as(problem.toString()).isEqualTo(status);
        assertThat(found.problem()).isEqualTo(type);
        assertThat(problem.path("status").asInt()).isEqualTo(status);
        assertThat(problem.path("title").asText()).isNotBlank();
        assertThat(problem.path("detail").asText()).contains("found", "expected");
    }

    private static void awaitNewest(String user, int status) {
        String path = "/users/" + user + "/recommendations?newest=true";
        Await.until(path, () -> client.get(path).status() == status, () -> client.get(path));
    }

    private static List<ConsumerRecord<byte[], byte[]>> interactions() {
        List<TopicPartition> partitions =
                List.of(
                        new TopicPartition("interactions", 0),
                        new TopicPartition("interactions", 1));
        List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        Map.of("bootstrap.servers", broker.bootstrapServers()),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream()
                    .anyMatch(each -> consumer.position(each) < ends.getOrDefault(each, 0L))) {
                ConsumerRecords<byte[], byte[]> polled = consumer.poll(Duration.ofMillis(50));
                polled.forEach(found::add);
            }
        }
        return found;
    }

    private static void awaitDetail(TestingClient asking, String text) {
        Await.until(
                text,
                () -> asking.get("/popular").json().path("detail").asText().contains(text),
                () -> asking.get("/popular").json());
    }

    /** A broker whose clients, after the first connection, go through the proxy. */
    private static EmbeddedKafka brokerBehind(TestingProxy proxy) {
        return EmbeddedKafka.start(
                properties ->
                        properties.put("advertised.listeners", "PLAINTEXT://" + proxy.address()));
    }

    private static int port(String address) {
        return Integer.parseInt(address.replaceAll(".*:", ""));
    }

    private static Gateway gateway(Duration timeout, int waiting) throws IOException {
        return gateway(GatewaySettings.LOOPBACK, null, timeout, waiting);
    }

    private static Gateway gateway(
            String host, @Nullable BearerToken token, Duration timeout, int waiting)
            throws IOException {
        return gateway(broker.bootstrapServers(), host, token, timeout, waiting);
    }

    private static Gateway gateway(
            String brokers, String host, @Nullable BearerToken token, Duration timeout, int waiting)
            throws IOException {
        GatewaySettings settings =
                new GatewaySettings(
                        host, 0, token, timeout, waiting, 1000, Isolation.READ_UNCOMMITTED);
        return Gateway.start(settings, TestingConfig.of(brokers), new Properties());
    }
}
