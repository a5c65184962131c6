package io.freshet.item.encoder;

import io.freshet.item.PendingItemState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The input of an encoder in order of arrival: items, and marks such as watermarks. Whatever comes
 * first leaves first, so no mark overtakes an item, and no older record of an item a newer one.
 *
 * <p>An item either has its text encoded, or shares the vector of its record before. Example: A,
 * then B, a mark and A again with the same text. The encoder gets the texts of A and B. When it has
 * returned, A and B leave with their vectors, then the mark, then A again with its vector.
 *
 * @param <M> marks
 */
final class EncodingQueue<M> {

    /** Receives the output of the queue. */
    interface Receiver<M> {

        /** An item with a new vector. */
        void encoded(Waiting item, float[] vector) throws Exception;

        /** An item with the same text as its record before, and that text's vector. */
        void unchanged(Waiting item, float[] vector) throws Exception;

        void mark(M mark) throws Exception;
    }

    /** An item in the queue. Texts with the same hash have the same vector. */
    record Waiting(PendingItemState item, long hash) {}

    private static final class Slot<M> {

        private final @Nullable M mark;
        private final @Nullable Waiting waiting;
        private final boolean unchanged;
        private @Nullable Slot<M> sameText;
        private float @Nullable [] vector;

        private Slot(@Nullable M mark, @Nullable Waiting waiting, boolean unchanged) {
            this.mark = mark;
            this.waiting = waiting;
            this.unchanged = unchanged;
        }

        private float @Nullable [] vector() {
            return sameText == null ? vector : sameText.vector;
        }

        private Waiting waiting() {
            return Objects.requireNonNull(waiting);
        }

        private boolean ready() {
            return waiting == null || vector() != null;
        }
    }

    private final Deque<Slot<M>> slots = new ArrayDeque<>();
    private final Deque<Slot<M>> texts = new ArrayDeque<>();
    private final Map<String, Slot<M>> newest = new HashMap<>();
    private List<Slot<M>> batch = List.of();

    /** The hash of the newest record of an item in the queue, if there is one. */
    OptionalLong hashOf(String itemId) {
        Slot<M> slot = newest.get(itemId);
        return slot == null ? OptionalLong.empty() : OptionalLong.of(slot.waiting().hash());
    }

    /** Adds an item whose text must be encoded. */
    void addText(Waiting item) {
        texts.add(add(new Slot<>(null, item, false)));
    }

    /** Adds an item whose vector needs no encoder. */
    void addEncoded(Waiting item, float[] vector) {
        add(new Slot<>(null, item, false)).vector = vector;
    }

    /** Adds an item with the same text as its record before, and that text's vector. */
    void addUnchanged(Waiting item, float[] vector) {
        add(new Slot<>(null, item, true)).vector = vector;
    }

    /** Adds an item with the same text as its newest record in the queue. */
    void addUnchanged(Waiting item) {
        Slot<M> before = Objects.requireNonNull(newest.get(item.item().itemId));
        add(new Slot<>(null, item, true)).sameText =
                before.sameText == null ? before : before.sameText;
    }

    private Slot<M> add(Slot<M> slot) {
        slots.add(slot);
        newest.put(slot.waiting().item().itemId, slot);
        return slot;
    }

    void addMark(M mark) {
        slots.add(new Slot<>(mark, null, true));
    }

    boolean isEmpty() {
        return slots.isEmpty();
    }

    /** Items and marks. */
    int size() {
        return slots.size();
    }

    /** All items, in the order in which they came. */
    Stream<PendingItemState> items() {
        return slots.stream()
                .map(slot -> slot.waiting)
                .flatMap(Stream::ofNullable)
                .map(Waiting::item);
    }

    /**
     * Starts a batch, which {@link #complete} ends; returns its items, none while a batch is being
     * encoded or if there is nothing to encode.
     */
    List<PendingItemState> nextBatch(int most) {
        if (!batch.isEmpty()) {
            return List.of();
        }
        batch = new ArrayList<>();
        while (batch.size() < most && !texts.isEmpty()) {
            batch.add(texts.remove());
        }
        return batch.stream().map(slot -> slot.waiting().item()).toList();
    }

    /** Sets the vectors of the batch, in its order. */
    void complete(float[][] vectors) {
        if (vectors.length != batch.size()) {
            throw new IllegalStateException(
                    "The encoder returned %s vectors for %s texts"
                            .formatted(vectors.length, batch.size()));
        }
        for (int i = 0; i < vectors.length; i++) {
            batch.get(i).vector = vectors[i];
        }
        batch = List.of();
    }

    /** Sends what may leave to the receiver. */
    void drainTo(Receiver<M> receiver) throws Exception {
        for (Slot<M> head = slots.peek(); head != null && head.ready(); head = slots.peek()) {
            slots.remove();
            if (head.mark != null) {
                receiver.mark(head.mark);
                continue;
            }
            newest.remove(head.waiting().item().itemId, head);
            float[] vector = Objects.requireNonNull(head.vector());
            if (head.unchanged) {
                receiver.unchanged(head.waiting(), vector);
            } else {
                receiver.encoded(head.waiting(), vector);
            }
        }
    }
}
