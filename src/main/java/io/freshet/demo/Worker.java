package io.freshet.demo;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A thread that does something again and again, until it is done or closed. */
final class Worker implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final String name;
    private final Duration pause;
    private final CompletableFuture<Void> end;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final CountDownLatch finished = new CountDownLatch(1);
    private boolean started;

    /**
     * @param pause between two times
     * @param end completed exceptionally when it breaks down
     */
    Worker(String name, Duration pause, CompletableFuture<Void> end) {
        this.name = name;
        this.pause = pause;
        this.end = end;
    }

    /**
     * Starts the thread, once.
     *
     * @param body returns whether there is more to do
     */
    void start(BooleanSupplier body) {
        Thread thread = new Thread(() -> run(body), name);
        thread.setDaemon(true);
        thread.setUncaughtExceptionHandler((self, problem) -> end.completeExceptionally(problem));
        started = true;
        thread.start();
    }

    /** Waits for what is being done at the moment, and ends. */
    @Override
    public void close() {
        closed.countDown();
        if (started) {
            await(finished, PATIENCE);
        }
    }

    private void run(BooleanSupplier body) {
        try {
            boolean more = true;
            while (more && !await(closed, pause)) {
                more = body.getAsBoolean();
            }
        } finally {
            finished.countDown();
        }
    }

    private static boolean await(CountDownLatch latch, Duration time) {
        try {
            return latch.await(time.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
