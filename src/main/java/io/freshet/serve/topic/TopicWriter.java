package io.freshet.serve.topic;

import io.freshet.config.KafkaConfig;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Sends requests and interactions. Thread-safe. */
public final class TopicWriter implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final String ASK_MILLIS = "5000";
    private static final String DELIVERY_MILLIS = "10000";

    /** Longest wait of a thread for metadata: {@link BrokerWatch} refuses before, as a rule. */
    private static final String BLOCK_MILLIS = "500";

    private static final int FRAME_BYTES = 64 << 10; // around a record: key, headers, batch

    private final KafkaProducer<byte[], byte[]> producer;

    /**
     * @param properties client properties, those of sources and sinks
     * @param maxRecordBytes largest record to send
     * @throws KafkaException if no client can be made of them
     */
    public TopicWriter(KafkaConfig kafka, Properties properties, int maxRecordBytes) {
        Properties client = new Properties();
        client.putAll(properties);
        client.setProperty(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers());
        client.setProperty(ProducerConfig.CLIENT_ID_CONFIG, kafka.groupId() + "-gateway");
        client.setProperty(ProducerConfig.ACKS_CONFIG, "all");
        client.setProperty(ProducerConfig.LINGER_MS_CONFIG, "0");
        client.setProperty(ProducerConfig.MAX_BLOCK_MS_CONFIG, BLOCK_MILLIS);
        client.setProperty(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, ASK_MILLIS);
        client.setProperty(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, DELIVERY_MILLIS);
        client.setProperty(
                ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                String.valueOf(maxRecordBytes + FRAME_BYTES));
        this.producer =
                new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /**
     * Sends a record; what is returned completes when the brokers have it, on a thread of the
     * client, and fails with Kafka's own exception.
     *
     * @param key null for none
     */
    public CompletableFuture<Void> send(String topic, byte @Nullable [] key, byte[] value) {
        CompletableFuture<Void> sent = new CompletableFuture<>();
        try {
            var unused =
                    producer.send(
                            new ProducerRecord<>(topic, key, value),
                            (metadata, problem) -> {
                                if (problem == null) {
                                    sent.complete(null);
                                } else {
                                    sent.completeExceptionally(problem);
                                }
                            });
        } catch (KafkaException | IllegalStateException e) { // the latter if it is closed
            sent.completeExceptionally(e);
        }
        return sent;
    }

    @Override
    public void close() {
        producer.close(PATIENCE);
    }
}
