package io.freshet.item.encoder;

import io.freshet.item.EncodedContentState;
import io.freshet.item.PendingItemState;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;

/**
 * The item encoder's keyed state: the vector of each item, and, in a snapshot, the queued items.
 * The latter are written when a snapshot is made and not before, as most leave before the next.
 */
final class ItemEncoderStates {

    private final KeyedStateBackend<String> backend;
    private final ValueState<EncodedContentState> contents;
    private final ListState<PendingItemState> pending;

    /** Keys that have pending items in state. */
    private final Set<String> written = new HashSet<>();

    private final List<PendingItemState> restored = new ArrayList<>();

    ItemEncoderStates(KeyedStateBackend<String> backend) throws Exception {
        this.backend = backend;
        contents =
                backend.getPartitionedState(
                        VoidNamespace.INSTANCE,
                        VoidNamespaceSerializer.INSTANCE,
                        new ValueStateDescriptor<>(
                                "encoded-content", TypeInformation.of(EncodedContentState.class)));
        ListStateDescriptor<PendingItemState> descriptor =
                new ListStateDescriptor<>(
                        "pending-items", TypeInformation.of(PendingItemState.class));
        pending =
                backend.getPartitionedState(
                        VoidNamespace.INSTANCE, VoidNamespaceSerializer.INSTANCE, descriptor);
        backend.applyToAllKeys(
                VoidNamespace.INSTANCE,
                VoidNamespaceSerializer.INSTANCE,
                descriptor,
                (key, state) -> {
                    written.add(key);
                    state.get().forEach(restored::add);
                });
    }

    /** The items that were queued, those of one id in the order in which they came. */
    List<PendingItemState> restored() {
        return restored;
    }

    /** Whether this is the hash of the item's vector in state. */
    boolean has(String itemId, long hash) throws Exception {
        backend.setCurrentKey(itemId);
        EncodedContentState content = contents.value();
        return content != null && content.hash == hash;
    }

    /** The vector of an item that {@link #has is in state}. */
    float[] vector(String itemId) throws Exception {
        backend.setCurrentKey(itemId);
        return Objects.requireNonNull(contents.value(), itemId).vector;
    }

    void put(String itemId, long hash, float[] vector) throws Exception {
        backend.setCurrentKey(itemId);
        contents.update(new EncodedContentState(hash, vector));
    }

    /** Replaces the pending items by those that are queued now. */
    void writePending(Stream<PendingItemState> items) throws Exception {
        for (String key : written) {
            backend.setCurrentKey(key);
            pending.clear();
        }
        written.clear();
        for (PendingItemState item : items.toList()) {
            backend.setCurrentKey(item.itemId);
            pending.add(item);
            written.add(item.itemId);
        }
    }
}
