package io.freshet.config;

import java.util.HashMap;
import java.util.Map;
import org.apache.flink.configuration.Configuration;

/** Roles of interactions by what differs from the defaults. */
public final class TestingFeedback {

    private TestingFeedback() {}

    /**
     * @param keysAndValues keys without the prefix of the group, each with its value
     */
    public static FeedbackConfig of(String... keysAndValues) {
        Map<String, String> given = new HashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            given.put("feedback." + keysAndValues[i], keysAndValues[i + 1]);
        }
        return FreshetConfig.from(Configuration.fromMap(given)).history().feedback();
    }
}
