package io.freshet.runtime.state;

import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.streaming.api.operators.KeyContext;
import org.apache.flink.util.function.RunnableWithException;

/** The caches of one task's keyed states, which are written back together. */
public final class StateCaches {

    private final KeyContext keys;
    private final int capacity;
    private final List<RunnableWithException> writers = new ArrayList<>();

    /**
     * @param keys says which key is the current one, and sets it
     * @param capacity most values that are cached of each state; with 0 none is
     */
    public StateCaches(KeyContext keys, int capacity) {
        this.keys = keys;
        this.capacity = capacity;
    }

    /** Caches a state, which is used through the result alone from now on. */
    public <T> CachedState<T> of(ValueState<T> stored) {
        CachedState<T> cached = new CachedState<>(stored, keys, capacity);
        writers.add(cached::writeBack);
        return cached;
    }

    /** The same of values by name. */
    public <T> CachedMapState<T> of(MapState<String, T> stored) {
        CachedMapState<T> cached = new CachedMapState<>(stored, keys, capacity);
        writers.add(cached::writeBack);
        return cached;
    }

    /**
     * Writes what has changed, before a snapshot. The current key may be another one afterwards.
     */
    public void writeBack() throws Exception {
        for (RunnableWithException writer : writers) {
            writer.run();
        }
    }
}
