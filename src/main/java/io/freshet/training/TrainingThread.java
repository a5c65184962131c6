package io.freshet.training;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.util.FlinkRuntimeException;
import org.apache.flink.util.function.ThrowingConsumer;
import org.apache.flink.util.function.ThrowingRunnable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread beside the task's. Results come back as mails, so everything but the work itself
 * happens on the task thread, and the task never waits.
 */
final class TrainingThread {

    private static final Logger LOG = LoggerFactory.getLogger(TrainingThread.class);

    /**
     * With {@link #SHORT_CLOSE} below Flink's default task.cancellation.timeout of 180 s, which
     * kills the process.
     */
    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(120);

    private static final Duration SHORT_CLOSE = Duration.ofSeconds(10);

    private final MailboxExecutor mailbox;
    private final Runnable storeFailed;
    private final ScheduledThreadPoolExecutor executor;
    private volatile boolean stopped;

    /**
     * @param storeFailed called on the task thread whenever work that persists has failed
     */
    TrainingThread(String name, MailboxExecutor mailbox, Runnable storeFailed) {
        this.mailbox = mailbox;
        this.storeFailed = storeFailed;
        this.executor =
                new ScheduledThreadPoolExecutor(
                        1,
                        runnable -> {
                            Thread thread = new Thread(runnable, name);
                            thread.setDaemon(true);
                            return thread;
                        });
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** Work that reads and writes model versions. */
    @FunctionalInterface
    interface Work<T> {
        T call() throws IOException;
    }

    /** Whether {@link #close} was called; to be asked between the steps of long work. */
    boolean stopped() {
        return stopped;
    }

    /**
     * Runs work after what is running; result or failure comes back on the task thread.
     *
     * @return its only attempt
     */
    <T> Attempts run(Work<T> call, ThrowingConsumer<T, Exception> done) {
        run(Duration.ZERO, call, done);
        return new Attempts();
    }

    /**
     * Runs work that needs the model store until the store lets it: when it fails it is tried again
     * after a pause that grows, and other work gets its turn meanwhile.
     */
    <T> Attempts persist(Work<T> call, ThrowingConsumer<T, Exception> done) {
        Attempts attempts = new Attempts();
        attempt(attempts, call, done);
        return attempts;
    }

    /**
     * Ends the thread: work stops at its next step, then {@code cleanup} runs on the thread. More
     * work is not taken.
     */
    void close(Runnable cleanup) throws InterruptedException {
        close(cleanup, LONGEST_CLOSE);
    }

    /** Ends a thread whose work is short, when what was asked of it at once is done. */
    void close() throws InterruptedException {
        close(() -> {}, SHORT_CLOSE);
    }

    private void close(Runnable cleanup, Duration longest) throws InterruptedException {
        stopped = true;
        executor.execute(cleanup);
        executor.shutdown();
        if (!executor.awaitTermination(longest.toMillis(), TimeUnit.MILLISECONDS)) {
            LOG.error("Work did not stop within {}; its last step is leaked", longest);
        }
    }

    private <T> void attempt(Attempts attempts, Work<T> call, ThrowingConsumer<T, Exception> done) {
        Work<ThrowingRunnable<Exception>> attempt =
                () -> {
                    try {
                        T result = call.call();
                        return () -> done.accept(result);
                    } catch (IOException e) {
                        return () -> attemptAgain(e, attempts, call, done);
                    }
                };
        run(Duration.ZERO, attempt, ThrowingRunnable::run);
    }

    private <T> void attemptAgain(
            IOException found,
            Attempts attempts,
            Work<T> call,
            ThrowingConsumer<T, Exception> done) {
        Duration pause = attempts.failed();
        LOG.error(
                "Fine-tuning waits for the model store, and tries again in {}: {}",
                pause,
                found.toString());
        run(
                pause,
                () -> attempts,
                waited -> {
                    if (waited.next()) {
                        attempt(attempts, call, done);
                    }
                });
        storeFailed.run();
    }

    private <T> void run(Duration pause, Work<T> call, ThrowingConsumer<T, Exception> done) {
        if (stopped) {
            return;
        }
        FutureTask<T> work = new FutureTask<>(call::call);
        Runnable turn =
                () -> {
                    work.run();
                    try {
                        mailbox.execute(() -> deliver(work, done), "training result");
                    } catch (RejectedExecutionException e) {
                        LOG.debug("The task has ended, its training result is dropped", e);
                    }
                };
        ScheduledFuture<?> unused =
                executor.schedule(turn, pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static <T> void deliver(FutureTask<T> work, ThrowingConsumer<T, Exception> done)
            throws Exception {
        T result;
        try {
            result = work.get();
        } catch (ExecutionException e) {
            throw new FlinkRuntimeException("Training failed: " + e.getCause(), e.getCause());
        }
        done.accept(result);
    }
}
