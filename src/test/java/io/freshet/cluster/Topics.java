package io.freshet.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.freshet.demo.EmbeddedKafka;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The job's topics, for a producer of its inputs and a consumer of its outputs. */
final class Topics implements AutoCloseable {

    /** Partitions of the interactions, and of the lists. */
    static final int PARTITIONS = 2;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration POLL = Duration.ofMillis(50);

    /**
     * Longest time for a send, as a machine may pause for minutes; a test has a limit of its own.
     */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final String bootstrapServers;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Queue<Exception> failures = new ConcurrentLinkedQueue<>();

    /** Creates the topics. */
    Topics(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
        List<NewTopic> topics =
                List.of(
                        new NewTopic("interactions", PARTITIONS, (short) 1),
                        new NewTopic("recommendations", PARTITIONS, (short) 1),
                        new NewTopic("items", 1, (short) 1),
                        new NewTopic("controls", 1, (short) 1),
                        new NewTopic("model-checkpoints", 1, (short) 1),
                        new NewTopic("evaluations", 1, (short) 1),
                        new NewTopic("dead-letters", 1, (short) 1),
                        new NewTopic("audit", 1, (short) 1));
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            admin.createTopics(topics).all().get();
        } catch (ExecutionException e) {
            throw new AssertionError("The topics could not be created", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("Interrupted while creating topics", e);
        }
        this.producer =
                new KafkaProducer<>(
                        Map.of(
                                "bootstrap.servers",
                                bootstrapServers,
                                "max.request.size",
                                EmbeddedKafka.MAX_RECORD_BYTES,
                                "max.block.ms",
                                PATIENCE.toMillis(),
                                "delivery.timeout.ms",
                                (int) PATIENCE.toMillis()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
    }

    /**
     * Sends a record; records of one partition stay in order, and none is lost or doubled. Without
     * a key it goes to the first partition, so that every run has the same offsets.
     */
    void send(ProducerRecord<byte[], byte[]> record) {
        Integer partition = record.key() == null ? Integer.valueOf(0) : null;
        var unused =
                producer.send(
                        new ProducerRecord<>(
                                record.topic(), partition, record.key(), record.value()),
                        (metadata, failure) -> {
                            if (failure != null) {
                                failures.add(failure);
                            }
                        });
    }

    /** Waits until all that was sent is in the topics. */
    void flush() {
        producer.flush();
        if (!failures.isEmpty()) {
            throw new AssertionError("Records were not sent: " + failures.peek(), failures.peek());
        }
    }

    /** Everything that a read_committed consumer finds in the topic, partition by partition. */
    List<JsonNode> committed(String topic) {
        List<JsonNode> found = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(topic, "read_committed")) {
            Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
            while (ends.entrySet().stream()
                    .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(POLL).forEach(next -> found.add(json(next)));
            }
        }
        return found;
    }

    /** Waits until a record that is wanted is committed to the topic. */
    void await(String topic, Predicate<JsonNode> wanted) {
        await(topic, "read_committed", wanted);
    }

    /** Waits until a record that is wanted is in the topic, though it may never be committed. */
    void awaitWritten(String topic, Predicate<JsonNode> wanted) {
        await(topic, "read_uncommitted", wanted);
    }

    @Override
    public void close() {
        producer.close(Duration.ZERO);
    }

    private void await(String topic, String isolation, Predicate<JsonNode> wanted) {
        List<JsonNode> seen = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(topic, isolation)) {
            Await.until(
                    "a record of " + topic,
                    () -> {
                        int before = seen.size();
                        consumer.poll(POLL).forEach(next -> seen.add(json(next)));
                        return seen.subList(before, seen.size()).stream().anyMatch(wanted);
                    },
                    () -> seen.size() + " others: " + seen);
        }
    }

    private KafkaConsumer<byte[], byte[]> consumer(String topic, String isolation) {
        KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        Map.of("bootstrap.servers", bootstrapServers, "isolation.level", isolation),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer());
        List<TopicPartition> partitions =
                consumer.partitionsFor(topic).stream()
                        .map(info -> new TopicPartition(topic, info.partition()))
                        .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        return consumer;
    }

    private static JsonNode json(ConsumerRecord<byte[], byte[]> found) {
        try {
            return found.value() == null
                    ? JSON.nullNode()
                    : JSON.readTree(new String(found.value(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
