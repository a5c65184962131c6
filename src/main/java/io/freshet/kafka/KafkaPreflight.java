package io.freshet.kafka;

import io.freshet.config.FreshetConfig;
import io.freshet.config.IngestConfig;
import io.freshet.config.KafkaConfig;
import io.freshet.config.option.Problems;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.IllegalConfigurationException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refuses a Kafka cluster on which the job would start and then fail: brokers that refuse its
 * login, missing topics, missing rights, and a dead-letters topic that is too small for the largest
 * dead letter. All problems are named in one message, which repeats no secret.
 *
 * <p>Checked are the rights of the job's submitter; the task managers have the same, because they
 * log in by the same {@code kafka.properties}.
 */
public final class KafkaPreflight {

    private static final Logger LOG = LoggerFactory.getLogger(KafkaPreflight.class);
    private static final String TIMEOUT_MILLIS = "30000";
    // if this id is allowed, all with the prefix are
    private static final String ANY_TRANSACTION = "-0-1";

    private final Admin admin;
    private final FreshetConfig config;
    private final Problems problems;

    private KafkaPreflight(Admin admin, FreshetConfig config, Problems problems) {
        this.admin = admin;
        this.config = config;
        this.problems = problems;
    }

    /**
     * Checks the cluster.
     *
     * @param properties client properties, those of sources and sinks
     * @throws IllegalConfigurationException naming every problem
     */
    public static void check(FreshetConfig config, Properties properties)
            throws InterruptedException {
        Problems problems = new Problems();
        try (Admin admin = Admin.create(clientProperties(config.kafka(), properties))) {
            new KafkaPreflight(admin, config, problems).check();
        } catch (KafkaException e) {
            problems.add(
                    "kafka.properties.*",
                    ClientFailure.reason(e),
                    "properties that a client can be made with");
        }
        problems.throwIfAny();
    }

    private void check() throws InterruptedException {
        try {
            checkTopics();
            checkGroup();
            checkTransactions();
            checkSizeOfDeadLetters();
        } catch (AuthenticationException | TimeoutException e) {
            problems.add(
                    KafkaConfig.BOOTSTRAP_SERVERS.key(),
                    config.kafka().bootstrapServers(),
                    "brokers that accept the login of kafka.properties.*, but: " + e.getMessage());
        }
    }

    private void checkTopics() throws InterruptedException {
        List<Topic> topics = topics();
        Map<String, KafkaFuture<TopicDescription>> found =
                admin.describeTopics(
                                topics.stream().map(Topic::name).toList(),
                                new DescribeTopicsOptions().includeAuthorizedOperations(true))
                        .topicNameValues();
        for (Topic topic : topics) {
            checkTopic(topic, found.get(topic.name()));
        }
    }

    private void checkTopic(Topic topic, @Nullable KafkaFuture<TopicDescription> found)
            throws InterruptedException {
        String key = topic.option().key();
        if (found == null) {
            throw new IllegalStateException("No answer on topic " + topic.name());
        }
        try {
            checkRights(key, topic.name(), result(found).authorizedOperations(), topic.needed());
        } catch (UnknownTopicOrPartitionException e) {
            problems.add(key, topic.name(), "an existing topic; create it");
        } catch (AuthorizationException e) {
            checkRights(key, topic.name(), Set.of(), topic.needed());
        }
    }

    private void checkGroup() throws InterruptedException {
        String key = KafkaConfig.GROUP_ID.key();
        String group = config.kafka().groupId();
        try {
            var found =
                    admin.describeConsumerGroups(
                                    List.of(group),
                                    new DescribeConsumerGroupsOptions()
                                            .includeAuthorizedOperations(true))
                            .all();
            for (var description : result(found).values()) {
                checkRights(key, group, description.authorizedOperations(), AclOperation.READ);
            }
        } catch (GroupIdNotFoundException e) {
            LOG.debug("Group {} is new", group);
        } catch (AuthorizationException e) {
            checkRights(key, group, Set.of(), AclOperation.READ);
        }
    }

