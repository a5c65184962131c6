package io.freshet.demo;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.flink.api.connector.source.lib.NumberSequenceSource.NumberSequenceSplit;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiter;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.jspecify.annotations.Nullable;

/**
 * Lets as much through a generated source of parallelism 1 as is wanted, in a job that runs in this
 * process.
 */
enum Gate implements RateLimiterStrategy<NumberSequenceSplit>, RateLimiter<NumberSequenceSplit> {
    ITEMS,
    INTERACTIONS;

    private long left;
    private @Nullable CompletableFuture<Void> waiting;

    /** Lets so many more through. */
    synchronized void open(long count) {
        left += count;
        CompletableFuture<Void> next = waiting;
        if (next != null) {
            waiting = null;
            left--;
            next.complete(null);
        }
    }

    /** Whether all have passed, and the source waits. */
    synchronized boolean isClosed() {
        return waiting != null;
    }

    @Override
    public RateLimiter<NumberSequenceSplit> createRateLimiter(int parallelism) {
        return this;
    }

    @Override
    public synchronized CompletionStage<Void> acquire(int one) {
        CompletableFuture<Void> passage = new CompletableFuture<>();
        if (left > 0) {
            left--;
            passage.complete(null);
        } else {
            waiting = passage;
        }
        return passage;
    }
}
