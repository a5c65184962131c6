package io.freshet.runtime;

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
 * happens on the task thread, and the task never waits. All methods but {@link #stopped} are called
 * on the task thread.
 */
public final class BackgroundThread {

    private static final Logger LOG = LoggerFactory.getLogger(BackgroundThread.class);

    /**
     * With {@link #SHORT_CLOSE} below Flink's default task.cancellation.timeout of 180 s, which
     * kills the process.
     */
    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(120);

    private static final Duration SHORT_CLOSE = Duration.ofSeconds(10);

    private final String name;
    private final String storage;
    private final MailboxExecutor mailbox;
    private final Runnable storageFailed;
    private final ScheduledThreadPoolExecutor executor;
    private volatile boolean stopped;

    /**
     * A thread whose work is not tried again.
     *
     * @param name the thread's, and in messages
     */
    public BackgroundThread(String name, MailboxExecutor mailbox) {
        this(name, mailbox, "its storage", () -> {});
    }

    /**
     * @param name the thread's, and in messages
     * @param storage name of what {@link #persist} needs, in messages
     * @param storageFailed called on the task thread whenever an attempt of {@link #persist} has
     *     failed
     */
    public BackgroundThread(
            String name, MailboxExecutor mailbox, String storage, Runnable storageFailed) {
        this.name = name;
        this.mailbox = mailbox;
        this.storage = storage;
        this.storageFailed = storageFailed;
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

    /** Work for the thread; an {@link IOException} means that its storage failed. */
    @FunctionalInterface
    public interface Work<T> {
        T call() throws IOException;
    }

    /**
     * The attempts at work that needs the storage. While the next one is waited for, the work can
     * be given up. For the task thread only.
     */
    public static final class Attempts {

        private final RetryPolicy retry = new RetryPolicy();
        private boolean waiting;

        private Attempts() {}

        /**
         * Gives the work up, unless an attempt at it is running or queued.
         *
         * @return whether it is given up; if not, its result still comes
         */
        public boolean giveUp() {
            boolean given = waiting;
            waiting = false;
            return given;
        }

        private Duration failed() {
            waiting = true;
            return retry.failed();
        }

        /** Ends the wait for the next attempt; returns whether it is to be made. */
        private boolean next() {
            return giveUp();
        }
    }

    /** Whether {@link #close} was called; long work checks it between its steps. */
    public boolean stopped() {
        return stopped;
    }

    /**
     * Runs work after what is running; its result goes to {@code done} on the task thread, its
     * failure fails the task.
     *
     * @return its only attempt
     */
    public <T> Attempts run(Work<T> call, ThrowingConsumer<T, Exception> done) {
        return run(name, call, done);
    }

    /**
     * Runs work, as {@link #run(Work, ThrowingConsumer)}.
     *
     * @param what begins the message of a failure: "{@code what} failed: …"
     */
    public <T> Attempts run(String what, Work<T> call, ThrowingConsumer<T, Exception> done) {
        schedule(Duration.ZERO, what, call, done);
        return new Attempts();
    }

    /**
     * Runs work until the storage accepts it: after an {@link IOException} it is tried again when
     * the pause of a {@link RetryPolicy} is over, and other work gets its turn meanwhile. Any other
     * failure fails the task.
     */
    public <T> Attempts persist(Work<T> call, ThrowingConsumer<T, Exception> done) {
        Attempts attempts = new Attempts();
        attempt(attempts, call, done);
        return attempts;
    }

    /**
     * Ends the thread: work stops at its next step, then {@code cleanup} runs on the thread. Later
     * work is ignored.
     */
    public void close(Runnable cleanup) throws InterruptedException {
        close(cleanup, LONGEST_CLOSE);
    }

    /** Ends a thread whose work is short, after the work that it was given without a pause. */
    public void close() throws InterruptedException {
        close(() -> {}, SHORT_CLOSE);
    }

    private void close(Runnable cleanup, Duration longest) throws InterruptedException {
        stopped = true;
        executor.execute(cleanup);
        executor.shutdown();
        if (!executor.awaitTermination(longest.toMillis(), TimeUnit.MILLISECONDS)) {
            LOG.error("{} did not stop within {}; its last step is leaked", name, longest);
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
        schedule(Duration.ZERO, name, attempt, ThrowingRunnable::run);
    }

    private <T> void attemptAgain(
            IOException found,
            Attempts attempts,
            Work<T> call,
            ThrowingConsumer<T, Exception> done) {
        Duration pause = attempts.failed();
        LOG.error(
                "{} waits for {}, and tries again in {}: {}",
                name,
                storage,
                pause,
                found.toString());
        schedule(
                pause,
                name,
                () -> attempts,
                waited -> {
                    if (waited.next()) {
                        attempt(attempts, call, done);
                    }
                });
        storageFailed.run();
    }

    private <T> void schedule(
            Duration pause, String what, Work<T> call, ThrowingConsumer<T, Exception> done) {
        if (stopped) {
            return;
        }
        FutureTask<T> work = new FutureTask<>(call::call);
        Runnable turn =
                () -> {
                    work.run();
                    try {
                        mailbox.execute(() -> deliver(what, work, done), name);
                    } catch (RejectedExecutionException e) {
                        LOG.debug("The task has ended, a result of {} is dropped", name, e);
                    }
                };
        ScheduledFuture<?> unused =
                executor.schedule(turn, pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static <T> void deliver(
            String what, FutureTask<T> work, ThrowingConsumer<T, Exception> done) throws Exception {
        T result;
        try {
            result = work.get();
        } catch (ExecutionException e) {
            throw new FlinkRuntimeException(
                    "%s failed: %s".formatted(what, e.getCause()), e.getCause());
        }
        done.accept(result);
    }
}
