package io.freshet.training.learn;

import java.util.Iterator;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Makes the next element on a thread of its own while the caller is at the one before. Elements are
 * the same and in the same order as without, because one thread makes them one after another.
 */
final class Prefetch<T> implements AutoCloseable {

    private final Iterator<T> source;
    private final ExecutorService maker;
    private Future<@Nullable T> next;

    /**
     * Starts with the first element.
     *
     * @param source used by the other thread alone until this is closed
     */
    Prefetch(Iterator<T> source) {
        this.source = source;
        this.maker =
                Executors.newSingleThreadExecutor(
                        work -> {
                            Thread thread = new Thread(work, "freshet-prefetch");
                            thread.setDaemon(true);
                            return thread;
                        });
        this.next = maker.submit(this::make);
    }

    /** The next element, or null behind the last. What the source throws is thrown here. */
    @Nullable T next() {
        try {
            T made = next.get();
            if (made != null) {
                next = maker.submit(this::make);
            }
            return made;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("Interrupted while the next batch was made");
        }
    }

    private @Nullable T make() {
        return source.hasNext() ? source.next() : null;
    }

    /** Waits for the element that is being made, so that nobody uses the source any more. */
    @Override
    public void close() {
        maker.shutdown();
        boolean interrupted = false;
        while (!next.isDone()) {
            try {
                next.get();
            } catch (ExecutionException e) {
                break; // nobody asks for it
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
