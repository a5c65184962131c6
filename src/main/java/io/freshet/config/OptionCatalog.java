package io.freshet.config;

import io.freshet.config.option.OptionGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.configuration.ConfigOption;
import org.jspecify.annotations.Nullable;

/** Every option that Freshet has. */
public final class OptionCatalog {

    /** Keys below this prefix go to all Kafka clients as they are, without the prefix. */
    public static final String KAFKA_PROPERTIES_PREFIX = "kafka.properties.";

    private static final List<OptionGroup> GROUPS =
            List.of(
                    KafkaConfig.OPTIONS,
                    IngestConfig.OPTIONS,
                    AttributesConfig.OPTIONS,
                    ControlConfig.OPTIONS,
                    HistoryConfig.OPTIONS,
                    FeedbackConfig.OPTIONS,
                    ResponseConfig.OPTIONS,
                    ItemConfig.OPTIONS,
                    StateConfig.OPTIONS,
                    EncoderConfig.OPTIONS,
                    ModelConfig.OPTIONS,
                    TrainingConfig.OPTIONS,
                    TrainingConfig.Window.OPTIONS,
                    TrainingConfig.Optimizer.OPTIONS,
                    TrainingConfig.Objective.OPTIONS,
                    TrainingConfig.Replay.OPTIONS,
                    TrainingConfig.Gate.OPTIONS,
                    TrainingConfig.Pretraining.OPTIONS,
                    TrainingConfig.Vocabulary.OPTIONS,
                    StoreConfig.OPTIONS,
                    RecommendConfig.OPTIONS,
                    StartConfig.OPTIONS,
                    DeviceConfig.OPTIONS,
                    FreshetConfig.OPTIONS);

    private OptionCatalog() {}

    /** All options, group by group, in the order of their declaration. */
    static List<OptionGroup.RangedOption<?>> all() {
        return GROUPS.stream()
                .<OptionGroup.RangedOption<?>>flatMap(group -> group.all().stream())
                .toList();
    }

    /** Options that users set: all but those that Freshet's own commands set. */
    static List<OptionGroup.RangedOption<?>> documented() {
        return all().stream().filter(declared -> !declared.internal()).toList();
    }

    /** Whether users set {@code key}: an option, by its present or an older name, or Kafka's. */
    public static boolean has(String key) {
        return key.startsWith(KAFKA_PROPERTIES_PREFIX)
                || documented().stream()
                        .anyMatch(declared -> keys(declared.option()).contains(key));
    }

    /** Whether {@code key} is an option whose value is a number. */
    static boolean isNumber(String key) {
        return defaultOf(key) instanceof Number;
    }

    /** Whether users set a list by {@code key}. */
    static boolean isList(String key) {
        return defaultOf(key) instanceof List<?>;
    }

    /** Whether users set a list or a map by {@code key}. */
    static boolean hasElements(String key) {
        return isList(key) || defaultOf(key) instanceof Map<?, ?>;
    }

    /** The default of an option by its present or an older name, null if there is none. */
    private static @Nullable Object defaultOf(String key) {
        for (OptionGroup.RangedOption<?> declared : documented()) {
            if (keys(declared.option()).contains(key)) {
                return declared.option().defaultValue();
            }
        }
        return null;
    }

    /** Whether {@code key} is an option that Freshet's own commands set, and no user. */
    public static boolean isInternal(String key) {
        return all().stream()
                .anyMatch(declared -> declared.internal() && declared.option().key().equals(key));
    }

    /** The key that {@code key} was probably meant to be. */
    public static Optional<String> nearest(String key) {
        String best = null;
        int least = Integer.MAX_VALUE;
        for (OptionGroup.RangedOption<?> declared : documented()) {
            ConfigOption<?> option = declared.option();
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
    static List<String> keys(ConfigOption<?> option) {
        List<String> keys = new ArrayList<>(List.of(option.key()));
        option.fallbackKeys().forEach(old -> keys.add(old.getKey()));
        return keys;
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
