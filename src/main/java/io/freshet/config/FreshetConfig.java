package io.freshet.config;

import io.freshet.config.option.OptionGroup;
import io.freshet.config.option.Problems;
import java.io.Serializable;
import java.util.Properties;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.IllegalConfigurationException;

/**
 * All options of the job, validated.
 *
 * @param aligned whether this is a replay, exact and repeatable: a window waits, in event time, for
 *     the catalog up to its end, and a request for every model trained on what came before it
 */
public record FreshetConfig(
        KafkaConfig kafka,
        IngestConfig ingest,
        ControlConfig control,
        HistoryConfig history,
        ItemConfig item,
        StateConfig state,
        EncoderConfig encoder,
        ModelConfig model,
        TrainingConfig training,
        StoreConfig store,
        RecommendConfig recommend,
        StartConfig start,
        DeviceConfig device,
        boolean aligned)
        implements Serializable {

    static final OptionGroup OPTIONS = new OptionGroup();

    public static final ConfigOption<Boolean> ALIGNED =
            OPTIONS.flag("replay.aligned", false)
                    .internal()
                    .describe(
                            "Whether training waits, in event time, for the catalog, and a request for "
                                    + "every model trained on what came before it.");

    /**
     * Reads and validates every group.
     *
     * @throws IllegalConfigurationException naming every problem at once, with key, found value and
     *     what was expected
     */
    public static FreshetConfig from(Configuration configuration) {
        Problems problems = new Problems();
        FreshetConfig config = read(configuration, problems);
        problems.throwIfAny();
        return config;
    }

    /**
     * Reads and validates every group; what is wrong is added to {@code problems}, and has its
     * default where it can't be read.
     */
    public static FreshetConfig read(Configuration configuration, Problems problems) {
        FreshetConfig config =
                new FreshetConfig(
                        KafkaConfig.from(configuration, problems),
                        IngestConfig.from(configuration, problems),
                        ControlConfig.from(configuration, problems),
                        HistoryConfig.from(configuration, problems),
                        ItemConfig.from(configuration, problems),
                        StateConfig.from(configuration, problems),
                        EncoderConfig.from(configuration, problems),
                        ModelConfig.from(configuration, problems),
                        TrainingConfig.from(configuration, problems),
                        StoreConfig.from(configuration, problems),
                        RecommendConfig.from(configuration, problems),
                        StartConfig.from(configuration, problems),
                        DeviceConfig.from(configuration, problems),
                        OPTIONS.reader(configuration, problems).get(ALIGNED));
        new OptionPairs(config, configuration, problems).check();
        return config;
    }

    /** Whether the topic of users is read: attributes are for responses to exposures alone. */
    public boolean readsUsers() {
        return !ingest.attributes().users().isEmpty() && history.feedback().hasExposures();
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
}
