package io.freshet;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.freshet.demo.EmbeddedKafka;
import io.freshet.event.TestingSchemas;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** A broker with the job's topics; outputs have one partition, so that their order is known. */
final class TestingTopics implements AutoCloseable {

    /** How long anything may take; the long forms of tests need more. */
    static final Duration PATIENCE =
            Duration.ofMinutes(Integer.getInteger("freshet.patience.minutes", 3));

    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration REST = Duration.ofSeconds(5);

    private final EmbeddedKafka broker = EmbeddedKafka.start();
    private final KafkaProducer<byte[], byte[]> producer =
            new KafkaProducer<>(
                    Map.of(
                            "bootstrap.servers",
                            broker.bootstrapServers(),
                            "max.request.size",
                            EmbeddedKafka.MAX_RECORD_BYTES),
                    new ByteArraySerializer(),
                    new ByteArraySerializer());

    /**
     * A record of an output topic.
     *
     * @param value null for a tombstone
     */
    record Found(String key, @Nullable JsonNode value) {

        /** The value, which must be there. */
        JsonNode json() {
            if (value == null) {
                throw new AssertionError("The record of " + key + " is a tombstone");
            }
            return value;
        }
    }

    TestingTopics(int interactionPartitions) {
        Map<String, String> anything =
                Map.of(
                        "max.message.bytes", String.valueOf(16 << 20),
                        "message.timestamp.after.max.ms", String.valueOf(Long.MAX_VALUE),
                        "retention.ms", "-1");
        broker.createTopic("interactions", interactionPartitions, anything);
        broker.createTopic("items", 1, anything);
        broker.createTopic("controls", 1, anything);
        broker.createTopic("users", 1, anything);
        broker.createTopic("requests", 1, anything);
        for (String topic :
                List.of(
                        "recommendations",
                        "model-checkpoints",
                        "evaluations",
                        "dead-letters",
                        "audit")) {
            broker.createTopic(topic, 1);
        }
    }

    String bootstrapServers() {
        return broker.bootstrapServers();
    }

    /** Creates one more topic, of one partition. */
    void create(String topic) {
        broker.createTopic(topic, 1);
    }

    void send(String topic, int partition, String value) {
        send(topic, partition, value.getBytes(StandardCharsets.UTF_8));
    }

    void send(String topic, int partition, byte[] value) {
        var unused = producer.send(new ProducerRecord<>(topic, partition, null, value));
    }

    void send(ProducerRecord<byte[], byte[]> record) {
        var unused = producer.send(record);
    }

    /** Waits until the group has committed the end of all partitions of the topics. */
    void awaitRead(String group, List<String> topics) throws Exception {
        producer.flush();
        Instant end = Instant.now().plus(PATIENCE);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            Map<TopicPartition, Long> ends = ends(admin, topics);
            Map<TopicPartition, Long> read = Map.of();
            while (!read.equals(ends) && Instant.now().isBefore(end)) {
                read = new HashMap<>();
                var committed = admin.listConsumerGroupOffsets(group);
                for (var found : committed.partitionsToOffsetAndMetadata().get().entrySet()) {
                    read.put(found.getKey(), found.getValue().offset());
                }
            }
            assertThat(read).isEqualTo(ends);
        }
    }

    private static Map<TopicPartition, Long> ends(Admin admin, List<String> topics)
            throws Exception {
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        for (TopicDescription topic : admin.describeTopics(topics).allTopicNames().get().values()) {
            for (TopicPartitionInfo partition : topic.partitions()) {
                latest.put(
                        new TopicPartition(topic.name(), partition.partition()),
                        OffsetSpec.latest());
            }
        }
        Map<TopicPartition, Long> ends = new HashMap<>();
        admin.listOffsets(latest)
                .all()
                .get()
                .forEach((partition, found) -> ends.put(partition, found.offset()));
        return ends;
    }

    /** Waits until a record that is wanted is committed to the topic. */
    void await(String topic, Predicate<Found> wanted) {
        await(topic, "read_committed", wanted);
    }

    /** Waits until a record that is wanted is in the topic, though it may not be committed yet. */
    void awaitWritten(String topic, Predicate<Found> wanted) {
        await(topic, "read_uncommitted", wanted);
    }

    private void await(String topic, String isolation, Predicate<Found> wanted) {
        producer.flush();
        Instant end = Instant.now().plus(PATIENCE);
        List<String> seen = new ArrayList<>();
        boolean found = false;
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(topic, isolation)) {
            while (!found && Instant.now().isBefore(end)) {
                for (ConsumerRecord<byte[], byte[]> next : consumer.poll(POLL)) {
                    seen.add(text(next.key()));
                    found |= wanted.test(found(next));
                }
            }
        }
        assertThat(found).as("wanted record in %s, which has %s", topic, seen).isTrue();
    }

    /** Everything that a read_committed consumer finds in the topic, in order. */
    List<Found> committed(String topic) {
        List<Found> found = new ArrayList<>();
        forEachCommitted(topic, found::add);
        return found;
    }

    /** Everything that a read_committed consumer finds in the topic, in order, one by one. */
    void forEachCommitted(String topic, Consumer<Found> action) {
        TopicPartition partition = new TopicPartition(topic, 0);
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(topic, "read_committed")) {
            long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            while (consumer.position(partition) < end) {
                consumer.poll(POLL).forEach(next -> action.accept(found(next)));
            }
        }
    }

    /**
     * Waits until nothing more is committed for some time. A job that is stopped then leaves no
     * transaction behind that only this broker could commit.
     */
    void awaitRest() {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer("evaluations", "read_committed")) {
            consumer.assign(
                    Stream.of("evaluations", "model-checkpoints", "recommendations")
                            .map(topic -> new TopicPartition(topic, 0))
                            .toList());
            consumer.seekToBeginning(consumer.assignment());
            boolean moving = true;
            while (moving) {
                moving = !consumer.poll(REST).isEmpty();
            }
        }
    }

    @Override
    public void close() {
        producer.close();
        broker.close();
    }

    private KafkaConsumer<byte[], byte[]> consumer(String topic, String isolation) {
        KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        Map.of(
                                "bootstrap.servers",
                                broker.bootstrapServers(),
                                "isolation.level",
                                isolation),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer());
        TopicPartition partition = new TopicPartition(topic, 0);
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        return consumer;
    }

    private static Found found(ConsumerRecord<byte[], byte[]> found) {
        byte @Nullable [] value = found.value();
        return new Found(text(found.key()), value == null ? null : TestingSchemas.json(value));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
