package io.freshet.training;

import io.freshet.event.EncodedItem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Content of items that no version has yet.
 *
 * <p>Its timestamps say which windows know it: those that end later. That is how the redo log finds
 * what an update knew. But catalogs run ahead of windows, or behind, and a window takes in all that
 * has come. So content that it takes in early is dated back to before its end, and what comes too
 * late for it is dated on to its end. Content that is replaced stays as long as an update that has
 * taken it in may have to be made again.
 */
final class PendingContent {

    private final Map<String, EncodedItem> newest = new LinkedHashMap<>();
    private final List<EncodedItem> replaced = new ArrayList<>();
    private long takenBefore;

    /**
     * @param items what {@link #all} gave
     * @param applied exclusive end of the last update in the redo log, milliseconds since the epoch
     */
    PendingContent(List<EncodedItem> items, long applied) {
        takenBefore = applied;
        items.forEach(this::put);
    }

    /** Takes content, for the windows to come. */
    void add(EncodedItem item) {
        put(dated(item, Math.max(item.timestamp(), takenBefore)));
    }

    /** Takes content that an earlier version lacks, unless there is newer. */
    void addLost(EncodedItem item) {
        newest.putIfAbsent(item.itemId(), item);
    }

    /** All that has come, which a window with this end is to know. */
    List<EncodedItem> takeIn(long end) {
        newest.replaceAll((id, item) -> dated(item, Math.min(item.timestamp(), end - 1)));
        takenBefore = Math.max(takenBefore, end);
        return newest();
    }

    /** What a window with this end knows. */
    List<EncodedItem> before(long end) {
        Map<String, EncodedItem> known = new LinkedHashMap<>();
        for (EncodedItem item : all()) {
            if (item.timestamp() < end) {
                known.put(item.itemId(), item);
            }
        }
        return List.copyOf(known.values());
    }

    /** The newest content of each item. */
    List<EncodedItem> newest() {
        return List.copyOf(newest.values());
    }

    /** All content, as state holds it: of one item, what is newer comes later. */
    List<EncodedItem> all() {
        return Stream.concat(replaced.stream(), newest.values().stream()).toList();
    }

    /** Enters that a version has all that its updates took in. */
    void written(List<AppliedUpdate> updates) {
        for (AppliedUpdate update : updates) {
            for (EncodedItem item : update.items()) {
                newest.remove(item.itemId(), item);
            }
        }
        dropReplaced();
    }

    /** Enters that no update will be made again. */
    void dropReplaced() {
        replaced.clear();
    }

    private void put(EncodedItem item) {
        EncodedItem before = newest.put(item.itemId(), item);
        if (before != null && before.timestamp() < takenBefore) {
            replaced.add(before);
        }
    }

    private static EncodedItem dated(EncodedItem item, long timestamp) {
        return timestamp == item.timestamp()
                ? item
                : new EncodedItem(
                        item.itemId(),
                        item.title(),
                        item.available(),
                        timestamp,
                        item.vector(),
                        item.categories());
    }
}
