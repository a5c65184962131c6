package io.freshet.kafka;

import static io.freshet.kafka.Brokers.result;

import io.freshet.config.FreshetConfig;
import io.freshet.config.option.Problems;
import io.freshet.kafka.JobTopics.JobTopic;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.TopicExistsException;

/** Creates the topics of a job as it needs them; one that exists stays as it is. */
public final class TopicCreation {

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
            for (JobTopic topic : JobTopics.of(config)) {
                int count = topic.single() ? 1 : partitions;
                NewTopic draft =
                        new NewTopic(topic.name(), Optional.of(count), replication)
                                .configs(topic.configs());
                KafkaFuture<Void> answer = admin.createTopics(List.of(draft)).all();
                topics.add(
                        new CreatedTopic(topic.name(), isNew(answer), count, topic.configs()));
            }
        } catch (KafkaException e) {
            problems.add("The topics can't be created: " + ClientFailure.reason(e));
        }
        return topics;
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
