package io.freshet.serve;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.freshet.event.TestingSchemas;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * In place of the job: answers each request on a thread, with one item that names what was asked.
 * What is asked of it by name: item {@code unknown}, user {@code silent} (no answer), {@code
 * forgotten}, {@code late} (expired).
 */
final class TestingListJob implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(20);

    private final KafkaConsumer<byte[], byte[]> requests;
    private final KafkaProducer<byte[], byte[]> answers;
    private final Thread thread = new Thread(this::run, "testing-job");
    private final List<JsonNode> asked = new CopyOnWriteArrayList<>();

    TestingListJob(String brokers) {
        requests =
                new KafkaConsumer<>(
                        Map.of("bootstrap.servers", brokers, "auto.offset.reset", "earliest"),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer());
        requests.assign(
                List.of(new TopicPartition("requests", 0), new TopicPartition("requests", 1)));
        requests.seekToBeginning(requests.assignment());
        answers =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", brokers, "linger.ms", 0),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
        thread.start();
    }

    /** The requests that it has read. */
    List<JsonNode> asked() {
        return asked;
    }

    /** Writes the list that activity leads to. */
    void write(String user, String item) {
        send(user.getBytes(UTF_8), list("activity", user, item).toString().getBytes(UTF_8));
    }

    /** Writes a user's tombstone. */
    void forget(String user) {
        send(user.getBytes(UTF_8), null);
    }

    @Override
    public void close() throws InterruptedException {
        requests.wakeup();
        thread.join();
        answers.close();
    }

    private void run() {
        try (requests) {
            while (true) {
                for (ConsumerRecord<byte[], byte[]> request : requests.poll(POLL)) {
                    answer(TestingSchemas.json(request.value()));
                }
            }
        } catch (WakeupException e) {
            return; // closed
        }
    }

    private void answer(JsonNode request) {
        asked.add(request);
        String user = request.path("user_id").asText();
        if (user.equals("silent")) {
            return;
        }
        ObjectNode list = list(request.path("request_id").asText(), user, "answer");
        list.set("kind", request.path("kind"));
        String reason =
                request.path("item_id").asText().equals("unknown")
                        ? "unknown-item"
                        : Map.of(
                                        "forgotten",
                                        "forgotten",
                                        "late",
                                        "expired",
                                        "full",
                                        "nothing-left")
                                .getOrDefault(user, "");
        if (!reason.isEmpty()) {
            list.put("path", "unanswered").put("reason", reason).putArray("items");
        }
        send(new byte[0], list.toString().getBytes(UTF_8));
    }

    private static ObjectNode list(String requestId, String user, String item) {
        ObjectNode list = JsonNodeFactory.instance.objectNode();
        list.put("request_id", requestId);
        list.put("user_id", user.isEmpty() ? null : user);
        list.put("path", "personal");
        list.putArray("items").addObject().put("item_id", item).put("score", 0.5);
        return list;
    }

    private void send(byte[] key, byte @Nullable [] value) {
        var unused = answers.send(new ProducerRecord<>("recommendations", 0, key, value));
    }
}
