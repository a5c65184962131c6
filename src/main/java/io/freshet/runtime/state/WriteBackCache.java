package io.freshet.runtime.state;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.flink.streaming.api.operators.KeyContext;
import org.jspecify.annotations.Nullable;

/**
 * What is used of a keyed state, on the heap as objects: read once, and written when it gives way
 * to what is used more, or at the barrier. RocksDB reads, deserialises, serialises and writes at
 * every touch.
 *
 * <p>What did not change from one barrier to the next leaves the cache. State expires some time
 * after its last change, so what has expired is returned until the second barrier after it at most.
 *
 * @param <P> a place in the state: a key, or a key and what distinguishes its values
 * @param <T> the value there
 */
final class WriteBackCache<P, T> {

    private static final float LOAD_FACTOR = 0.75f;
    private static final int FIRST_CAPACITY = 64;

    private final Store<P, T> store;
    private final KeyContext keys;
    private final int capacity;
    private final LinkedHashMap<P, Entry<T>> leastRecentlyUsedFirst =
            new LinkedHashMap<>(FIRST_CAPACITY, LOAD_FACTOR, true);

    /** What is behind the cache. */
    interface Store<P, T> {

        /** The value at a place of the current key, null for none. */
        @Nullable T read(P place) throws Exception;

        /** Makes the place's key the current one, and writes there. */
        void write(P place, T value) throws Exception;

        /** Removes the value at a place of the current key. */
        void remove(P place) throws Exception;
    }

    /**
     * @param capacity most values that are cached
     */
    WriteBackCache(Store<P, T> store, KeyContext keys, int capacity) {
        this.store = store;
        this.keys = keys;
        this.capacity = capacity;
    }

    @Nullable T get(P place) throws Exception {
        Entry<T> entry = leastRecentlyUsedFirst.get(place);
        if (entry == null) {
            T stored = store.read(place);
            entry = new Entry<>(stored, stored != null, false);
            add(place, entry);
        }
        return entry.value;
    }

    void put(P place, T value) throws Exception {
        Entry<T> entry = leastRecentlyUsedFirst.get(place);
        if (entry == null) {
            add(place, new Entry<>(value, true, true)); // the store may have another one
        } else {
            entry.value = value;
            entry.changed = true;
        }
    }

    void remove(P place) throws Exception {
        Entry<T> entry = leastRecentlyUsedFirst.remove(place);
        if (entry == null || entry.stored) {
            store.remove(place);
        }
    }

    private void add(P place, Entry<T> entry) throws Exception {
        leastRecentlyUsedFirst.put(place, entry);
        if (leastRecentlyUsedFirst.size() > capacity) {
            Iterator<Map.Entry<P, Entry<T>>> entries = leastRecentlyUsedFirst.entrySet().iterator();
            Map.Entry<P, Entry<T>> eldest = entries.next();
            Object current = keys.getCurrentKey();
            write(eldest.getKey(), eldest.getValue());
            keys.setCurrentKey(current);
            entries.remove();
        }
    }

    /**
     * Writes what has changed, and drops the rest. The current key may be another one afterwards.
     */
    void writeBack() throws Exception {
        for (var entries = leastRecentlyUsedFirst.entrySet().iterator(); entries.hasNext(); ) {
            Map.Entry<P, Entry<T>> next = entries.next();
            if (next.getValue().changed) {
                write(next.getKey(), next.getValue());
            } else {
                entries.remove();
            }
        }
    }

    private void write(P place, Entry<T> entry) throws Exception {
        if (entry.changed) {
            store.write(place, Objects.requireNonNull(entry.value));
            entry.stored = true;
            entry.changed = false;
        }
    }

    /** What is known of a place. */
    private static final class Entry<T> {

        private @Nullable T value;

        /** Whether the store may have a value. */
        private boolean stored;

        /** Whether the value is another one than the store's. */
        private boolean changed;

        private Entry(@Nullable T value, boolean stored, boolean changed) {
            this.value = value;
            this.stored = stored;
            this.changed = changed;
        }
    }
}
