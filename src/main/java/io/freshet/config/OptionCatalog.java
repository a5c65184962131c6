package io.freshet.config;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.flink.configuration.ConfigOption;

/** Every option that Freshet has, by the class that declares it. */
public final class OptionCatalog {

    /** Keys below this prefix go to all Kafka clients as they are, without the prefix. */
    public static final String KAFKA_PROPERTIES_PREFIX = "kafka.properties.";

    private static final List<Class<?>> GROUPS =
            List.of(
                    KafkaOptions.class,
                    IngestOptions.class,
                    ControlOptions.class,
                    HistoryOptions.class,
                    ItemOptions.class,
                    EncoderOptions.class,
                    ModelOptions.class,
                    TrainingOptions.class,
                    StoreOptions.class,
                    RecommendOptions.class);

    private OptionCatalog() {}

    /** All options, group by group, in the order of their declaration. */
    public static List<ConfigOption<?>> all() {
        List<ConfigOption<?>> options = new ArrayList<>();
        for (Class<?> group : GROUPS) {
            for (Field field : group.getDeclaredFields()) {
                if (Modifier.isStatic(field.getModifiers())
                        && ConfigOption.class.isAssignableFrom(field.getType())) {
                    options.add(read(field));
                }
            }
        }
        return options;
    }

    /** Whether {@code key} is an option, by its present or an older name, or is Kafka's. */
    public static boolean knows(String key) {
        return key.startsWith(KAFKA_PROPERTIES_PREFIX)
                || all().stream().anyMatch(option -> keys(option).contains(key));
    }

    /** The known key that {@code key} was probably meant to be. */
    public static Optional<String> nearest(String key) {
        String best = null;
        int least = Integer.MAX_VALUE;
        for (ConfigOption<?> option : all()) {
            for (String name : keys(option)) {
                int distance = editDistance(key, name);
                if (distance < least) {
                    least = distance;
                    best = option.key();
                }
            }
        }
        return least <= Math.max(3, key.length() / 3)
                ? Optional.ofNullable(best)
                : Optional.empty();
    }

    /** The key of an option, and those that it had before. */
    private static List<String> keys(ConfigOption<?> option) {
        List<String> keys = new ArrayList<>(List.of(option.key()));
        option.fallbackKeys().forEach(old -> keys.add(old.getKey()));
        return keys;
    }

    private static ConfigOption<?> read(Field field) {
        try {
            return (ConfigOption<?>) field.get(null);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("Options must be public: " + field, e);
        }
    }

    /** Levenshtein distance. */
    private static int editDistance(String a, String b) {
        int[] previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, Math.min(previous[j], row[j - 1]) + 1);
            }
            previous = row;
        }
        return previous[b.length()];
    }
}
