package io.freshet.runtime.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.flink.streaming.api.operators.KeyContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WriteBackCacheTest {

    private final RecordingStore store = new RecordingStore();

    @Test
    void readsAndWritesOnceFromBarrierToBarrier() throws Exception {
        store.values.put("a", 1);
        WriteBackCache<String, Integer> cache = cache(2);

        for (int i = 0; i < 5; i++) {
            store.setCurrentKey("a");
            cache.put("a", value(cache) + 1);
        }
        cache.writeBack();
        cache.writeBack();

        assertThat(store.calls).containsExactly("read a", "write a=6");
    }

    @Test
    void whatGivesWayIsWrittenAndTheCurrentKeyStays() throws Exception {
        WriteBackCache<String, Integer> cache = cache(2);
        put(cache, "a", 1);
        put(cache, "b", 2);
        cache.get("a");
        put(cache, "c", 3);

        assertThat(store.calls).containsExactly("write b=2");
        assertThat(store.getCurrentKey()).isEqualTo("c");
        store.setCurrentKey("b");
        assertThat(cache.get("b")).isEqualTo(2);
    }

    @Test
    void whatDoesNotChangeFromBarrierToBarrierIsReadAgain() throws Exception {
        WriteBackCache<String, Integer> cache = cache(2);
        put(cache, "a", 1);
        cache.writeBack();
        assertThat(cache.get("a")).isEqualTo(1);
        cache.writeBack();
        store.values.remove("a"); // as state that expires

        assertThat(cache.get("a")).isNull();
    }

    @Test
    void whatChangesStaysBeyondTheBarrier() throws Exception {
        WriteBackCache<String, Integer> cache = cache(2);
        put(cache, "a", 1);
        cache.writeBack();
        put(cache, "a", value(cache) + 1);
        cache.writeBack();

        assertThat(cache.get("a")).isEqualTo(2);
        assertThat(store.calls).containsExactly("write a=1", "write a=2");
    }

    @Test
    void whatComesAndGoesBetweenBarriersIsNeverStored() throws Exception {
        WriteBackCache<String, Integer> cache = cache(2);
        cache.get("a");
        put(cache, "a", 1);
        cache.remove("a");
        cache.writeBack();

        assertThat(store.calls).containsExactly("read a");
    }

    @Test
    void whatIsRemovedIsRemovedFromTheStoreAtOnce() throws Exception {
        store.values.put("a", 1);
        store.values.put("b", 1);
        WriteBackCache<String, Integer> cache = cache(2);
        cache.get("a");
        cache.remove("a");
        cache.remove("b");
        put(cache, "c", 1);
        cache.writeBack();
        cache.remove("c");

        assertThat(store.values).isEmpty();
    }

    @Test
    void withoutCapacityAllIsWrittenThrough() throws Exception {
        WriteBackCache<String, Integer> cache = cache(0);
        put(cache, "a", 1);
        put(cache, "a", 2);

        assertThat(store.calls).containsExactly("write a=1", "write a=2");
        assertThat(cache.get("a")).isEqualTo(2);
    }

    private WriteBackCache<String, Integer> cache(int capacity) {
        return new WriteBackCache<>(store, store, capacity);
    }

    private void put(WriteBackCache<String, Integer> cache, String key, int value)
            throws Exception {
        store.setCurrentKey(key);
        cache.put(key, value);
    }

    private static int value(WriteBackCache<String, Integer> cache) throws Exception {
        return Objects.requireNonNull(cache.get("a"));
    }

    /** A store that holds its users to the current key, as keyed state does. */
    private static final class RecordingStore
            implements WriteBackCache.Store<String, Integer>, KeyContext {

        private final Map<String, Integer> values = new HashMap<>();
        private final List<String> calls = new ArrayList<>();
        private Object current = "a";

        @Override
        public @Nullable Integer read(String place) {
            calls.add("read " + place);
            return values.get(place);
        }

        @Override
        public void write(String place, Integer value) {
            setCurrentKey(place);
            calls.add("write " + place + "=" + value);
            values.put(place, value);
        }

        @Override
        public void remove(String place) {
            values.remove(place);
        }

        @Override
        public void setCurrentKey(Object key) {
            current = key;
        }

        @Override
        public Object getCurrentKey() {
            return current;
        }
    }
}
