package io.freshet.demo.view;

import java.util.Arrays;

/** How many of something a second, over the last seconds. */
final class Rate {

    private static final int SECONDS = 5;

    private final long[] counts = new long[SECONDS + 1];
    private long second = Long.MIN_VALUE;
    private long first = Long.MIN_VALUE;

    /** Counts {@code count} more at a time in milliseconds that never goes back. */
    void add(long nowMillis, long count) {
        advance(nowMillis);
        if (first == Long.MIN_VALUE) {
            first = second;
        }
        counts[slot(second)] += count;
    }

    /** The mean over the last whole seconds; 0 before the first is over. */
    double perSecond(long nowMillis) {
        advance(nowMillis);
        long whole = first == Long.MIN_VALUE ? 0 : Math.min(SECONDS, second - first);
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
