package io.freshet.serve.topic;

import io.freshet.config.KafkaConfig;
import io.freshet.kafka.ClientFailure;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Asks the brokers for the gateway's topics, again and again, on a thread of its own: whether they
 * can be reached, and how many partitions there are by now. Producers and consumers would say so
 * only after a long time, or not at all.
 */
public final class BrokerWatch implements AutoCloseable {

    private static final Duration PERIOD = Duration.ofSeconds(1);
    private static final int ANSWER_MILLIS = 3_000;
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final KafkaConfig kafka;
    private final List<String> topics;
    private final Admin admin;
    private final Thread thread = new Thread(this::run, "gateway-brokers");
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile Findings findings;

    /**
     * What the brokers said last.
     *
     * @param problem why they can't be asked; empty if they can
     * @param partitions number of partitions by topic
     * @param problems what is wrong with a topic, by topic
     */
    private record Findings(
            String problem, Map<String, Integer> partitions, Map<String, String> problems) {}

    /**
     * @param properties client properties, those of sources and sinks
     * @throws KafkaException if no client can be made of them
     */
    public BrokerWatch(KafkaConfig kafka, Properties properties) {
        this.kafka = kafka;
        this.topics =
                List.of(
                        kafka.requestsTopic(),
                        kafka.interactionsTopic(),
                        kafka.recommendationsTopic(),
                        kafka.evaluationsTopic(),
                        kafka.modelCheckpointsTopic(),
                        kafka.deadLettersTopic(),
                        kafka.itemsTopic());
        this.findings =
                new Findings(
                        "the brokers of %s have not answered yet"
                                .formatted(kafka.bootstrapServers()),
                        Map.of(),
                        Map.of());
        Properties client = new Properties();
        client.putAll(properties);
        client.setProperty(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers());
        client.setProperty(AdminClientConfig.CLIENT_ID_CONFIG, kafka.groupId() + "-gateway-watch");
        client.setProperty(
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, String.valueOf(ANSWER_MILLIS));
        client.setProperty(
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, String.valueOf(ANSWER_MILLIS));
        this.admin = Admin.create(client);
        thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    /** Why the brokers can't be asked; empty if they can. */
    public String problem() {
        return findings.problem;
    }

    /** Why a topic can't be used, be it the brokers' or its own fault; empty if it can. */
    public String problem(String topic) {
        Findings last = findings;
        return last.problem.isEmpty() ? last.problems.getOrDefault(topic, "") : last.problem;
    }

    /** The first topic's problem, by name, of several; empty if all can be used. */
    public String problem(Collection<String> several) {
        return several.stream()
                .sorted()
                .map(this::problem)
                .filter(found -> !found.isEmpty())
                .findFirst()
                .orElse("");
    }

    /** The connection to the brokers, for others that ask now and then; it is closed here. */
    Admin admin() {
        return admin;
    }

    /** Number of a topic's partitions; 0 if that isn't known. */
    public int partitions(String topic) {
        return findings.partitions.getOrDefault(topic, 0);
    }

    @Override
    public void close() {
        closing.countDown();
        thread.interrupt();
        admin.close(PATIENCE);
    }

    private void run() {
        try {
            do {
                findings = look();
            } while (!closing.await(PERIOD.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closing
        }
    }

    private Findings look() throws InterruptedException {
        Map<String, Integer> partitions = new HashMap<>();
        Map<String, String> problems = new HashMap<>();
        try {
            Map<String, KafkaFuture<TopicDescription>> answers =
                    admin.describeTopics(
                                    topics, new DescribeTopicsOptions().timeoutMs(ANSWER_MILLIS))
                            .topicNameValues();
            for (Map.Entry<String, KafkaFuture<TopicDescription>> answer : answers.entrySet()) {
                look(answer.getKey(), answer.getValue(), partitions, problems);
            }
        } catch (KafkaException e) {
            // partitions stay known, and readers go on when the brokers are back
            return new Findings(unreachable(e), findings.partitions, Map.of());
        }
        return new Findings("", partitions, problems);
    }

    private static void look(
            String topic,
            KafkaFuture<TopicDescription> answer,
            Map<String, Integer> partitions,
            Map<String, String> problems)
            throws InterruptedException {
        try {
            partitions.put(topic, answer.get().partitions().size());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException
                    || e.getCause() instanceof InvalidTopicException) {
                problems.put(
                        topic,
                        "there is no topic %s; freshet topics create makes it".formatted(topic));
            } else if (e.getCause() instanceof TopicAuthorizationException) {
                problems.put(topic, "the gateway's user has no right on topic %s".formatted(topic));
            } else {
                throw new KafkaException(e.getCause());
            }
        }
    }

    private String unreachable(KafkaException failure) {
        return "the brokers of %s can't be reached (%s)"
                .formatted(kafka.bootstrapServers(), ClientFailure.reason(failure));
    }
}
