package io.freshet.config;

import io.freshet.config.option.Entries;
import io.freshet.config.option.OptionGroup;
import io.freshet.config.option.Problems;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Collectors;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ReadableConfig;

/**
 * What else records may say, by name and type: fields of the topics, columns of the files.
 *
 * @param context attributes of an interaction
 * @param items attributes of an item
 * @param users attributes of a user
 */
public record AttributesConfig(
        SortedMap<String, Type> context,
        SortedMap<String, Type> items,
        SortedMap<String, Type> users)
        implements Serializable {

    static final OptionGroup OPTIONS = new OptionGroup();

    private static final String DECLARATIONS =
            "name:type, with a type of %s and no name of another field, separated by commas"
                    .formatted(
                            Arrays.stream(Type.values())
                                    .map(Type::word)
                                    .collect(Collectors.joining(", ")));

    /** Fields that an interaction has anyway. */
    public static final Set<String> INTERACTION_FIELDS =
            Set.of("event_id", "user_id", "item_id", "event_type", "rating", "timestamp_ms");

    /** Fields that an item has anyway. */
    public static final Set<String> ITEM_FIELDS =
            Set.of(
                    "item_id",
                    "title",
                    "description",
                    "categories",
                    "available",
                    "timestamp_ms",
                    "vectors");

    /** Fields that a user has anyway. */
    public static final Set<String> USER_FIELDS = Set.of("user_id", "timestamp_ms");

    public static final ConfigOption<Map<String, String>> CONTEXT =
            declaration("attributes.context", INTERACTION_FIELDS)
                    .describe(
                            "Further fields of interactions that say in which context they happened, such "
                                    + "as device:category,position:number. A value of another type is a dead "
                                    + "letter, fields that are not declared are ignored.");

    public static final ConfigOption<Map<String, String>> ITEMS =
            declaration("attributes.items", ITEM_FIELDS)
                    .describe(
                            "Further fields of items, such as brand:category,price:number. A value of "
                                    + "another type is a dead letter, fields that are not declared are "
                                    + "ignored.");

    public static final ConfigOption<Map<String, String>> USERS =
            declaration("attributes.users", USER_FIELDS)
                    .describe(
                            "Fields of users, such as country:category,age:number, which come from "
                                    + "kafka.topic.users. A value of another type is a dead letter, fields "
                                    + "that are not declared are ignored.");

    /** What a value is. */
    public enum Type {
        /** One of few or many values: a text, a number taken as one, or true or false. */
        CATEGORY,
        /** Several of them. */
        CATEGORIES,
        /** A number whose size matters. */
        NUMBER,
        /** A day or a moment, whose age matters. */
        DATE;

        private String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        private static Optional<Type> of(String word) {
            return Arrays.stream(values()).filter(type -> type.word().equals(word)).findFirst();
        }
    }

    /** Names of the items' numbers and dates, in their order. */
    public List<String> numbersOfItems() {
        return items.entrySet().stream()
                .filter(each -> each.getValue() == Type.NUMBER || each.getValue() == Type.DATE)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Nothing else. */
    public static AttributesConfig none() {
        return new AttributesConfig(
                Collections.emptySortedMap(),
                Collections.emptySortedMap(),
                Collections.emptySortedMap());
    }

    /** Reads the group; what is wrong is added to {@code problems}. */
    static AttributesConfig from(ReadableConfig config, Problems problems) {
        OptionGroup.Reader read = OPTIONS.reader(config, problems);
        return new AttributesConfig(
                types(INTERACTION_FIELDS).read(read.get(CONTEXT)),
                types(ITEM_FIELDS).read(read.get(ITEMS)),
                types(USER_FIELDS).read(read.get(USERS)));
    }

    private static OptionGroup.Draft<Map<String, String>> declaration(
            String key, Set<String> fields) {
        return OPTIONS.declare(
                ConfigOptions.key(key).mapType().defaultValue(Map.of()),
                types(fields)::hold,
                DECLARATIONS);
    }

    /** Types by the names of attributes, which no other field has. */
    private static Entries<Type> types(Set<String> fields) {
        return new Entries<>(
                (name, word) -> fields.contains(name) ? Optional.empty() : Type.of(word));
    }
}
