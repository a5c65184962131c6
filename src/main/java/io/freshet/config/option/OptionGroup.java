package io.freshet.config.option;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.ReadableConfig;

/**
 * Declares the options of a group, each once: key, default, values that it may have, description.
 * The values in words are what the reference shows and what a wrong value is answered with:
 *
 * <pre>
 *  OPTIONS.integer("model.blocks", 2, 1, 48).describe("Transformer blocks.")
 * </pre>
 */
public final class OptionGroup {

    /** A number without a unit, alone or in a list; 0 needs none. */
    private static final Pattern UNITLESS =
            Pattern.compile("(?:^|[;,])[\\s'\"]*(0*[1-9][0-9]*)[\\s'\"]*(?=$|[;,])");

    private final Map<String, RangedOption<?>> declared = new LinkedHashMap<>();

    /**
     * An option and what its value must be.
     *
     * @param values the values that hold, in words, as in "a whole number from 1 to 9"
     * @param internal whether Freshet's own commands set it, and no user
     */
    public record RangedOption<T>(
            ConfigOption<T> option, Predicate<T> holds, String values, boolean internal) {}

    /** An option that lacks its description. */
    public final class Draft<T> {

        private final ConfigOption<T> option;
        private final Predicate<T> holds;
        private final String values;
        private final boolean internal;

        private Draft(ConfigOption<T> option, Predicate<T> holds, String values, boolean internal) {
            this.option = option;
            this.holds = holds;
            this.values = values;
            this.internal = internal;
        }

        /** Marks the option as one that Freshet's own commands set, and no user. */
        public Draft<T> internal() {
            return new Draft<>(option, holds, values, true);
        }

        /** Accepts the key that the option had in earlier releases, too. */
        public Draft<T> formerly(String key) {
            return new Draft<>(option.withDeprecatedKeys(key), holds, values, internal);
        }

        /** Declares the option. */
        public ConfigOption<T> describe(String description) {
            ConfigOption<T> described = option.withDescription(description);
            declared.put(described.key(), new RangedOption<>(described, holds, values, internal));
            return described;
        }
    }

    /** Reads a group's options from a configuration; what is wrong becomes a problem. */
    public final class Reader {

        private final ReadableConfig config;
        private final Problems problems;

        private Reader(ReadableConfig config, Problems problems) {
            this.config = config;
            this.problems = problems;
        }

        /** Returns the option's value, or its default if that can't be read. */
        @SuppressWarnings("unchecked") // declared with the option's own type
        public <T> T get(ConfigOption<T> option) {
            RangedOption<T> rule = (RangedOption<T>) declared.get(option.key());
            if (rule == null) {
                throw new IllegalArgumentException(
                        "%s is not in this group: %s".formatted(option.key(), declared.keySet()));
            }
            T value;
            try {
                value = config.get(option);
            } catch (IllegalArgumentException e) { // its message has Java's names
                problems.add(option.key(), written(option), rule.values);
                return option.defaultValue();
            }
            if (isDuration(option.defaultValue()) && UNITLESS.matcher(written(option)).find()) {
                problems.add(
                        option.key(),
                        written(option),
                        "a unit with each number, such as %1$s s, %1$s min or %1$s d, because Flink takes a number alone for milliseconds"
                                .formatted(number(written(option))));
                return option.defaultValue();
            }
            if (!rule.holds.test(value)) {
                problems.add(option.key(), String.valueOf(value), rule.values);
            }
            return value;
        }

        private static boolean isDuration(Object value) {
            return value instanceof Duration
                    || value instanceof List<?> list
                            && !list.isEmpty()
                            && list.get(0) instanceof Duration;
        }

        /** The first number without a unit. */
        private static String number(String written) {
            Matcher matcher = UNITLESS.matcher(written);
            return matcher.find() ? matcher.group(1) : "";
        }

        /** The option's value as the user has written it. */
        private String written(ConfigOption<?> option) {
            ConfigOption<String> text =
                    ConfigOptions.key(option.key()).stringType().noDefaultValue();
            List<String> old = new ArrayList<>();
            option.fallbackKeys().forEach(each -> old.add(each.getKey()));
            return config.getOptional(text.withDeprecatedKeys(old.toArray(String[]::new)))
                    .orElse("");
        }
    }

    /** All options, in the order of their declaration. */
    public List<RangedOption<?>> all() {
        return List.copyOf(declared.values());
    }

    /** Reads this group's options. */
    public Reader reader(ReadableConfig config, Problems problems) {
        return new Reader(config, problems);
    }

    /** An integer in [least, most]. */
    public Draft<Integer> integer(String key, int value, int least, int most) {
        return declare(
                ConfigOptions.key(key).intType().defaultValue(value),
                found -> found >= least && found <= most,
                "a whole number from %d to %d".formatted(least, most));
    }

    /** A whole number of at least {@code least}. */
    public Draft<Long> number(String key, long value, long least) {
        return declare(
                ConfigOptions.key(key).longType().defaultValue(value),
                found -> found >= least,
                least == Long.MIN_VALUE ? "a whole number" : "a whole number of at least " + least);
    }

    /** A real number in [least, most]. */
    public Draft<Float> real(String key, float value, double least, double most) {
        return declare(
                ConfigOptions.key(key).floatType().defaultValue(value),
                found -> found >= least && found <= most,
                "a number from %s to %s".formatted(plain(least), plain(most)));
    }

    /** A duration of at least {@code least}. */
    public Draft<Duration> duration(String key, Duration value, Duration least) {
        boolean whole = least.toMillis() % 1000 == 0;
        return declare(
                ConfigOptions.key(key).durationType().defaultValue(value),
                found -> found.compareTo(least) >= 0,
                "a duration of at least "
                        + (whole ? least.toSeconds() + " s" : least.toMillis() + " ms"));
    }

    /** A size of memory of at least {@code least}. */
    public Draft<MemorySize> memory(String key, MemorySize value, MemorySize least) {
        return declare(
                ConfigOptions.key(key).memoryType().defaultValue(value),
                found -> found.compareTo(least) >= 0,
                "a size with its unit, of at least " + least);
    }

    /** A text that is not blank. */
    public Draft<String> text(String key, String value) {
        return declare(
                ConfigOptions.key(key).stringType().defaultValue(value),
                found -> !found.isBlank(),
                "a text that is not blank");
    }

    /** Any number of texts; none by default. */
    public Draft<List<String>> texts(String key) {
        return declare(
                ConfigOptions.key(key).stringType().asList().defaultValues(),
                found -> true,
                "texts, separated by commas");
    }

    /** True or false. */
    public Draft<Boolean> flag(String key, boolean value) {
        return declare(
                ConfigOptions.key(key).booleanType().defaultValue(value),
                found -> true,
                "true or false");
    }

    /** One of the constants of the default's enum. */
    public <E extends Enum<E>> Draft<E> choice(String key, E value) {
        Class<E> type = value.getDeclaringClass();
        return declare(
                ConfigOptions.key(key).enumType(type).defaultValue(value),
                found -> true,
                Arrays.stream(type.getEnumConstants())
                        .map(String::valueOf)
                        .collect(Collectors.joining(", ", "one of ", "")));
    }

    /** Any other option. */
    public <T> Draft<T> declare(ConfigOption<T> option, Predicate<T> holds, String values) {
        return new Draft<>(option, holds, values, false);
    }

    private static String plain(double number) {
        return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
    }
}
