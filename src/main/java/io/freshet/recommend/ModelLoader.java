package io.freshet.recommend;

import io.freshet.event.ModelCheckpoint;
import io.freshet.model.RecommenderModel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads versions on a thread of its own, so that the task's thread goes on. All methods are called
 * on the task's thread; it owns every model that {@link #take} gives it, the loader the others.
 */
final class ModelLoader implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ModelLoader.class);
    private static final long CLOSE_SECONDS = 60;

    private final ModelSource source;
    private final Runnable ready;
    private final ExecutorService thread;
    private final List<Loading> outstanding = new ArrayList<>();
    private @Nullable Loading wanted;

    /**
     * @param ready called on the loader's thread when {@link #take} may have something to give; may
     *     reject when the task ends
     */
    ModelLoader(ModelSource source, Runnable ready) {
        this.source = source;
        this.ready = ready;
        thread =
                Executors.newSingleThreadExecutor(
                        work -> {
                            Thread loader = new Thread(work, "freshet-model-loader");
                            loader.setDaemon(true);
                            return loader;
                        });
    }

    /** Whether a version is on its way. */
    boolean loading() {
        return wanted != null;
    }

    /** Starts to load a version, in place of any that is on its way. */
    void load(ModelCheckpoint checkpoint) {
        Loading loading = new Loading(checkpoint);
        outstanding.add(loading);
        wanted = loading;
        thread.execute(loading);
    }

    /**
     * Takes the version that was loaded, or null if it is superseded by another on its way.
     *
     * @throws IOException if it could not be loaded, with the version and its path
     */
    @Nullable Loaded take() throws IOException, InterruptedException {
        Loading current = wanted;
        discardSuperseded();
        if (current == null || !current.isDone()) {
            return null;
        }
        wanted = null;
        outstanding.remove(current);
        try {
            return new Loaded(current.checkpoint, current.get());
        } catch (ExecutionException e) {
            throw failure(current.checkpoint, e.getCause() == null ? e : e.getCause());
        }
    }

    /**
     * Loads a version and waits for it, on the calling thread.
     *
     * @throws IOException if it could not be loaded, with the version and its path
     */
    Loaded loadNow(ModelCheckpoint checkpoint) throws IOException {
        try {
            return new Loaded(checkpoint, source.load(checkpoint));
        } catch (IOException e) {
            throw failure(checkpoint, e);
        }
    }

    private static IOException failure(ModelCheckpoint checkpoint, Throwable cause) {
        return new IOException(
                "Version %d at '%s' can't be loaded: %s"
                        .formatted(checkpoint.version(), checkpoint.path(), cause),
                cause);
    }

    private void discardSuperseded() throws InterruptedException {
        for (Loading loading : List.copyOf(outstanding)) {
            if (loading != wanted && loading.isDone()) {
                outstanding.remove(loading);
                discard(loading);
            }
        }
    }

    private static void discard(Loading loading) throws InterruptedException {
        try {
            loading.get().close();
        } catch (ExecutionException e) {
            LOG.warn(
                    "Version {} was superseded, and could not be loaded anyway",
                    loading.checkpoint.version(),
                    e);
        }
    }

    /** Waits for a load in progress, which can't be interrupted in native code, and frees it. */
    @Override
    public void close() throws InterruptedException {
        thread.shutdownNow();
        if (!thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
            LOG.warn("A model is still loading {} s after the task ended", CLOSE_SECONDS);
        }
        wanted = null;
        discardSuperseded();
    }

    /** A version in memory, not yet live. */
    record Loaded(ModelCheckpoint checkpoint, RecommenderModel model) {}

    private final class Loading extends FutureTask<RecommenderModel> {

        private final ModelCheckpoint checkpoint;

        Loading(ModelCheckpoint checkpoint) {
            super(() -> source.load(checkpoint));
            this.checkpoint = checkpoint;
        }

        @Override
        protected void done() {
            try {
                ready.run();
            } catch (RejectedExecutionException e) {
                LOG.info("Version {} was loaded when the task had ended", checkpoint.version());
            }
        }
    }
}
