package io.freshet.config;

import java.time.Duration;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;

/** Where the topics are, and how they are read and written. Options of the {@code kafka} group. */
public final class KafkaOptions {

    public static final ConfigOption<String> BOOTSTRAP_SERVERS =
            ConfigOptions.key("kafka.bootstrap-servers")
                    .stringType()
                    .defaultValue("localhost:9092")
                    .withDescription(
                            "Kafka brokers to start from, host:port, separated by commas.");

    public static final ConfigOption<String> GROUP_ID =
            ConfigOptions.key("kafka.group-id")
                    .stringType()
                    .defaultValue("freshet")
                    .withDescription(
                            "Consumer group, and the name under which offsets are "
                                    + "committed for monitoring.");

    public static final ConfigOption<String> INTERACTIONS_TOPIC =
            ConfigOptions.key("kafka.topic.interactions")
                    .stringType()
                    .defaultValue("interactions")
                    .withDescription("Topic of interactions, read.");

    public static final ConfigOption<String> ITEMS_TOPIC =
            ConfigOptions.key("kafka.topic.items")
                    .stringType()
                    .defaultValue("items")
                    .withDescription("Topic of catalog records, read.");

    public static final ConfigOption<String> CONTROLS_TOPIC =
            ConfigOptions.key("kafka.topic.controls")
                    .stringType()
                    .defaultValue("controls")
                    .withDescription("Topic of control messages, read.");

    public static final ConfigOption<String> RECOMMENDATIONS_TOPIC =
            ConfigOptions.key("kafka.topic.recommendations")
                    .stringType()
                    .defaultValue("recommendations")
                    .withDescription("Topic of lists, written, keyed by user.");

    public static final ConfigOption<String> MODEL_CHECKPOINTS_TOPIC =
            ConfigOptions.key("kafka.topic.model-checkpoints")
                    .stringType()
                    .defaultValue("model-checkpoints")
                    .withDescription("Topic of verdicts and versions, written.");

    public static final ConfigOption<String> EVALUATIONS_TOPIC =
            ConfigOptions.key("kafka.topic.evaluations")
                    .stringType()
                    .defaultValue("evaluations")
                    .withDescription("Topic of evaluations, written.");

    public static final ConfigOption<String> DEAD_LETTERS_TOPIC =
            ConfigOptions.key("kafka.topic.dead-letters")
                    .stringType()
                    .defaultValue("dead-letters")
                    .withDescription("Topic of records that could not be understood, written.");

    public static final ConfigOption<String> AUDIT_TOPIC =
            ConfigOptions.key("kafka.topic.audit")
                    .stringType()
                    .defaultValue("audit")
                    .withDescription("Topic of what became of control messages, written.");

    public static final ConfigOption<String> TRANSACTIONAL_ID_PREFIX =
            ConfigOptions.key("kafka.transactional-id-prefix")
                    .stringType()
                    .defaultValue("freshet")
                    .withDescription(
                            "Prefix of the transactional ids of all sinks; unique per job "
                                    + "on a Kafka cluster, and stable over upgrades.");

    public static final ConfigOption<Duration> TRANSACTION_TIMEOUT =
            ConfigOptions.key("kafka.transaction-timeout")
                    .durationType()
                    .defaultValue(Duration.ofMinutes(15))
                    .withDescription(
                            "How long a transaction may stay open: longer than a "
                                    + "checkpoint plus a downtime, at most the broker's "
                                    + "transaction.max.timeout.ms.");

    public static final ConfigOption<Boolean> PREFLIGHT =
            ConfigOptions.key("kafka.preflight")
                    .booleanType()
                    .defaultValue(true)
                    .withDescription(
                            "Whether topics, rights and sizes are looked up before the job "
                                    + "starts; off where the submitting machine can't reach "
                                    + "the brokers.");

    private KafkaOptions() {}
}
