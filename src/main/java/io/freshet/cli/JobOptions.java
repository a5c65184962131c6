package io.freshet.cli;

import io.freshet.config.Arguments;
import io.freshet.config.ModelConfig;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.jspecify.annotations.Nullable;

/** The job's options as they are given to a command. */
final class JobOptions {

    private JobOptions() {}

    /**
     * The options.
     *
     * @param values value by key
     * @param seed the seed, if it is given by itself
     * @throws org.apache.flink.configuration.IllegalConfigurationException if a key is unknown
     */
    static Configuration of(Map<String, String> values, @Nullable Long seed) {
        Configuration options = Arguments.parse(Arguments.of(values).toArray(String[]::new));
        if (seed != null) {
            options.set(ModelConfig.SEED, seed);
        }
        return options;
    }
}
