package io.freshet.serve.topic;

import io.freshet.config.KafkaConfig;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far the topic of interactions has come, and how far the job: the group's committed offsets,
 * which the job writes with each checkpoint. Not known where the gateway's user may not see it.
 */
public final class InputProgress {

    private static final Logger LOG = LoggerFactory.getLogger(InputProgress.class);
    private static final Duration SPAN = Duration.ofSeconds(10);
    private static final double NANOS = 1e9;

    private final KafkaConfig kafka;
    private final BrokerWatch watch;
    private final Admin admin;
    private final Deque<Level> levels = new ArrayDeque<>();
    private volatile Map<TopicPartition, Long> ends = Map.of();
    private volatile @Nullable Map<TopicPartition, OffsetAndMetadata> committed;

    /** How many records there were at a moment. */
    private record Level(long nanos, long records) {}

    /**
     * @param watch whose connection to the brokers it shares
     */
    public InputProgress(KafkaConfig kafka, BrokerWatch watch) {
        this.kafka = kafka;
        this.watch = watch;
        this.admin = watch.admin();
    }

    /** Asks the brokers, and doesn't wait for what they answer. */
    public void refresh() {
        Map<TopicPartition, OffsetSpec> newest = new HashMap<>();
        String topic = kafka.interactionsTopic();
        for (int partition = 0; partition < watch.partitions(topic); partition++) {
            newest.put(new TopicPartition(topic, partition), OffsetSpec.latest());
        }
        if (newest.isEmpty()) {
            return;
        }
        var unused =
                admin.listOffsets(newest)
                        .all()
                        .whenComplete(
                                (found, failure) -> {
                                    if (failure == null) {
                                        Map<TopicPartition, Long> read = new HashMap<>();
                                        found.forEach((key, end) -> read.put(key, end.offset()));
                                        ends = read;
                                        note(System.nanoTime(), sum(read));
                                    } else {
                                        ends = Map.of();
                                        LOG.debug("Found no ends of topic {}", topic, failure);
                                    }
                                });
        var unusedToo =
                admin.listConsumerGroupOffsets(kafka.groupId())
                        .partitionsToOffsetAndMetadata()
                        .whenComplete((found, failure) -> committed = found);
    }

    /** Records a second that came to the topic in the last ten seconds; empty if not known. */
    public OptionalDouble perSecond() {
        synchronized (levels) {
            if (ends.isEmpty() || levels.size() < 2) {
                return OptionalDouble.empty();
            }
            Level first = levels.getFirst();
            Level last = levels.getLast();
            double seconds = (last.nanos - first.nanos) / NANOS;
            return OptionalDouble.of(Math.max(0, last.records - first.records) / seconds);
        }
    }

    /** Records that no completed checkpoint of the job has yet; empty if that isn't known. */
    public OptionalLong behind() {
        Map<TopicPartition, OffsetAndMetadata> group = committed;
        Map<TopicPartition, Long> read = ends;
        if (group == null || read.isEmpty() || !group.keySet().containsAll(read.keySet())) {
            return OptionalLong.empty();
        }
        long behind = 0;
        for (Map.Entry<TopicPartition, Long> end : read.entrySet()) {
            long done = Objects.requireNonNull(group.get(end.getKey())).offset();
            behind += Math.max(0, end.getValue() - done);
        }
        return OptionalLong.of(behind);
    }

    private void note(long nanos, long records) {
        synchronized (levels) {
            levels.addLast(new Level(nanos, records));
            while (nanos - levels.getFirst().nanos > SPAN.toNanos()) {
                levels.removeFirst();
            }
        }
    }

    private static long sum(Map<TopicPartition, Long> ends) {
        return ends.values().stream().mapToLong(Long::longValue).sum();
    }
}
