package io.freshet.recommend.operator;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Brings what both inputs receive into one order that does not depend on which input ran ahead: by
 * timestamp, then {@link QueuedInput#rank}, then arrival. An input is released when both inputs'
 * watermarks have reached its timestamp, because then nothing that belongs before it can come.
 *
 * <p>Example: a request at 100 arrives before the version whose window ended at 90. Watermarks are
 * 120 on the first input and 80 on the second (the fine-tuner holds its own back while it trains on
 * that window), so the request stays. The version arrives, the second watermark becomes 120, and
 * both are released, the version first.
 */
final class EventTimeMerge {

    private static final Comparator<Entry> ORDER =
            Comparator.<Entry>comparingLong(entry -> entry.input.timestamp())
                    .thenComparingInt(entry -> entry.input.rank())
                    .thenComparingLong(Entry::arrival);

    private final PriorityQueue<Entry> entries = new PriorityQueue<>(ORDER);
    private long arrivals;

    void add(QueuedInput input) {
        entries.add(new Entry(input, arrivals++));
    }

    /** Takes the next input if its timestamp is at most {@code watermark}, else null. */
    @Nullable QueuedInput poll(long watermark) {
        Entry first = entries.peek();
        if (first == null || first.input.timestamp() > watermark) {
            return null;
        }
        entries.poll();
        return first.input;
    }

    /** Timestamp of the next input, {@link Long#MAX_VALUE} if there is none. */
    long earliest() {
        Entry first = entries.peek();
        return first == null ? Long.MAX_VALUE : first.input.timestamp();
    }

    /** Hands out all inputs in their order, and keeps them. */
    void forEach(Consumer<QueuedInput> sink) {
        entries.stream().sorted(ORDER).forEach(entry -> sink.accept(entry.input));
    }

    private record Entry(QueuedInput input, long arrival) {}
}
