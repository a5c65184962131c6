package io.freshet.kafka;

import static io.freshet.kafka.Brokers.result;

import io.freshet.config.FreshetConfig;
import io.freshet.config.KafkaConfig;
import io.freshet.config.StoreConfig;
import io.freshet.config.option.Problems;
import io.freshet.kafka.JobTopics.JobTopic;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
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
 * Refuses a Kafka cluster on which the job would start and then fail, or do harm: brokers that
 * can't be reached or refuse its login, missing topics and rights, sizes and times that are too
 * small for it, and names that a running job has. All problems are named in one message, which
 * repeats no secret.
 *
 * <p>Checked are the rights of the job's submitter; the task managers have the same, because they
 * log in by the same {@code kafka.properties}.
 */
public final class KafkaPreflight {

    private static final Logger LOG = LoggerFactory.getLogger(KafkaPreflight.class);
    private static final String MAX_TRANSACTION_TIMEOUT = "transaction.max.timeout.ms";
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
     * Who starts the job, and beside whom.
     *
     * @param ownJob id of the job, if it may be running already and is only recovered; empty if it
     *     is a new one
     * @param storeOwner consumer group in which whoever writes to the store is a member; empty if
     *     nobody has written to it
     * @param patience how long a job that was killed may look alive
     */
    public record Start(String ownJob, String storeOwner, Duration patience) {

        /** A new job, on a store to which the owner of a group has written. */
        public static Start of(String ownJob, String storeOwner) {
            return new Start(ownJob, storeOwner, JobPresence.SESSION.plusSeconds(3));
        }
    }

    /**
     * Checks the cluster; what is wrong is added to {@code problems}.
     *
     * @param properties client properties, those of sources and sinks
     * @param start the start that this is for; null to check the cluster alone
     * @return the offsets that the job's consumer group has committed, in words, if there are any
     */
    public static Optional<String> check(
            FreshetConfig config, Properties properties, @Nullable Start start, Problems problems)
            throws InterruptedException {
        if (!Brokers.reachable(config.kafka(), problems)) {
            return Optional.empty();
        }
        try (Admin admin = Brokers.client(config.kafka(), properties)) {
            return new KafkaPreflight(admin, config, problems).check(start);
        } catch (KafkaException e) {
            problems.add(
                    "kafka.properties.*",
                    ClientFailure.reason(e),
                    "properties that a client can be made with");
        }
        return Optional.empty();
    }

    private Optional<String> check(@Nullable Start start) throws InterruptedException {
        try {
            Node broker = result(admin.describeCluster().nodes()).iterator().next();
            checkTopics();
            checkGroups();
            checkTransactions();
            checkTransactionTimeout(broker);
            checkSizes();
            if (start != null) {
                checkOwners(start);
                return committed();
            }
        } catch (AuthenticationException e) {
            problems.add(
                    KafkaConfig.BOOTSTRAP_SERVERS.key(),
                    config.kafka().bootstrapServers(),
                    "brokers that accept the login of kafka.properties.*, but: " + e.getMessage());
        } catch (TimeoutException e) {
            problems.add(
                    KafkaConfig.BOOTSTRAP_SERVERS.key(),
                    config.kafka().bootstrapServers(),
                    "a Kafka broker behind that port that speaks the security.protocol of"
                            + " kafka.properties.* (PLAINTEXT by default), and whose advertised"
                            + " listeners this machine can reach, but: "
                            + e.getMessage());
        }
        return Optional.empty();
    }

    private void checkTopics() throws InterruptedException {
        List<JobTopic> topics = JobTopics.of(config);
        Map<String, KafkaFuture<TopicDescription>> found =
                admin.describeTopics(
                                topics.stream().map(JobTopic::name).toList(),
                                new DescribeTopicsOptions().includeAuthorizedOperations(true))
                        .topicNameValues();
        for (JobTopic topic : topics) {
            checkTopic(topic, found.get(topic.name()));
        }
    }

    private void checkTopic(JobTopic topic, @Nullable KafkaFuture<TopicDescription> found)
            throws InterruptedException {
        String key = topic.option().key();
        if (found == null) {
            throw new IllegalStateException("No answer on topic " + topic.name());
        }
        try {
            TopicDescription description = result(found);
            checkRights(key, topic.name(), description.authorizedOperations(), topic.needed());
            int partitions = description.partitions().size();
            if (topic.single() && partitions > 1) {
                problems.add(
                        key,
                        "%s with %d partitions".formatted(topic.name(), partitions),
                        "1 partition, which keeps its records in order; create it anew, because partitions can't be taken away");
            }
        } catch (UnknownTopicOrPartitionException e) {
            if (topic.optional()) {
                LOG.info("Topic {} ({}) is not there, and read once it is", topic.name(), key);
                return;
            }
            problems.add(
                    key,
                    topic.name(),
                    "an existing topic; create it, as freshet topics create does");
        } catch (AuthorizationException e) {
            if (topic.optional()) {
                LOG.info("Topic {} ({}) may not be seen, and is not read", topic.name(), key);
                return;
            }
            checkRights(key, topic.name(), Set.of(), topic.needed());
        }
    }

