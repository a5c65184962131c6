package io.freshet.config.option;

import java.util.ArrayList;
import java.util.List;
import org.apache.flink.configuration.IllegalConfigurationException;

/** Collects everything that is wrong before a start, so that one message says it all. */
public final class Problems {

    private final List<String> found = new ArrayList<>();

    /** Notes that an option's value breaks a rule. */
    public void add(String key, String value, String rule) {
        add("%s: found '%s', expected %s".formatted(key, value, rule));
    }

    /** Notes a problem, which begins with the key or the place that it is of. */
    public void add(String problem) {
        found.add(problem);
    }

    /** All problems, in the order of their finding. */
    public List<String> all() {
        return List.copyOf(found);
    }

    /** Whether a problem is of a key with this prefix, wherever it was set. */
    public boolean concern(String prefix) {
        return found.stream()
                .map(problem -> problem.startsWith("--") ? problem.substring(2) : problem)
                .anyMatch(problem -> problem.startsWith(prefix) || problem.contains(": " + prefix));
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
