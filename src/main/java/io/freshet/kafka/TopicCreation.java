package io.freshet.kafka;

import static io.freshet.kafka.Brokers.result;

import io.freshet.config.FreshetConfig;
import io.freshet.config.option.Problems;
import io.freshet.kafka.JobTopics.JobTopic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Creates the topics of a job as it needs them; one that exists stays as it is. */
public final class TopicCreation {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long PAUSE_MILLIS = 50;

    private TopicCreation() {}

    /**
     * A topic after {@link #create}.
     *
     * @param created false if it was there already
     * @param configs what was set where the brokers' default is another; of a topic that was there,
     *     what would have been
     */
    public record CreatedTopic(
            String name, boolean created, int partitions, Map<String, String> configs) {}

    /**
     * Creates all topics that are missing; what can't be created is added to {@code problems}.
     *
     * @param properties client properties, those of sources and sinks
     * @param partitions of each topic that may have several
     * @param replication copies of each partition; empty for the brokers' default
     */
    public static List<CreatedTopic> create(
            FreshetConfig config,
            Properties properties,
            int partitions,
            Optional<Short> replication,
            Problems problems)
            throws InterruptedException {
        List<CreatedTopic> topics = new ArrayList<>();
        if (!Brokers.reachable(config.kafka(), problems)) {
            return topics;
        }
        try (Admin admin = Brokers.client(config.kafka(), properties)) {
            Map<String, NewTopic> drafts = new LinkedHashMap<>();
            for (JobTopic topic : JobTopics.of(config)) {
                Optional<Integer> count = Optional.of(topic.single() ? 1 : partitions);
                drafts.put(
                        topic.name(),
                        new NewTopic(topic.name(), count, replication).configs(topic.configs()));
            }
            Map<String, KafkaFuture<Void>> answers = admin.createTopics(drafts.values()).values();
            for (NewTopic draft : drafts.values()) {
                topics.add(
                        new CreatedTopic(
                                draft.name(),
                                isNew(Objects.requireNonNull(answers.get(draft.name()))),
                                draft.numPartitions(),
                                draft.configs()));
            }
            awaitAll(admin, drafts.keySet());
        } catch (KafkaException e) {
            problems.add("The topics can't be created: " + ClientFailure.reason(e));
        }
        return topics;
    }

    /** Waits until the brokers know the topics: one that was just created is unknown at first. */
    private static void awaitAll(Admin admin, Set<String> names) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        boolean known = false;
        while (!known) {
            try {
                var unused = result(admin.describeTopics(names).allTopicNames());
                known = true;
            } catch (UnknownTopicOrPartitionException e) {
                if (System.nanoTime() > end) {
                    throw e;
                }
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            }
        }
    }

    private static boolean isNew(KafkaFuture<Void> answer) throws InterruptedException {
        try {
            var unused = result(answer);
            return true;
        } catch (TopicExistsException e) {
            return false;
        }
    }
}
