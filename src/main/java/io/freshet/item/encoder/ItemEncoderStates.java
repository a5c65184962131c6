package io.freshet.item.encoder;

import io.freshet.item.EncodedContentState;
import io.freshet.item.PendingItemState;
import io.freshet.runtime.state.StateTtl;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.jspecify.annotations.Nullable;

/**
 * The item encoder's keyed state: the vector of each item, and, in a snapshot, the queued items.
 * The latter are written when a snapshot is made and not before, as most leave before the next.
 *
 * <p>A vector expires some time after it was made, or after its item was withdrawn; everyone who
 * uses vectors has their own, so all that is lost is that the next record's text is encoded again.
 */
final class ItemEncoderStates {

    private final KeyedStateBackend<String> backend;
    private final ValueState<EncodedContentState> contents;
    private final ValueState<EncodedContentState> withdrawn;
    private final ListState<PendingItemState> pending;

    /** Keys that have pending items in state. */
    private final Set<String> written = new HashSet<>();

    private final List<PendingItemState> restored = new ArrayList<>();

    /**
     * @param ttl time for which a vector is kept
     * @param withdrawnTtl the same for that of a withdrawn item
     */
    ItemEncoderStates(KeyedStateBackend<String> backend, Duration ttl, Duration withdrawnTtl)
            throws Exception {
        this.backend = backend;
        contents = contents("encoded-content", ttl);
        withdrawn = contents("withdrawn-content", withdrawnTtl);
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

    private ValueState<EncodedContentState> contents(String name, Duration ttl) throws Exception {
        return backend.getPartitionedState(
                VoidNamespace.INSTANCE,
                VoidNamespaceSerializer.INSTANCE,
                StateTtl.value(name, TypeInformation.of(EncodedContentState.class), ttl));
    }

    /** The items that were queued, those of one id in the order in which they came. */
    List<PendingItemState> restored() {
        return restored;
    }

    /** The vector of an item's text if it was made from a text of this hash, else null. */
    float @Nullable [] vector(String itemId, long hash) throws Exception {
        backend.setCurrentKey(itemId);
        EncodedContentState content = content();
        return content != null && content.hash == hash ? content.vector : null;
    }

    private @Nullable EncodedContentState content() throws Exception {
        EncodedContentState content = contents.value();
        return content != null ? content : withdrawn.value();
    }

    /**
     * Keeps an item's vector for as long as it is available, or has been withdrawn: in one of the
     * two states. Writes nothing if it is there.
     */
    void put(PendingItemState item, long hash, float[] vector) throws Exception {
        backend.setCurrentKey(item.itemId);
        ValueState<EncodedContentState> kept = item.available ? contents : withdrawn;
        EncodedContentState before = kept.value();
        if (before == null || before.hash != hash) {
            kept.update(new EncodedContentState(hash, vector));
            (item.available ? withdrawn : contents).clear();
        }
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
