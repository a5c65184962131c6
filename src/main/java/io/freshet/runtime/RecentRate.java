package io.freshet.runtime;

import java.util.Arrays;

/** How many of something a second, over the last seconds. Not thread-safe. */
public final class RecentRate {

    private final int seconds;
    private final long[] counts;
    private long second = Long.MIN_VALUE;
    private long first = Long.MIN_VALUE;

    /**
     * @param seconds that the mean is over
     */
    public RecentRate(int seconds) {
        this.seconds = seconds;
        this.counts = new long[seconds + 1];
    }

    /** Counts {@code count} more at a time in milliseconds that never goes back. */
    public void add(long nowMillis, long count) {
        advance(nowMillis);
        if (first == Long.MIN_VALUE) {
            first = second;
        }
        counts[slot(second)] += count;
    }

    /** The mean over the last whole seconds; 0 before the first is over. */
    public double perSecond(long nowMillis) {
        advance(nowMillis);
        long whole = first == Long.MIN_VALUE ? 0 : Math.min(seconds, second - first);
        long sum = Arrays.stream(counts).sum() - counts[slot(second)];
        return whole == 0 ? 0 : (double) sum / whole;
    }

    private void advance(long nowMillis) {
        long now = Math.floorDiv(nowMillis, 1000);
        if (now - counts.length > second) {
            Arrays.fill(counts, 0);
            second = now;
        }
        while (second < now) {
            second++;
            counts[slot(second)] = 0;
        }
    }

    private int slot(long at) {
        return (int) Math.floorMod(at, (long) counts.length);
    }
}
