package io.freshet.config;

import io.freshet.config.option.OptionGroup;
import io.freshet.config.option.Problems;
import java.io.Serializable;
import java.time.Duration;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ReadableConfig;

/** Where the topics are, and how they are read and written. */
public record KafkaConfig(
        String bootstrapServers,
        String groupId,
        String interactionsTopic,
        String itemsTopic,
        String usersTopic,
        String requestsTopic,
        String controlsTopic,
        String recommendationsTopic,
        String modelCheckpointsTopic,
        String evaluationsTopic,
        String deadLettersTopic,
        String auditTopic,
        String transactionalIdPrefix,
        Duration transactionTimeout,
        boolean preflight)
        implements Serializable {

    /**
     * What follows the consumer group and the transactional-id prefix in the names of the groups
     * whose member is the running job.
     */
    public static final String OWNER_GROUP_SUFFIX = "-owner";

    static final OptionGroup OPTIONS = new OptionGroup();

    public static final ConfigOption<String> BOOTSTRAP_SERVERS =
            OPTIONS.text("kafka.bootstrap-servers", "localhost:9092")
                    .describe("Kafka brokers to start from, host:port, separated by commas.");

    public static final ConfigOption<String> GROUP_ID =
            OPTIONS.text("kafka.group-id", "freshet")
                    .describe(
                            "Consumer group: the name under which offsets are committed, for "
                                    + "monitoring, and to notice a start without state.");

    public static final ConfigOption<String> INTERACTIONS_TOPIC =
            OPTIONS.text("kafka.topic.interactions", "interactions")
                    .describe("Topic of interactions, read.");

    public static final ConfigOption<String> ITEMS_TOPIC =
            OPTIONS.text("kafka.topic.items", "items").describe("Topic of catalog records, read.");

    public static final ConfigOption<String> USERS_TOPIC =
            OPTIONS.text("kafka.topic.users", "users")
                    .describe(
                            "Topic of users' attributes, read if attributes.users declares any and "
                                    + "feedback.exposure-types names a type.");

    public static final ConfigOption<String> REQUESTS_TOPIC =
            OPTIONS.text("kafka.topic.requests", "requests")
                    .describe(
                            "Topic of requests for lists, read. The job runs without it, too, and reads "
                                    + "it once it is there.");

    public static final ConfigOption<String> CONTROLS_TOPIC =
            OPTIONS.text("kafka.topic.controls", "controls")
                    .describe("Topic of control messages, read.");

    public static final ConfigOption<String> RECOMMENDATIONS_TOPIC =
            OPTIONS.text("kafka.topic.recommendations", "recommendations")
                    .describe("Topic of lists, written, keyed by user.");

    public static final ConfigOption<String> MODEL_CHECKPOINTS_TOPIC =
            OPTIONS.text("kafka.topic.model-checkpoints", "model-checkpoints")
                    .describe("Topic of verdicts and versions, written.");

    public static final ConfigOption<String> EVALUATIONS_TOPIC =
            OPTIONS.text("kafka.topic.evaluations", "evaluations")
                    .describe("Topic of evaluations, written.");

    public static final ConfigOption<String> DEAD_LETTERS_TOPIC =
            OPTIONS.text("kafka.topic.dead-letters", "dead-letters")
                    .describe("Topic of records that could not be understood, written.");

    public static final ConfigOption<String> AUDIT_TOPIC =
            OPTIONS.text("kafka.topic.audit", "audit")
                    .describe("Topic of what became of control messages, written.");

    public static final ConfigOption<String> TRANSACTIONAL_ID_PREFIX =
            OPTIONS.text("kafka.transactional-id-prefix", "freshet")
                    .describe(
                            "Prefix of the transactional ids of all sinks; unique per job on a Kafka "
                                    + "cluster, and stable over upgrades.");

    public static final ConfigOption<Duration> TRANSACTION_TIMEOUT =
            OPTIONS.duration(
                            "kafka.transaction-timeout",
                            Duration.ofMinutes(15),
                            Duration.ofSeconds(10))
                    .describe(
                            "How long a transaction may stay open: longer than a checkpoint plus a "
                                    + "downtime, at most the broker's transaction.max.timeout.ms.");

    public static final ConfigOption<Boolean> PREFLIGHT =
            OPTIONS.flag("kafka.preflight", true)
                    .describe(
                            "Whether topics, rights and sizes are looked up before the job starts; "
                                    + "off where the submitting machine can't reach the brokers.");

    /** The consumer group whose member lives as long as the job that has the prefix. */
    public String ownerGroup() {
        return transactionalIdPrefix + OWNER_GROUP_SUFFIX;
    }

    /** Reads the group; what is wrong is added to {@code problems}. */
    static KafkaConfig from(ReadableConfig config, Problems problems) {
        OptionGroup.Reader read = OPTIONS.reader(config, problems);
        return new KafkaConfig(
                read.get(BOOTSTRAP_SERVERS),
                read.get(GROUP_ID),
                read.get(INTERACTIONS_TOPIC),
                read.get(ITEMS_TOPIC),
                read.get(USERS_TOPIC),
                read.get(REQUESTS_TOPIC),
                read.get(CONTROLS_TOPIC),
                read.get(RECOMMENDATIONS_TOPIC),
                read.get(MODEL_CHECKPOINTS_TOPIC),
                read.get(EVALUATIONS_TOPIC),
                read.get(DEAD_LETTERS_TOPIC),
                read.get(AUDIT_TOPIC),
                read.get(TRANSACTIONAL_ID_PREFIX),
                read.get(TRANSACTION_TIMEOUT),
                read.get(PREFLIGHT));
    }
}
