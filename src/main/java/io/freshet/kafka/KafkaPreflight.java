package io.freshet.kafka;

import io.freshet.config.FreshetConfig;
import io.freshet.config.IngestConfig;
import io.freshet.config.KafkaConfig;
import io.freshet.config.option.Problems;
import java.util.ArrayList;
import java.util.LinkedHashMap;
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
 * Refuses a Kafka cluster on which the job would start and then fail: brokers that don't let it in,
 * topics that are not there, rights that it lacks, and a dead-letters topic that is too small for
 * the largest dead letter. Everything that is wrong is named in one message, none of which repeats
 * a secret.
 *
 * <p>Rights are those of whoever submits the job; the task managers have the same, because they log
 * in by the same {@code kafka.properties}.
 */
public final class KafkaPreflight {

    private static final Logger LOG = LoggerFactory.getLogger(KafkaPreflight.class);
    private static final String PATIENCE_MILLIS = "30000";
    // any one tells whether ids with this prefix are allowed
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
     * Asks the cluster.
     *
     * @param properties client properties, as sources and sinks get them
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
                    ClientFailure.words(e),
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
                    "brokers that let the job in by kafka.properties.*, but: " + e.getMessage());
        }
    }

    private void checkTopics() throws InterruptedException {
        Map<ConfigOption<String>, String> read = read();
        Map<ConfigOption<String>, String> written = written();
        List<String> names = new ArrayList<>(read.values());
        names.addAll(written.values());
        Map<String, KafkaFuture<TopicDescription>> found =
                admin.describeTopics(
                                names,
                                new DescribeTopicsOptions().includeAuthorizedOperations(true))
                        .topicNameValues();
        for (var topic : read.entrySet()) {
            checkTopic(topic, found.get(topic.getValue()), AclOperation.READ);
        }
        for (var topic : written.entrySet()) {
            checkTopic(topic, found.get(topic.getValue()), AclOperation.WRITE);
        }
    }

    private void checkTopic(
            Map.Entry<ConfigOption<String>, String> topic,
            @Nullable KafkaFuture<TopicDescription> found,
            AclOperation needed)
            throws InterruptedException {
        String key = topic.getKey().key();
        String name = topic.getValue();
        if (found == null) {
            throw new IllegalStateException("No answer on topic " + name);
        }
        try {
            checkRights(key, name, result(found).authorizedOperations(), needed);
        } catch (UnknownTopicOrPartitionException e) {
            problems.add(key, name, "a topic that is there; create it");
        } catch (AuthorizationException e) {
            checkRights(key, name, Set.of(), needed);
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
                            "at least "
                                    + needed
                                    + ", which the largest dead letter takes; raise it, or lower "
                                    + IngestConfig.MAX_DEAD_LETTER_BYTES.key());
                }
            }
        } catch (UnknownTopicOrPartitionException e) {
            LOG.debug("Topic {} is a problem already", topic);
        } catch (AuthorizationException e) {
            LOG.warn(
                    "Without the right DESCRIBE_CONFIGS on topic {} nobody can say whether its {}"
                            + " is at least {}, as the largest dead letter needs",
                    topic,
                    TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                    needed);
        }
    }

    /**
     * @param found what the user may do; null if the brokers don't say
     */
    private void checkRights(
            String key, String name, @Nullable Set<AclOperation> found, AclOperation needed) {
        if (found != null && !found.contains(needed)) {
            problems.add(
                    key,
                    name + " with the rights " + new TreeSet<>(found),
                    "the right "
                            + needed
                            + " on it; grant it to the user that kafka.properties.* log in");
        }
    }

    private Map<ConfigOption<String>, String> read() {
        KafkaConfig kafka = config.kafka();
        Map<ConfigOption<String>, String> topics = new LinkedHashMap<>();
        topics.put(KafkaConfig.INTERACTIONS_TOPIC, kafka.interactionsTopic());
        topics.put(KafkaConfig.ITEMS_TOPIC, kafka.itemsTopic());
        topics.put(KafkaConfig.CONTROLS_TOPIC, kafka.controlsTopic());
        return topics;
    }

    private Map<ConfigOption<String>, String> written() {
        KafkaConfig kafka = config.kafka();
        Map<ConfigOption<String>, String> topics = new LinkedHashMap<>();
        topics.put(KafkaConfig.RECOMMENDATIONS_TOPIC, kafka.recommendationsTopic());
        topics.put(KafkaConfig.MODEL_CHECKPOINTS_TOPIC, kafka.modelCheckpointsTopic());
        topics.put(KafkaConfig.EVALUATIONS_TOPIC, kafka.evaluationsTopic());
        topics.put(KafkaConfig.DEAD_LETTERS_TOPIC, kafka.deadLettersTopic());
        topics.put(KafkaConfig.AUDIT_TOPIC, kafka.auditTopic());
        return topics;
    }

    private static Properties clientProperties(KafkaConfig kafka, Properties properties) {
        Properties client = new Properties();
        client.putAll(properties);
        client.setProperty(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers());
        client.setProperty(AdminClientConfig.CLIENT_ID_CONFIG, kafka.groupId() + "-preflight");
        client.putIfAbsent(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, PATIENCE_MILLIS);
        return client;
    }

    /** The answer; Kafka's own exception if there is none. */
    private static <T> T result(KafkaFuture<T> answer) throws InterruptedException {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof KafkaException refused) {
                throw refused;
            }
            throw new KafkaException("The brokers can't be asked", e.getCause());
        }
    }
}
