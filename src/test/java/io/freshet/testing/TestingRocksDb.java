package io.freshet.testing;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;

/** RocksDB, as in production, for operators in a test harness. */
public final class TestingRocksDb {

    private static final AtomicLong SNAPSHOTS = new AtomicLong();

    private TestingRocksDb() {}

    /** Gives the harness RocksDB; its memory is its own, as a harness has none to manage. */
    public static void use(AbstractStreamOperatorTestHarness<?> harness) {
        EmbeddedRocksDBStateBackend backend = new EmbeddedRocksDBStateBackend();
        backend.getMemoryConfiguration().setUseManagedMemory(false);
        harness.setStateBackend(backend);
    }

    /** Takes a snapshot, and so passes a barrier. */
    public static OperatorSubtaskState snapshot(AbstractStreamOperatorTestHarness<?> harness)
            throws Exception {
        long id = SNAPSHOTS.incrementAndGet();
        return harness.snapshot(id, id);
    }

    /** The keys that have a value in a state at a barrier, in any order. */
    public static List<String> keys(AbstractStreamOperatorTestHarness<?> harness, String state)
            throws Exception {
        snapshot(harness);
        KeyedStateBackend<String> backend = harness.getOperator().getKeyedStateBackend();
        try (Stream<String> keys = backend.getKeys(state, VoidNamespace.INSTANCE)) {
            return keys.toList();
        }
    }
}
