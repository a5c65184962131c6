package io.freshet.training.window;

import io.freshet.event.EncodedItem;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Content of items that no update has brought to the live model yet: the newest of each item, for
 * no more items than the model can have rows. Beyond that the item gives way that waits longest.
 */
public final class PendingContent {

    private final int most;
    private final Map<String, EncodedItem> newest = new LinkedHashMap<>();
    private long dropped;

    /**
     * @param most items whose content may wait
     * @param items what {@link #all} gave
     */
    public PendingContent(int most, List<EncodedItem> items) {
        this.most = most;
        items.forEach(this::add);
    }

    /** Adds content, for the windows to come. */
    public void add(EncodedItem item) {
        newest.put(item.itemId(), item);
        makeRoom();
    }

    /** Adds content that an earlier revision of the live model lacks, unless there is newer. */
    public void addLost(EncodedItem item) {
        newest.putIfAbsent(item.itemId(), item);
        makeRoom();
    }

    /** Items whose content gave way to others' so far. */
    public long dropped() {
        return dropped;
    }

    private void makeRoom() {
        if (newest.size() > most) {
            Iterator<EncodedItem> first = newest.values().iterator();
            first.next();
            first.remove();
            dropped++;
        }
    }

    /** All content. */
    public List<EncodedItem> all() {
        return List.copyOf(newest.values());
    }

    /** Content of before a time, milliseconds since the epoch. */
    public List<EncodedItem> before(long end) {
        return newest.values().stream().filter(item -> item.timestamp() < end).toList();
    }

    /** Enters that the live model has some content, unless there is newer of the item. */
    public void taken(List<EncodedItem> items) {
        items.forEach(item -> newest.remove(item.itemId(), item));
    }
}
