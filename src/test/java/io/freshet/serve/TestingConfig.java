package io.freshet.serve;

import io.freshet.config.FreshetConfig;
import java.util.Map;
import org.apache.flink.configuration.Configuration;

/** The job's options, as the gateway gets them. */
public final class TestingConfig {

    private TestingConfig() {}

    public static FreshetConfig of(String bootstrapServers) {
        return FreshetConfig.from(
                Configuration.fromMap(
                        Map.of(
                                "kafka.bootstrap-servers", bootstrapServers,
                                "attributes.items", "price:number,released:date,brand:category",
                                "attributes.context", "device:category")));
    }
}
