package io.freshet.runtime;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How long to wait after a failure before the same is tried again: 100 ms, and twice as long after
 * each further failure in a row, at most one minute. Not thread-safe.
 */
public final class RetryPolicy {

    private static final Duration FIRST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofMinutes(1);

    private final LongSupplier nanoTime;
    private Duration next = FIRST;
    private boolean failing;
    private long due;

    public RetryPolicy() {
        this(System::nanoTime);
    }

    /**
     * @param nanoTime the clock that {@link #isDue} reads, as {@link System#nanoTime}
     */
    public RetryPolicy(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Counts a failure; returns the pause before the next attempt. */
    public Duration failed() {
        Duration pause = next;
        Duration twice = pause.multipliedBy(2);
        next = twice.compareTo(LONGEST) < 0 ? twice : LONGEST;
        failing = true;
        due = nanoTime.getAsLong() + pause.toNanos();
        return pause;
    }

    /** Ends the row of failures: the next attempt is due at once, the next pause is the first. */
    public void succeeded() {
        failing = false;
        next = FIRST;
    }

    /** Whether the pause after the last failure is over, or there was no failure. */
    public boolean isDue() {
        return !failing || nanoTime.getAsLong() - due >= 0;
    }
}
