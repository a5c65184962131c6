package io.freshet.config;

import java.io.Serializable;
import java.util.Properties;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.IllegalConfigurationException;

/** All that the job is told, validated. */
public record FreshetConfig(
        KafkaConfig kafka,
        IngestConfig ingest,
        ControlConfig control,
        HistoryConfig history,
        ItemConfig item,
        EncoderConfig encoder,
        ModelConfig model,
        TrainingConfig training,
        StoreConfig store,
        RecommendConfig recommend)
        implements Serializable {

    /**
     * Reads and validates every group.
     *
     * @throws IllegalConfigurationException naming every problem at once, with key, found value and
     *     what was expected
     */
    public static FreshetConfig from(Configuration configuration) {
        Problems problems = new Problems();
        FreshetConfig config =
                new FreshetConfig(
                        KafkaConfig.from(configuration, problems),
                        IngestConfig.from(configuration, problems),
                        ControlConfig.from(configuration, problems),
                        HistoryConfig.from(configuration, problems),
                        ItemConfig.from(configuration, problems),
                        EncoderConfig.from(configuration, problems),
                        ModelConfig.from(configuration, problems),
                        TrainingConfig.from(configuration, problems),
                        StoreConfig.from(configuration, problems),
                        RecommendConfig.from(configuration, problems));
        config.checkAcrossFields(problems);
        problems.throwIfAny();
        return config;
    }

    /**
     * Properties for all Kafka clients, as they stand below {@code kafka.properties.}. References
     * to secrets stay references, and clients are told how to look them up.
     */
    public static Properties kafkaProperties(Configuration configuration) {
        Properties properties = new Properties();
        configuration
                .toMap()
                .forEach(
                        (key, value) -> {
                            String prefix = OptionCatalog.KAFKA_PROPERTIES_PREFIX;
                            if (key.startsWith(prefix)) {
                                properties.setProperty(key.substring(prefix.length()), value);
                            }
                        });
        Secrets.addProviders(properties);
        return properties;
    }

    private void checkAcrossFields(Problems problems) {
        if (model.width() % model.heads() != 0) {
            problems.add(
                    ModelOptions.HEADS.key(),
                    String.valueOf(model.heads()),
                    "a divisor of model.width = " + model.width());
        }
        TrainingConfig.Window window = training.window();
        if (window.time().compareTo(history.pane()) < 0) {
            problems.add(
                    TrainingOptions.WINDOW_TIME.key(),
                    window.time().toString(),
                    "at least history.pane = "
                            + history.pane()
                            + ", because windows are made of panes");
        }
        if (window.maxInteractions() < history.length()) {
            problems.add(
                    TrainingOptions.MAX_INTERACTIONS.key(),
                    String.valueOf(window.maxInteractions()),
                    "at least history.length = "
                            + history.length()
                            + ", because a sequence is never cut in two");
        }
        if (recommend.candidates() < recommend.listSize()) {
            problems.add(
                    RecommendOptions.CANDIDATES.key(),
                    String.valueOf(recommend.candidates()),
                    "at least recommend.list-size = " + recommend.listSize());
        }
    }
}
