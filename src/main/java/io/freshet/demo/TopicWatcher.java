package io.freshet.demo;

import io.freshet.config.KafkaConfig;
import io.freshet.demo.view.Dashboard;
import io.freshet.event.RecommendationList;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads what the job has committed, and passes it to the dashboard. */
final class TopicWatcher implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(200);

    private final KafkaConfig config;
    private final Dashboard dashboard;
    private final Consumer<byte[], byte[]> consumer;
    private final Worker worker;

    /**
     * @param end completed exceptionally when something can't be read
     */
    TopicWatcher(KafkaConfig config, Dashboard dashboard, CompletableFuture<Void> end) {
        this.config = config;
        this.dashboard = dashboard;
        this.worker = new Worker("demo-watcher", Duration.ZERO, end);
        this.consumer =
                new KafkaConsumer<>(
                        Map.of(
                                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                                config.bootstrapServers(),
                                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                                "read_committed",
                                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                                false),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer());
    }

    /** Reads from the beginning of every output topic. */
    void start() {
        List<TopicPartition> partitions =
                List.of(
                                config.recommendationsTopic(),
                                config.modelCheckpointsTopic(),
                                config.evaluationsTopic(),
                                config.deadLettersTopic())
                        .stream()
                        .flatMap(topic -> consumer.partitionsFor(topic).stream())
                        .map(info -> new TopicPartition(info.topic(), info.partition()))
                        .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        worker.start(
                () -> {
                    consumer.poll(POLL).forEach(this::pass);
                    return true;
                });
    }

    @Override
    public void close() {
        worker.close();
        consumer.close();
    }

    private void pass(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) {
            return; // a forgotten user's tombstone
        }
        try {
            if (record.topic().equals(config.recommendationsTopic())) {
                RecommendationList list = OutputReader.list(record.value());
                if (!list.isAnswer()) {
                    dashboard.received(list);
                }
            } else if (record.topic().equals(config.modelCheckpointsTopic())) {
                dashboard.received(OutputReader.checkpoint(record.value()));
            } else if (record.topic().equals(config.evaluationsTopic())) {
                dashboard.received(OutputReader.evaluation(record.value()));
            } else {
                dashboard.received(OutputReader.deadLetter(record.value()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Record " + record.offset() + " of " + record.topic() + " can't be read", e);
        }
    }
}
