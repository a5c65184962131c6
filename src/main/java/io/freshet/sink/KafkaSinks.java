package io.freshet.sink;

import io.freshet.config.IngestConfig;
import io.freshet.config.KafkaConfig;
import io.freshet.event.AuditEvent;
import io.freshet.event.DeadLetter;
import io.freshet.event.Evaluation;
import io.freshet.event.ModelCheckpoint;
import io.freshet.event.RecommendationList;
import java.util.Properties;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.sink.TransactionNamingStrategy;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * The topics that the job writes, each exactly once: records become visible to read_committed
 * consumers with the checkpoint that follows them, so nothing is ever written without checkpoints.
 */
public final class KafkaSinks {

    // the producer's own defaults
    private static final int DEFAULT_REQUEST = 1 << 20;
    private static final int DEFAULT_BUFFER = 32 << 20;

    private final KafkaConfig kafka;
    private final IngestConfig ingest;
    private final Properties properties;

    /**
     * @param ingest has the largest size of a dead letter
     * @param properties further client properties (security, compression); those that the job
     *     depends on (servers, transactions) are overridden
     */
    public KafkaSinks(KafkaConfig kafka, IngestConfig ingest, Properties properties) {
        this.kafka = kafka;
        this.ingest = ingest;
        this.properties = properties;
    }

    /**
     * Lists for users, keyed by user; a tombstone for a forgotten one; answers to queries. Fails on
     * probes.
     */
    public KafkaSink<RecommendationList> recommendations() {
        return sink(
                kafka.recommendationsTopic(), "recommendations", new RecommendationListEncoder());
    }

    /** Verdicts and versions, keyed by window. */
    public KafkaSink<ModelCheckpoint> modelCheckpoints() {
        return sink(
                kafka.modelCheckpointsTopic(), "model-checkpoints", new ModelCheckpointEncoder());
    }

    /** Outcomes of controls, keyed by control. */
    public KafkaSink<AuditEvent> audit() {
        return sink(kafka.auditTopic(), "audit", new AuditEncoder());
    }

    /** Evaluations, keyed by subject. */
    public KafkaSink<Evaluation> evaluations() {
        return sink(kafka.evaluationsTopic(), "evaluations", new EvaluationEncoder());
    }

    /**
     * Records that could not be decoded, keyed by their place. The topic's {@code
     * max.message.bytes} must be at least {@link IngestConfig#maxDeadLetterRecordBytes}; with the
     * defaults of both it is.
     */
    public KafkaSink<DeadLetter> deadLetters() {
        return sink(
                kafka.deadLettersTopic(),
                "dead-letters",
                new DeadLetterEncoder(),
                deadLetterProperties(ingest.maxDeadLetterRecordBytes(), properties));
    }

    /**
     * Properties with which a producer accepts the largest dead letter; refusing it would stop the
     * job.
     *
     * @param request most bytes of a letter
     * @param properties configured; larger values are kept
     */
    static Properties deadLetterProperties(long request, Properties properties) {
        Properties own = new Properties();
        atLeast(own, ProducerConfig.MAX_REQUEST_SIZE_CONFIG, request, DEFAULT_REQUEST, properties);
        atLeast(own, ProducerConfig.BUFFER_MEMORY_CONFIG, 2 * request, DEFAULT_BUFFER, properties);
        return own;
    }

    private static void atLeast(
            Properties own, String key, long needed, long usual, Properties configured) {
        String found = configured.getProperty(key);
        long value = Math.max(needed, found == null ? usual : Long.parseLong(found));
        own.setProperty(key, String.valueOf(value));
    }

    private <E> KafkaSink<E> sink(String topic, String name, EventEncoder<E> encoder) {
        return sink(topic, name, encoder, new Properties());
    }

    private <E> KafkaSink<E> sink(
            String topic, String name, EventEncoder<E> encoder, Properties own) {
        Properties producer = new Properties();
        producer.putAll(properties);
        producer.putAll(own);
        producer.setProperty(
                ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                String.valueOf(kafka.transactionTimeout().toMillis()));
        return KafkaSink.<E>builder()
                .setBootstrapServers(kafka.bootstrapServers())
                .setKafkaProducerConfig(producer)
                .setRecordSerializer(new EncodingSchema<>(topic, encoder))
                .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
                // one prefix per sink: a sink aborts what it finds open under its own
                .setTransactionalIdPrefix(kafka.transactionalIdPrefix() + "-" + name)
                .setTransactionNamingStrategy(TransactionNamingStrategy.INCREMENTING)
                .build();
    }
}
