package io.freshet.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class EmbeddedKafkaITCase {

    @Test
    void takesRecordsInTransactionsAndGivesThemBack() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start()) {
            kafka.createTopic("events", 2, Map.of("retention.ms", "-1"));
            byte[] large = new byte[10 << 20];
            try (KafkaProducer<byte[], byte[]> producer = producer(kafka)) {
                producer.initTransactions();
                producer.beginTransaction();
                producer.send(new ProducerRecord<>("events", 1, null, bytes("hello"))).get();
                producer.send(new ProducerRecord<>("events", 1, null, large)).get();
                producer.commitTransaction();
            }

            try (KafkaConsumer<byte[], byte[]> consumer = consumer(kafka)) {
                TopicPartition partition = new TopicPartition("events", 1);
                consumer.assign(List.of(partition));
                consumer.seekToBeginning(List.of(partition));
                int read = 0;
                for (int poll = 0; poll < 100 && read < 2; poll++) {
                    ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(100));
                    read += records.count();
                }
                assertThat(read).isEqualTo(2);
            }
        }
    }

    @Test
    void runsWithTheFirstTransactionProtocol() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start();
                Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            Map<String, FinalizedVersionRange> features =
                    admin.describeFeatures()
                            .featureMetadata()
                            .get(10, TimeUnit.SECONDS)
                            .finalizedFeatures();

            assertThat(features)
                    .containsEntry(
                            "transaction.version", new FinalizedVersionRange((short) 1, (short) 1));
            assertThat(kafka.bootstrapServers()).startsWith("127.0.0.1:");
        }
    }

    @Test
    void saysWhichTopicCouldNotBeCreated() {
        try (EmbeddedKafka kafka = EmbeddedKafka.start()) {
            kafka.createTopic("events", 1);

            assertThatThrownBy(() -> kafka.createTopic("events", 1))
                    .isInstanceOf(KafkaException.class)
                    .hasMessageContaining("'events'");
        }
    }

    @Test
    void twoBrokersLiveSideBySideAndCloseTwice() {
        EmbeddedKafka one = EmbeddedKafka.start();
        EmbeddedKafka other = EmbeddedKafka.start();

        assertThat(one.bootstrapServers()).isNotEqualTo(other.bootstrapServers());
        assertThat(one.directory()).exists();
        one.close();
        one.close();
        assertThat(one.directory()).doesNotExist();
        other.createTopic("events", 1);
        other.close();
    }

    private static KafkaProducer<byte[], byte[]> producer(EmbeddedKafka kafka) {
        return new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        kafka.bootstrapServers(),
                        "transactional.id",
                        "test",
                        "max.request.size",
                        EmbeddedKafka.MAX_RECORD_BYTES),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    private static KafkaConsumer<byte[], byte[]> consumer(EmbeddedKafka kafka) {
        return new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        kafka.bootstrapServers(),
                        "isolation.level",
                        "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
