package io.freshet.config.option;

import java.util.ArrayList;
import java.util.List;
import org.apache.flink.configuration.IllegalConfigurationException;

/** Collects everything that is wrong with a configuration, so that one message says it all. */
public final class Problems {

    private final List<String> found = new ArrayList<>();

    /** Notes that an option's value breaks a rule. */
    public void add(String key, String value, String rule) {
        found.add("%s: found '%s', expected %s".formatted(key, value, rule));
    }

    /**
     * Ends the reading.
     *
     * @throws IllegalConfigurationException naming every problem, if there is any
     */
    public void throwIfAny() {
        if (!found.isEmpty()) {
            throw new IllegalConfigurationException(
                    "The configuration has %d problem(s):\n  %s"
                            .formatted(found.size(), String.join("\n  ", found)));
        }
    }
}
