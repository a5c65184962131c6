package io.freshet.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.IllegalConfigurationException;
import org.apache.flink.configuration.ReadableConfig;

/**
 * Reads options and collects everything that is wrong with them, so that one message says it all.
 */
public final class Problems {

    private final List<String> found = new ArrayList<>();

    /** The option's value; a problem is noted if it does not hold {@code rule}. */
    public <T> T check(
            ReadableConfig config, ConfigOption<T> option, Predicate<T> holds, String rule) {
        T value = read(config, option);
        if (!holds.test(value)) {
            add(option.key(), String.valueOf(value), rule);
        }
        return value;
    }

    /** Any value of the option's type. */
    public <T> T any(ReadableConfig config, ConfigOption<T> option) {
        return read(config, option);
    }

    /** An integer in [least, most]. */
    public int integer(ReadableConfig config, ConfigOption<Integer> option, int least, int most) {
        return check(
                config,
                option,
                value -> value >= least && value <= most,
                "a whole number from " + least + " to " + most);
    }

    /** A real number in [least, most]. */
    public float real(
            ReadableConfig config, ConfigOption<Float> option, double least, double most) {
        return check(
                config,
                option,
                value -> value >= least && value <= most,
                "a number from " + least + " to " + most);
    }

    /** A duration of at least {@code least}. */
    public Duration duration(ReadableConfig config, ConfigOption<Duration> option, Duration least) {
        return check(
                config,
                option,
                value -> value.compareTo(least) >= 0,
                "a duration of at least " + least.toMillis() + " ms");
    }

    /** A text that is not blank. */
    public String text(ReadableConfig config, ConfigOption<String> option) {
        return check(config, option, value -> !value.isBlank(), "a text that is not blank");
    }

    /** Notes that an option's value breaks a rule. */
    public void add(String key, String value, String rule) {
        found.add(key + ": found '" + value + "', expected " + rule);
    }

    /**
     * Ends the reading.
     *
     * @throws IllegalConfigurationException naming every problem, if there is any
     */
    public void throwIfAny() {
        if (!found.isEmpty()) {
            throw new IllegalConfigurationException(
                    "The configuration has "
                            + found.size()
                            + " problem(s):\n  "
                            + String.join("\n  ", found));
        }
    }

    private <T> T read(ReadableConfig config, ConfigOption<T> option) {
        try {
            return config.get(option);
        } catch (IllegalArgumentException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            found.add(option.key() + ": can't be read: " + cause.getMessage());
            return option.defaultValue();
        }
    }
}
