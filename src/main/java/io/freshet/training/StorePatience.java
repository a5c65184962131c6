package io.freshet.training;

import java.io.IOException;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** When a store that did not take a version is asked again: ever less often while it fails. */
final class StorePatience {

    private static final Logger LOG = LoggerFactory.getLogger(StorePatience.class);

    private final LongSupplier nanoTime;
    private final Backoff backoff = new Backoff();
    private boolean failing;
    private long again;

    StorePatience(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    boolean over() {
        return !failing || nanoTime.getAsLong() - again >= 0;
    }

    void failed(IOException found) {
        Duration pause = backoff.failed();
        LOG.error("The model store takes no version; it is asked again after {}", pause, found);
        failing = true;
        again = nanoTime.getAsLong() + pause.toNanos();
    }

    void succeeded() {
        failing = false;
        backoff.succeeded();
    }
}
