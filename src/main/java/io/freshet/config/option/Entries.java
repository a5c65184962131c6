package io.freshet.config.option;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiFunction;

/**
 * The entries of an option that maps names to values: which of them hold, and what they say. A
 * blank name never holds.
 *
 * @param reader gives the value of a name and its text, both stripped; empty if they don't hold
 */
public record Entries<V>(BiFunction<String, String, Optional<V>> reader) {

    /** Whether all hold. */
    public boolean hold(Map<String, String> given) {
        return given.entrySet().stream().allMatch(entry -> value(entry).isPresent());
    }

    /** Those that hold, by their names. */
    public SortedMap<String, V> read(Map<String, String> given) {
        SortedMap<String, V> values = new TreeMap<>();
        for (Map.Entry<String, String> entry : given.entrySet()) {
            value(entry).ifPresent(value -> values.put(entry.getKey().strip(), value));
        }
        return Collections.unmodifiableSortedMap(values);
    }

    private Optional<V> value(Map.Entry<String, String> entry) {
        return entry.getKey().isBlank()
                ? Optional.empty()
                : reader.apply(entry.getKey().strip(), entry.getValue().strip());
    }
}