    private void checkGroups() throws InterruptedException {
        KafkaConfig kafka = config.kafka();
        Map<String, String> groups = new LinkedHashMap<>();
        groups.put(kafka.groupId(), KafkaConfig.GROUP_ID.key());
        groups.put(JobPresence.group(kafka.groupId()), KafkaConfig.GROUP_ID.key());
        groups.putIfAbsent(
                JobPresence.group(kafka.transactionalIdPrefix()),
                KafkaConfig.TRANSACTIONAL_ID_PREFIX.key());
        for (Map.Entry<String, String> each : groups.entrySet()) {
            checkGroup(each.getValue(), each.getKey());
        }
    }

    private void checkGroup(String key, String group) throws InterruptedException {
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

    private void checkTransactionTimeout(Node broker) throws InterruptedException {
        Duration timeout = config.kafka().transactionTimeout();
        String most =
                configured(ConfigResource.Type.BROKER, broker.idString(), MAX_TRANSACTION_TIMEOUT);
        if (!most.isEmpty() && Long.parseLong(most) < timeout.toMillis()) {
            problems.add(
                    KafkaConfig.TRANSACTION_TIMEOUT.key(),
                    timeout.toMillis() + " ms",
                    "at most the brokers' %s = %s, or no sink can open a transaction; lower it, or raise that"
                            .formatted(MAX_TRANSACTION_TIMEOUT, most));
        }
    }

    private void checkSizes() throws InterruptedException {
        for (JobTopic topic : JobTopics.of(config)) {
            String most =
                    topic.largest() == 0
                            ? ""
                            : configured(
                                    ConfigResource.Type.TOPIC,
                                    topic.name(),
                                    TopicConfig.MAX_MESSAGE_BYTES_CONFIG);
            if (!most.isEmpty() && Long.parseLong(most) < topic.largest()) {
                problems.add(
                        topic.option().key(),
                        topic.name() + " with max.message.bytes=" + most,
                        "at least %d, the size of the largest record; raise it, or lower %s"
                                .formatted(topic.largest(), topic.lower()));
            }
        }
    }

    /** A value of a broker's or a topic's configuration; empty if it can't be read. */
    private String configured(ConfigResource.Type type, String name, String key)
            throws InterruptedException {
        ConfigResource resource = new ConfigResource(type, name);
        try {
            for (Config found : result(admin.describeConfigs(List.of(resource)).all()).values()) {
                var entry = found.get(key);
                if (entry != null && entry.value() != null) {
                    return entry.value();
                }
            }
        } catch (UnknownTopicOrPartitionException e) {
            LOG.debug("Topic {} is a problem already", name);
        } catch (AuthorizationException e) {
            LOG.warn(
                    "Without the right DESCRIBE_CONFIGS on {} {} it is not checked that its {} is"
                            + " enough for the job",
                    type,
                    name,
                    key);
        }
        return "";
    }

    private void checkOwners(Start start) throws InterruptedException {
        KafkaConfig kafka = config.kafka();
        Map<String, String> values =
                Map.of(
                        KafkaConfig.TRANSACTIONAL_ID_PREFIX.key(),
                        kafka.transactionalIdPrefix(),
                        KafkaConfig.GROUP_ID.key(),
                        kafka.groupId(),
                        StoreConfig.PATH.key(),
                        config.store().path());
        Map<String, String> owned = new LinkedHashMap<>();
        owned.put(
                KafkaConfig.TRANSACTIONAL_ID_PREFIX.key(),
                JobPresence.group(kafka.transactionalIdPrefix()));
        owned.put(KafkaConfig.GROUP_ID.key(), JobPresence.group(kafka.groupId()));
        if (!start.storeOwner().isEmpty() && config.training().enabled()) {
            owned.put(StoreConfig.PATH.key(), start.storeOwner());
        }
        try {
            new OtherJobs(admin, start.ownJob(), start.patience()).check(owned, values, problems);
        } catch (AuthorizationException e) {
            LOG.debug("The missing right is a problem already", e);
        }
    }

    /** What a job without state would go on behind; items are read from the beginning. */
    private Optional<String> committed() throws InterruptedException {
        KafkaConfig kafka = config.kafka();
        Set<String> topics = Set.of(kafka.interactionsTopic(), kafka.controlsTopic());
        Map<String, Long> found = new TreeMap<>();
        try {
            Map<TopicPartition, OffsetAndMetadata> offsets =
                    result(
                            admin.listConsumerGroupOffsets(kafka.groupId())
                                    .partitionsToOffsetAndMetadata());
            offsets.forEach(
                    (partition, offset) -> {
                        if (offset != null && topics.contains(partition.topic())) {
                            found.put(partition.toString(), offset.offset());
                        }
                    });
        } catch (GroupIdNotFoundException | AuthorizationException e) {
            LOG.debug("Group {} has committed nothing that can be seen", kafka.groupId(), e);
        }
        return found.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        found.entrySet().stream()
                                .map(each -> each.getKey() + " at " + each.getValue())
                                .collect(
                                        Collectors.joining(
                                                ", ",
                                                "consumer group '%s' has committed offsets ("
                                                        .formatted(kafka.groupId()),
                                                ")")));
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
}
