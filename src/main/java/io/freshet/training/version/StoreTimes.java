package io.freshet.training.version;

import io.freshet.runtime.BackgroundThread.Work;
import java.io.IOException;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Measures how long the store takes, failures included.
 *
 * @param nanoTime clock, in nanoseconds
 * @param reads receives how long a version, an update or the list of updates took to read,
 *     milliseconds
 * @param writes receives how long a version or an update took to write, milliseconds
 */
public record StoreTimes(LongSupplier nanoTime, LongConsumer reads, LongConsumer writes) {

    private static final long NANOS_PER_MILLI = 1_000_000;

    <T> T read(Work<T> work) throws IOException {
        return measure(work, reads);
    }

    /** Writes a version or an update. */
    public <T> T write(Work<T> work) throws IOException {
        return measure(work, writes);
    }

    private <T> T measure(Work<T> work, LongConsumer millis) throws IOException {
        long begin = nanoTime.getAsLong();
        try {
            return work.call();
        } finally {
            millis.accept((nanoTime.getAsLong() - begin) / NANOS_PER_MILLI);
        }
    }
}
