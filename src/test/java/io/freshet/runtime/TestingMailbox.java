package io.freshet.runtime;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.util.function.ThrowingRunnable;

/** Keeps mails until the test, which is the task thread, runs them. */
final class TestingMailbox implements MailboxExecutor {

    private final LinkedBlockingQueue<ThrowingRunnable<? extends Exception>> mails =
            new LinkedBlockingQueue<>();
    private volatile boolean closed;

    /** Rejects later mails, as the mailbox of a task that ended. */
    void close() {
        closed = true;
    }

    /** Waits for the next mail, and runs it. */
    void runNext() throws Exception {
        ThrowingRunnable<? extends Exception> mail = mails.poll(30, TimeUnit.SECONDS);
        if (mail == null) {
            throw new AssertionError("no mail came");
        }
        mail.run();
    }

    boolean isEmpty() {
        return mails.isEmpty();
    }

    @Override
    public void execute(
            MailOptions options,
            ThrowingRunnable<? extends Exception> mail,
            String description,
            Object... arguments) {
        if (closed) {
            throw new RejectedExecutionException("closed");
        }
        mails.add(mail);
    }

    @Override
    public void yield() {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean tryYield() {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean shouldInterrupt() {
        return !isEmpty();
    }
}
