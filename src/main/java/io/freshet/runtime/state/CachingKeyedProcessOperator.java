package io.freshet.runtime.state;

import java.util.Objects;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.jspecify.annotations.Nullable;

/**
 * Runs a keyed function with one input, and writes its cached states back at the barrier.
 *
 * @param <K> key
 * @param <I> input
 * @param <O> output
 */
public final class CachingKeyedProcessOperator<K, I, O> extends KeyedProcessOperator<K, I, O> {

    private static final long serialVersionUID = 1L;

    private final int capacity;
    private transient @Nullable StateCaches caches;

    /**
     * @param function a {@link CachingFunction}
     * @param capacity most keys that are cached
     */
    public <F extends KeyedProcessFunction<K, I, O> & CachingFunction> CachingKeyedProcessOperator(
            F function, int capacity) {
        super(function);
        this.capacity = capacity;
    }

    @Override
    public void open() throws Exception {
        caches = new StateCaches(this, capacity);
        ((CachingFunction) userFunction).openStates(caches);
        super.open();
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        Objects.requireNonNull(caches).writeBack();
        super.snapshotState(context);
    }
}
