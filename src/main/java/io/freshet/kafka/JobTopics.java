package io.freshet.kafka;

import io.freshet.config.FreshetConfig;
import io.freshet.config.IngestConfig;
import io.freshet.config.KafkaConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.configuration.ConfigOption;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.TopicConfig;

/** The topics of a job, and what each of them must be. */
final class JobTopics {

    /** What a broker gives a topic of its own accord. */
    private static final long DEFAULT_MESSAGE_BYTES = (1 << 20) + 12;

    private static final int FRAME_BYTES = 1024; // of a batch with one record

    private JobTopics() {}

    /**
     * A topic.
     *
     * @param option that names it
     * @param needed the right that the job needs
     * @param single whether it has one partition, because its records have an order among them
     * @param compacted whether a record replaces the one before with its key
     * @param optional whether the job runs without it
     * @param largest most bytes of a record that the job writes, 0 if it writes none, or small ones
     * @param lower the option to lower for smaller records
     */
    record JobTopic(
            ConfigOption<String> option,
            String name,
            AclOperation needed,
            boolean single,
            boolean compacted,
            boolean optional,
            long largest,
            String lower) {

        private JobTopic(ConfigOption<String> option, String name, AclOperation needed) {
            this(option, name, needed, false, false, false, 0, "");
        }

        private JobTopic compact() {
            return new JobTopic(option, name, needed, single, true, optional, largest, lower);
        }

        private JobTopic onePartition() {
            return new JobTopic(option, name, needed, true, compacted, optional, largest, lower);
        }

        private JobTopic upTo(long bytes, ConfigOption<?> lowered) {
            return new JobTopic(
                    option, name, needed, single, compacted, optional, bytes, lowered.key());
        }

        private JobTopic dispensable() {
            return new JobTopic(option, name, needed, single, compacted, true, largest, lower);
        }

        /** The topic's own configuration, where it is not the broker's default. */
        Map<String, String> configs() {
            Map<String, String> configs = new TreeMap<>();
            if (compacted) {
                configs.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
            }
            if (largest + FRAME_BYTES > DEFAULT_MESSAGE_BYTES) {
                configs.put(
                        TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                        String.valueOf(largest + FRAME_BYTES));
            }
            return configs;
        }
    }

    /** All: nine, and that of users if it is read. */
    static List<JobTopic> of(FreshetConfig config) {
        List<JobTopic> topics = new ArrayList<>(always(config));
        if (config.readsUsers()) {
            topics.add(read(KafkaConfig.USERS_TOPIC, config.kafka().usersTopic()).compact());
        }
        return List.copyOf(topics);
    }

    private static List<JobTopic> always(FreshetConfig config) {
        KafkaConfig kafka = config.kafka();
        IngestConfig ingest = config.ingest();
        return List.of(
                read(KafkaConfig.INTERACTIONS_TOPIC, kafka.interactionsTopic()),
                read(KafkaConfig.ITEMS_TOPIC, kafka.itemsTopic()).compact(),
                read(KafkaConfig.REQUESTS_TOPIC, kafka.requestsTopic()).dispensable(),
                read(KafkaConfig.CONTROLS_TOPIC, kafka.controlsTopic()).onePartition(),
                written(KafkaConfig.RECOMMENDATIONS_TOPIC, kafka.recommendationsTopic())
                        .compact()
                        .upTo(
                                config.recommend().maxListBytes(ingest.maxIdLength()),
                                config.recommend().longestBy()),
                written(KafkaConfig.MODEL_CHECKPOINTS_TOPIC, kafka.modelCheckpointsTopic())
                        .compact(),
                written(KafkaConfig.EVALUATIONS_TOPIC, kafka.evaluationsTopic()),
                written(KafkaConfig.DEAD_LETTERS_TOPIC, kafka.deadLettersTopic())
                        .upTo(
                                ingest.maxDeadLetterRecordBytes(),
                                IngestConfig.MAX_DEAD_LETTER_BYTES),
                written(KafkaConfig.AUDIT_TOPIC, kafka.auditTopic()));
    }

    private static JobTopic read(ConfigOption<String> option, String name) {
        return new JobTopic(option, name, AclOperation.READ);
    }

    private static JobTopic written(ConfigOption<String> option, String name) {
        return new JobTopic(option, name, AclOperation.WRITE);
    }
}
