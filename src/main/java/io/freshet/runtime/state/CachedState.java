package io.freshet.runtime.state;

import java.io.IOException;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.streaming.api.operators.KeyContext;
import org.jspecify.annotations.Nullable;

/**
 * A keyed value with a {@link WriteBackCache}. {@link #value} gives the cached object itself:
 * whoever changes it must also {@link #update}.
 */
public final class CachedState<T> {

    private final KeyContext keys;
    private final WriteBackCache<Object, T> cache;

    CachedState(ValueState<T> stored, KeyContext keys, int capacity) {
        this.keys = keys;
        cache = new WriteBackCache<>(new Stored<>(stored, keys), keys, capacity);
    }

    /** The current key's value, null if it has none. */
    public @Nullable T value() throws Exception {
        return cache.get(keys.getCurrentKey());
    }

    /** Sets the current key's value. */
    public void update(T value) throws Exception {
        cache.put(keys.getCurrentKey(), value);
    }

    /** Removes the current key's value, from what is stored as well. */
    public void clear() throws Exception {
        cache.remove(keys.getCurrentKey());
    }

    void writeBack() throws Exception {
        cache.writeBack();
    }

    private record Stored<T>(ValueState<T> state, KeyContext keys)
            implements WriteBackCache.Store<Object, T> {

        @Override
        public @Nullable T read(Object key) throws IOException {
            return state.value();
        }

        @Override
        public void write(Object key, T value) throws IOException {
            keys.setCurrentKey(key);
            state.update(value);
        }

        @Override
        public void remove(Object key) {
            state.clear();
        }
    }
}
