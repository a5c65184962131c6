package io.freshet.runtime.state;

import org.apache.flink.api.common.state.MapState;
import org.apache.flink.streaming.api.operators.KeyContext;
import org.jspecify.annotations.Nullable;

/**
 * Keyed values by name with a {@link WriteBackCache}: what is put and removed between two barriers
 * is never written.
 */
public final class CachedMapState<T> {

    private final KeyContext keys;
    private final WriteBackCache<Place, T> cache;

    CachedMapState(MapState<String, T> stored, KeyContext keys, int capacity) {
        this.keys = keys;
        cache = new WriteBackCache<>(new Stored<>(stored, keys), keys, capacity);
    }

    private record Place(Object key, String name) {}

    /** The current key's value of a name, null if it has none. */
    public @Nullable T get(String name) throws Exception {
        return cache.get(place(name));
    }

    /** Sets the current key's value of a name. */
    public void put(String name, T value) throws Exception {
        cache.put(place(name), value);
    }

    /** Removes the current key's value of a name, from what is stored as well. */
    public void remove(String name) throws Exception {
        cache.remove(place(name));
    }

    void writeBack() throws Exception {
        cache.writeBack();
    }

    private Place place(String name) {
        return new Place(keys.getCurrentKey(), name);
    }

    private record Stored<T>(MapState<String, T> state, KeyContext keys)
            implements WriteBackCache.Store<Place, T> {

        @Override
        public @Nullable T read(Place place) throws Exception {
            return state.get(place.name());
        }

        @Override
        public void write(Place place, T value) throws Exception {
            keys.setCurrentKey(place.key());
            state.put(place.name(), value);
        }

        @Override
        public void remove(Place place) throws Exception {
            state.remove(place.name());
        }
    }
}
