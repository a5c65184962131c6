package io.freshet.training.version;

import java.util.concurrent.FutureTask;
import java.util.concurrent.RunnableFuture;
import org.apache.flink.util.concurrent.FutureUtils;
import org.apache.flink.util.function.RunnableWithException;

/**
 * A savepoint's state, which is not written before the version that it points to is marked as kept.
 * Flink runs it beside the task; if it fails the savepoint does, with the reason, and the job goes
 * on. If Flink gives it up meanwhile, the mark that was just made goes again.
 */
final class SavepointFuture<T> extends FutureTask<T> {

    private final RunnableFuture<T> state;
    private final Runnable release;

    SavepointFuture(RunnableWithException mark, Runnable release, RunnableFuture<T> state) {
        super(
                () -> {
                    mark.run();
                    return FutureUtils.runIfNotDoneAndGet(state);
                });
        this.state = state;
        this.release = release;
    }

    @Override
    public void run() {
        super.run();
        if (isCancelled()) {
            release.run();
        }
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        state.cancel(mayInterruptIfRunning);
        return super.cancel(mayInterruptIfRunning);
    }
}
