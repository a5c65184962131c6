package io.freshet.serve.topic;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.freshet.config.KafkaConfig;
import io.freshet.kafka.ClientFailure;
import io.freshet.runtime.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads all partitions of topics on one thread, without a consumer group, and goes on where it was
 * after an outage of the brokers. Partitions that come later are read from their beginning.
 */
public final class TopicFollower implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TopicFollower.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration LEAVE = Duration.ofSeconds(2);
    private static final String ASK_MILLIS = "5000";
    private static final String FETCH_BYTES = String.valueOf(64 << 10);

    /** Records of a poll: a follower that is no further behind has caught up. */
    private static final int POLL_RECORDS = 500;

    private final Map<String, Start> topics;
    private final BrokerWatch watch;
    private final Receiver receiver;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Thread thread;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Map<TopicPartition, Long> positions = new HashMap<>(); // of the thread alone

    private volatile String problem = "it has not begun to read";
    private volatile boolean complete;

    /** Gets what is read, on the follower's thread. */
    public interface Receiver {

        /**
         * @param topic that it is from
         * @param key the record's, empty if it has none
         * @param value the record's; null for a tombstone
         */
        void receive(String topic, String key, byte @Nullable [] value);
    }

    /**
     * Where to begin with the partitions that are there first.
     *
     * @param newest how many offsets of each to read that are there already, at most
     */
    public record Start(long newest) {

        public static final Start BEGINNING = new Start(Long.MAX_VALUE);
        public static final Start END = new Start(0);
    }

    /**
     * @param name of the thread and, after the job's group, of the client
     * @param properties client properties, those of sources and sinks
     * @param watch says how many partitions there are
     * @param topics what to read, and from where
     * @throws KafkaException if no client can be made of the properties
     */
    public TopicFollower(
            String name,
            KafkaConfig kafka,
            Properties properties,
            BrokerWatch watch,
            Map<String, Start> topics,
            Isolation isolation,
            Receiver receiver) {
        this.topics = Map.copyOf(topics);
        this.watch = watch;
        this.receiver = receiver;
        this.thread = new Thread(this::run, name);
        this.consumer =
                new KafkaConsumer<>(
                        client(name, kafka, properties, isolation),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer());
        thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    /** Why it has not caught up with the topic; empty if it has. */
    public String problem() {
        return problem;
    }

    /** Whether it has caught up once. */
    public boolean isComplete() {
        return complete;
    }

    @Override
    public void close() {
        closing.countDown();
        if (thread.getState() == Thread.State.NEW) {
            consumer.close();
            return;
        }
        consumer.wakeup();
        try {
            thread.join(LEAVE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        RetryPolicy retry = new RetryPolicy();
        try (consumer) {
            while (!isClosing()) {
                try {
                    follow(retry);
                } catch (WakeupException e) {
                    LOG.debug("Topics {} are read no further", topics.keySet(), e); // closing
                } catch (KafkaException e) {
                    failed(e);
                    pause(retry.failed());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void follow(RetryPolicy retry) throws InterruptedException {
        while (!isClosing()) {
            assign();
            if (positions.isEmpty()) {
                problem = watch.problem(topics.keySet());
                pause(POLL);
                continue;
            }
            for (ConsumerRecord<byte[], byte[]> next : consumer.poll(POLL)) {
                receiver.receive(next.topic(), key(next), next.value());
            }
            retry.succeeded();
            positions.replaceAll((partition, old) -> consumer.position(partition));
            measure();
        }
    }

    private void assign() {
        List<TopicPartition> all = new ArrayList<>();
        for (String topic : topics.keySet()) {
            for (int partition = 0; partition < watch.partitions(topic); partition++) {
                all.add(new TopicPartition(topic, partition));
            }
        }
        if (all.size() <= positions.size()) {
            return;
        }
        consumer.assign(all);
        Set<String> begun = new HashSet<>();
        positions.keySet().forEach(partition -> begun.add(partition.topic()));
        all.forEach(partition -> seek(partition, begun));
        Map<TopicPartition, Long> found = new HashMap<>();
        // seeks now: a request that is sent later must find its answer
        all.forEach(partition -> found.put(partition, consumer.position(partition)));
        positions.putAll(found);
    }

    private void seek(TopicPartition partition, Set<String> begun) {
        Long known = positions.get(partition);
        Start start = topics.getOrDefault(partition.topic(), Start.BEGINNING);
        List<TopicPartition> alone = List.of(partition);
        if (known != null) {
            consumer.seek(partition, known);
        } else if (begun.contains(partition.topic()) || start.equals(Start.BEGINNING)) {
            consumer.seekToBeginning(alone);
        } else if (start.equals(Start.END)) {
            consumer.seekToEnd(alone);
        } else {
            long first = consumer.beginningOffsets(alone).getOrDefault(partition, 0L);
            long end = consumer.endOffsets(alone).getOrDefault(partition, first);
            consumer.seek(partition, Math.max(first, end - start.newest()));
        }
    }

    private void measure() {
        long behind = 0;
        for (TopicPartition partition : consumer.assignment()) {
            OptionalLong lag = consumer.currentLag(partition);
            if (lag.isEmpty()) {
                problem = "it does not know yet how much there is to read";
                return;
            }
            behind += lag.getAsLong();
        }
        complete |= behind <= POLL_RECORDS;
        problem =
                behind <= POLL_RECORDS
                        ? ""
                        : "it has %d records of topic %s to read".formatted(behind, names());
    }

    private void failed(KafkaException failure) {
        String reason = ClientFailure.reason(failure);
        problem = "topic %s can't be read (%s)".formatted(names(), reason);
        LOG.warn("Topic {} can't be read, and is tried again: {}", names(), reason);
    }

    private String names() {
        return String.join(", ", new TreeSet<>(topics.keySet()));
    }

    private boolean isClosing() {
        return closing.getCount() == 0;
    }

    private void pause(Duration time) throws InterruptedException {
        var unused = closing.await(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static String key(ConsumerRecord<byte[], byte[]> record) {
        return record.key() == null ? "" : new String(record.key(), UTF_8);
    }

    private Properties client(
            String name, KafkaConfig kafka, Properties properties, Isolation isolation) {
        Properties client = new Properties();
        client.putAll(properties);
        client.setProperty(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers());
        client.setProperty(ConsumerConfig.CLIENT_ID_CONFIG, kafka.groupId() + "-" + name);
        client.setProperty(ConsumerConfig.ISOLATION_LEVEL_CONFIG, isolation.level());
        client.setProperty(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        client.setProperty(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
        client.setProperty(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, ASK_MILLIS);
        client.setProperty(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, ASK_MILLIS);
        client.setProperty(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        client.setProperty(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, String.valueOf(POLL_RECORDS));
        if (!topics.containsValue(Start.END)) {
            // nobody waits for these: a fetch for each would be most of what they cost
            client.setProperty(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, FETCH_BYTES);
        }
        client.remove(ConsumerConfig.GROUP_ID_CONFIG);
        return client;
    }
}
