package io.freshet.cluster;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Waits for what other processes do, by looking again and again. */
public final class Await {

    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private Await() {}

    /**
     * Returns what is found, as soon as it is.
     *
     * @param what is waited for, in words
     * @param search finds it, or nothing yet
     * @param instead what there is instead, for the message
     * @throws AssertionError if it isn't found in time, or the test's own time is up
     */
    static <T> T value(String what, Callable<Optional<T>> search, Supplier<Object> instead) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        Optional<T> found = call(what, search);
        while (found.isEmpty()) {
            if (System.nanoTime() > end || Thread.currentThread().isInterrupted()) {
                throw new AssertionError("Waited in vain for " + what + ", found " + instead.get());
            }
            LockSupport.parkNanos(PAUSE_NANOS);
            found = call(what, search);
        }
        return found.get();
    }

    /** Returns when the condition holds. */
    public static void until(String what, Callable<Boolean> condition, Supplier<Object> instead) {
        value(what, () -> condition.call() ? Optional.of(true) : Optional.empty(), instead);
    }

    /** Returns when the condition holds. */
    static void until(String what, Callable<Boolean> condition) {
        until(what, condition, () -> "nothing");
    }

    private static <T> T call(String what, Callable<T> search) {
        try {
            return search.call();
        } catch (Exception e) { // declared so by Callable
            throw new AssertionError("Failed while waiting for " + what, e);
        }
    }
}
