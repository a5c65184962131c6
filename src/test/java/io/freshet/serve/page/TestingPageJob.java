package io.freshet.serve.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.freshet.event.TestingSchemas;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * In place of the job: a shop of few items. Answers requests with lists that say why, leaves out
 * what a user hides, puts first what a user buys, and rolls back to any version but 2. Completes a
 * checkpoint before the first interaction, and none later.
 */
final class TestingPageJob implements AutoCloseable {

    static final String HOSTILE = "<script>window.hacked=1</script>";

    private static final Duration POLL = Duration.ofMillis(20);
    private static final List<String> TITLES =
            List.of(
                    "Trail running shoe with a rock plate",
                    "Merino base layer, long sleeve",
                    "Two-person tent, three seasons",
                    HOSTILE,
                    "Down sleeping bag, −5 °C",
                    "Enamel mug",
                    "Head torch, 400 lm, rechargeable",
                    "Climbing rope 9.5 mm, 60 m",
                    "Rucksack 28 l",
                    "Gaiters");

    private final KafkaConsumer<byte[], byte[]> requests;
    private final KafkaProducer<byte[], byte[]> records;
    private final Thread thread = new Thread(this::run, "testing-page-job");
    private final Map<String, Set<String>> hidden = new ConcurrentHashMap<>();
    private final Map<String, String> bought = new ConcurrentHashMap<>();
    private final List<JsonNode> controls = new CopyOnWriteArrayList<>();

    TestingPageJob(String brokers) {
        requests =
                new KafkaConsumer<>(
                        Map.of(
                                "bootstrap.servers",
                                brokers,
                                "group.id",
                                "freshet",
                                "enable.auto.commit",
                                false),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer());
        requests.assign(
                Stream.of("requests", "interactions", "controls")
                        .map(topic -> new TopicPartition(topic, 0))
                        .toList());
        requests.seekToBeginning(requests.assignment());
        requests.commitSync( // the only checkpoint that this job completes
                Map.of(new TopicPartition("interactions", 0), new OffsetAndMetadata(0)));
        records =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", brokers, "linger.ms", 0),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
        thread.start();
    }

    /** The controls that it has read. */
    List<JsonNode> controls() {
        return controls;
    }

    void announceItems() {
        for (int item = 0; item < TITLES.size(); item++) {
            ObjectNode fields = JsonNodeFactory.instance.objectNode();
            fields.put("item_id", "i-" + item).put("title", TITLES.get(item));
            fields.putArray("categories").add("outdoor").add(item % 2 == 0 ? "trail" : "camp");
            fields.put("available", item != 9).put("timestamp_ms", 1_790_000_000_000L);
            send("items", "i-" + item, fields);
        }
    }

    /** Writes the list that activity leads to. */
    void write(String user) {
        send("recommendations", user, list("activity", user));
    }

    void send(String topic, String key, JsonNode value) {
        var unused =
                records.send(
                        new ProducerRecord<>(
                                topic, 0, key.getBytes(UTF_8), value.toString().getBytes(UTF_8)));
    }

    @Override
    public void close() throws InterruptedException {
        requests.wakeup();
        thread.join();
        records.close();
    }

    private void run() {
        try (requests) {
            while (true) {
                for (ConsumerRecord<byte[], byte[]> request : requests.poll(POLL)) {
                    JsonNode value = TestingSchemas.json(request.value());
                    switch (request.topic()) {
                        case "requests" -> answer(value);
                        case "controls" -> carryOut(value);
                        default -> act(value);
                    }
                }
            }
        } catch (WakeupException e) {
            return; // closed
        }
    }

    private void answer(JsonNode request) {
        ObjectNode list =
                list(request.path("request_id").asText(), request.path("user_id").asText());
        list.set("kind", request.path("kind"));
        send("recommendations", "", list);
    }

    private void act(JsonNode interaction) {
        String user = interaction.path("user_id").asText();
        String item = interaction.path("item_id").asText();
        if (item.isEmpty()) {
            return; // broken
        }
        if (interaction.path("event_type").asText().equals("hide")) {
            hidden.computeIfAbsent(user, ignored -> ConcurrentHashMap.newKeySet()).add(item);
        } else {
            bought.put(user, item);
        }
    }

    private void carryOut(JsonNode control) {
        controls.add(control);
        boolean refused = control.path("version").asLong() == 2;
        ObjectNode outcome = JsonNodeFactory.instance.objectNode();
        outcome.set("control_id", control.path("control_id"));
        outcome.put("outcome", refused ? "refused" : "applied");
        outcome.put("reason", refused ? "No version 2 in file:/models, which has [3, 4]" : "");
        send("audit", control.path("control_id").asText(), outcome);
    }

    private ObjectNode list(String request, String user) {
        ObjectNode list = JsonNodeFactory.instance.objectNode();
        long now = System.currentTimeMillis();
        list.put("request_id", request).put("user_id", user.isEmpty() ? null : user);
        list.put("timestamp_ms", now).put("arrived_at_ms", now - 240).put("served_at_ms", now);
        list.put("model_version", 4).put("path", "personal");
        ArrayNode items = list.putArray("items");
        int place = 0;
        for (String item : ranking(user)) {
            entry(items.addObject(), item, place++);
        }
        ArrayNode basis = list.putArray("basis");
        basis.addObject().put("item_id", "i-5").put("timestamp_ms", now - 90_000);
        basis.addObject().put("item_id", "i-2").put("timestamp_ms", now - 7_200_000);
        ((ObjectNode) basis.get(0)).put("kind", "chosen");
        ((ObjectNode) basis.get(1)).put("kind", "rejected");
        return list;
    }

    private List<String> ranking(String user) {
        List<String> ranking = new ArrayList<>();
        if (bought.containsKey(user)) {
            ranking.add(bought.get(user));
        }
        for (int item = 0; item < TITLES.size(); item++) {
            String id = "i-" + item;
            if (!hidden.getOrDefault(user, Set.of()).contains(id) && !ranking.contains(id)) {
                ranking.add(id);
            }
        }
        return ranking;
    }

    private static void entry(ObjectNode entry, String item, int place) {
        String source = place == 3 ? "content" : place == 6 ? "exploration" : "model";
        entry.put("item_id", item).put("score", 2.4 - 0.21 * place).put("source", source);
        entry.put("because", place % 3 == 0 ? "i-5" : null);
        ObjectNode parts = entry.putObject("contributions");
        parts.put("model", 1.1 - 0.09 * place).put("transition", place % 2 == 0 ? 0.4 : 0.1);
        parts.put("content", place % 3 == 0 ? 0.3 : 0.05).put("popularity", 0.22 - 0.04 * place);
        parts.put("exposure", place % 4 == 1 ? -0.3 : 0).put("rejection", place == 8 ? -0.4 : 0);
        if (place == 6) {
            entry.put("propensity", 0.42);
        }
    }
}
