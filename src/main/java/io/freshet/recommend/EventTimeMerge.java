package io.freshet.recommend;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Brings the elements of both inputs into one order that does not depend on which input ran ahead:
 * by timestamp, then {@link Element#rank}, then arrival. An element is released when both inputs'
 * watermarks have reached its timestamp, because then nothing that belongs before it can come.
 *
 * <p>Example: a request at 100 arrives before the version whose window ended at 90. Watermarks are
 * 120 on the first input and 80 on the second (the fine-tuner holds its own back while it trains on
 * that window), so the request stays. The version arrives, the second watermark becomes 120, and
 * both are released, the version first.
 */
final class EventTimeMerge {

    private static final Comparator<Entry> ORDER =
            Comparator.<Entry>comparingLong(entry -> entry.element.timestamp())
                    .thenComparingInt(entry -> entry.element.rank())
                    .thenComparingLong(Entry::arrival);

    private final PriorityQueue<Entry> entries = new PriorityQueue<>(ORDER);
    private long arrivals;

    void add(Element element) {
        entries.add(new Entry(element, arrivals++));
    }

    /** Takes the next element if its timestamp is at most {@code watermark}, else null. */
    @Nullable Element poll(long watermark) {
        Entry first = entries.peek();
        if (first == null || first.element.timestamp() > watermark) {
            return null;
        }
        entries.poll();
        return first.element;
    }

    /** Timestamp of the next element, {@link Long#MAX_VALUE} if there is none. */
    long earliest() {
        Entry first = entries.peek();
        return first == null ? Long.MAX_VALUE : first.element.timestamp();
    }

    /** Hands out all elements in their order, and keeps them. */
    void forEach(Consumer<Element> sink) {
        entries.stream().sorted(ORDER).forEach(entry -> sink.accept(entry.element));
    }

    private record Entry(Element element, long arrival) {}
}
