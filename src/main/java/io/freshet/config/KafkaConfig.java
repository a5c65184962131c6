package io.freshet.config;

import java.io.Serializable;
import java.time.Duration;
import org.apache.flink.configuration.ReadableConfig;

/**
 * Where the topics are, and how they are read and written. See {@link KafkaOptions} for units and
 * defaults.
 */
public record KafkaConfig(
        String bootstrapServers,
        String groupId,
        String interactionsTopic,
        String itemsTopic,
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

    /** Reads the group; what is wrong is added to {@code problems}. */
    public static KafkaConfig from(ReadableConfig config, Problems problems) {
        return new KafkaConfig(
                problems.text(config, KafkaOptions.BOOTSTRAP_SERVERS),
                problems.text(config, KafkaOptions.GROUP_ID),
                problems.text(config, KafkaOptions.INTERACTIONS_TOPIC),
                problems.text(config, KafkaOptions.ITEMS_TOPIC),
                problems.text(config, KafkaOptions.CONTROLS_TOPIC),
                problems.text(config, KafkaOptions.RECOMMENDATIONS_TOPIC),
                problems.text(config, KafkaOptions.MODEL_CHECKPOINTS_TOPIC),
                problems.text(config, KafkaOptions.EVALUATIONS_TOPIC),
                problems.text(config, KafkaOptions.DEAD_LETTERS_TOPIC),
                problems.text(config, KafkaOptions.AUDIT_TOPIC),
                problems.text(config, KafkaOptions.TRANSACTIONAL_ID_PREFIX),
                problems.duration(config, KafkaOptions.TRANSACTION_TIMEOUT, Duration.ofSeconds(10)),
                problems.any(config, KafkaOptions.PREFLIGHT));
    }
}