    private void checkTransactions() throws InterruptedException {
        String prefix = config.kafka().transactionalIdPrefix();
        String any = prefix + ANY_TRANSACTION;
        try {
            var unused = result(admin.describeTransactions(List.of(any)).all());
        } catch (TransactionalIdNotFoundException e) {
            LOG.debug("No transaction {} yet", any);
        } catch (AuthorizationException e) {
            checkRights(
                    KafkaConfig.TRANSACTIONAL_ID_PREFIX.key(),
                    prefix,
                    Set.of(),
                    AclOperation.WRITE);
        }
    }

    private void checkSizeOfDeadLetters() throws InterruptedException {
        String topic = config.kafka().deadLettersTopic();
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        long needed = config.ingest().maxDeadLetterRecordBytes();
        try {
            for (Config found : result(admin.describeConfigs(List.of(resource)).all()).values()) {
                var entry = found.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG);
                if (entry != null && Long.parseLong(entry.value()) < needed) {
                    problems.add(
                            KafkaConfig.DEAD_LETTERS_TOPIC.key(),
                            topic + " with max.message.bytes=" + entry.value(),
                            "at least %s, the size of the largest dead letter; raise it, or lower %s"
                                    .formatted(needed, IngestConfig.MAX_DEAD_LETTER_BYTES.key()));
                }
            }
        } catch (UnknownTopicOrPartitionException e) {
            LOG.debug("Topic {} is a problem already", topic);
        } catch (AuthorizationException e) {
            LOG.warn(
                    "Without the right DESCRIBE_CONFIGS on topic {} it is not checked that its {} is"
                            + " at least {}, the size of the largest dead letter",
                    topic,
                    TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                    needed);
        }
    }

    /**
     * @param found the user's rights; null if the brokers don't return them
     */
    private void checkRights(
            String key, String name, @Nullable Set<AclOperation> found, AclOperation needed) {
        if (found != null && !found.contains(needed)) {
            problems.add(
                    key,
                    name + " with the rights " + new TreeSet<>(found),
                    "the right %s on it; grant it to the user of kafka.properties.*"
                            .formatted(needed));
        }
    }

    private record Topic(ConfigOption<String> option, String name, AclOperation needed) {}

    private List<Topic> topics() {
        KafkaConfig kafka = config.kafka();
        return List.of(
                new Topic(
                        KafkaConfig.INTERACTIONS_TOPIC,
                        kafka.interactionsTopic(),
                        AclOperation.READ),
                new Topic(KafkaConfig.ITEMS_TOPIC, kafka.itemsTopic(), AclOperation.READ),
                new Topic(KafkaConfig.CONTROLS_TOPIC, kafka.controlsTopic(), AclOperation.READ),
                new Topic(
                        KafkaConfig.RECOMMENDATIONS_TOPIC,
                        kafka.recommendationsTopic(),
                        AclOperation.WRITE),
                new Topic(
                        KafkaConfig.MODEL_CHECKPOINTS_TOPIC,
                        kafka.modelCheckpointsTopic(),
                        AclOperation.WRITE),
                new Topic(
                        KafkaConfig.EVALUATIONS_TOPIC,
                        kafka.evaluationsTopic(),
                        AclOperation.WRITE),
                new Topic(
                        KafkaConfig.DEAD_LETTERS_TOPIC,
                        kafka.deadLettersTopic(),
                        AclOperation.WRITE),
                new Topic(KafkaConfig.AUDIT_TOPIC, kafka.auditTopic(), AclOperation.WRITE));
    }

    private static Properties clientProperties(KafkaConfig kafka, Properties properties) {
        Properties client = new Properties();
        client.putAll(properties);
        client.setProperty(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers());
        client.setProperty(AdminClientConfig.CLIENT_ID_CONFIG, kafka.groupId() + "-preflight");
        client.putIfAbsent(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS);
        return client;
    }

    /** The result of a request; throws Kafka's own exception if it failed. */
    private static <T> T result(KafkaFuture<T> answer) throws InterruptedException {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof KafkaException refused) {
                throw refused;
            }
            throw new KafkaException("A request to the brokers failed", e.getCause());
        }
    }
}
