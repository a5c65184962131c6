package io.freshet.recommend;

import io.freshet.config.FreshetConfig;
import io.freshet.config.RecommendConfig;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.configuration.Configuration;

/** Configurations by what differs from the defaults, without exploration. */
public final class TestingRecommendConfig {

    private TestingRecommendConfig() {}

    /**
     * @param keysAndValues keys without the prefix of the group, each with its value
     */
    public static RecommendConfig of(String... keysAndValues) {
        Map<String, String> given = new HashMap<>();
        given.put("recommend.exploration-share", "0");
        for (int i = 0; i < keysAndValues.length; i += 2) {
            given.put("recommend." + keysAndValues[i], keysAndValues[i + 1]);
        }
        return FreshetConfig.from(Configuration.fromMap(given)).recommend();
    }
}
