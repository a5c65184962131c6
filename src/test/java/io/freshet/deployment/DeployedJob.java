package io.freshet.deployment;

import io.freshet.config.Arguments;
import io.freshet.config.FreshetConfig;
import io.freshet.config.KafkaConfig;
import java.util.List;

/** What a deployment's arguments say. */
record DeployedJob(FreshetConfig config) {

    /** The job that is started with these arguments; fails if it refuses them. */
    static DeployedJob of(List<String> arguments) {
        return new DeployedJob(
                FreshetConfig.from(Arguments.parse(arguments.toArray(String[]::new))));
    }

    /** All topics that the job reads and writes. */
    List<String> topics() {
        KafkaConfig kafka = config.kafka();
        return List.of(
                kafka.interactionsTopic(),
                kafka.itemsTopic(),
                kafka.controlsTopic(),
                kafka.recommendationsTopic(),
                kafka.modelCheckpointsTopic(),
                kafka.evaluationsTopic(),
                kafka.deadLettersTopic(),
                kafka.auditTopic());
    }
}
