package io.freshet.recommend.model;

import io.freshet.event.ModelRevision;
import io.freshet.model.RecommenderModel;
import io.freshet.model.WeightChanges;
import io.freshet.runtime.BackgroundThread;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.util.function.ThrowingConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads models and their updates on a thread of its own, so that the task's thread goes on. All
 * methods are called on the task's thread; whoever receives a model owns it, the loader the others.
 *
 * <p>At most one thing is being read and one waits for it: the newest. What it supersedes is freed
 * as soon as it is read, so there are never more than the live model and one other.
 */
public final class ModelLoader implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ModelLoader.class);

    private final ModelSource source;
    private final BackgroundThread thread;
    private final ThrowingConsumer<Loaded, Exception> ready;
    private final Set<RecommenderModel> owned = ConcurrentHashMap.newKeySet();
    private boolean reading;
    private volatile @Nullable Request wanted;

    /**
     * @param ready receives, on the task's thread, what was read and not superseded
     */
    public ModelLoader(
            ModelSource source,
            MailboxExecutor mailbox,
            ThrowingConsumer<Loaded, Exception> ready) {
        this.source = source;
        this.ready = ready;
        thread = new BackgroundThread("freshet-model-loader", mailbox);
    }

    /**
     * What was read: changes of the live model, or a whole model, or else why neither could be.
     *
     * @param from the live model that {@code changes} build on
     */
    public record Loaded(
            Target target,
            @Nullable ModelRevision from,
            List<WeightChanges> changes,
            @Nullable RecommenderModel model,
            @Nullable IOException failure) {}

    /** What is to be read; each is another. */
    private static final class Request {

        private final @Nullable ModelRevision live;
        private final Target target;

        private Request(@Nullable ModelRevision live, Target target) {
            this.live = live;
            this.target = target;
        }
    }

    /** Whether something is being read. */
    public boolean loading() {
        return wanted != null;
    }

    /**
     * Starts to read what makes the live model the target, in place of what is being read: its
     * updates if they lead there, else the whole model.
     *
     * @param live null if there is none
     */
    public void load(@Nullable ModelRevision live, Target target) {
        Request request = new Request(live, target);
        wanted = request;
        if (!reading) {
            start(request);
        }
    }

    private void start(Request request) {
        reading = true;
        thread.run(() -> read(request), loaded -> deliver(request, loaded));
    }

    /** Gives up what is being read. */
    public void cancel() {
        wanted = null;
    }

    /**
     * Loads a whole model and waits for it, on the calling thread.
     *
     * @throws IOException if it could not be loaded, with its version
     */
    public RecommenderModel loadNow(Target target) throws IOException {
        try {
            return load(target.revision());
        } catch (UnfitModelException | MissingStoreException e) {
            throw e;
        } catch (IOException e) {
            throw failure(target, e);
        }
    }

    private RecommenderModel load(ModelRevision revision) throws IOException {
        RecommenderModel model = source.load(revision);
        try {
            LiveModel.check(revision, model);
        } catch (UnfitModelException | RuntimeException e) {
            model.close();
            throw e;
        }
        return model;
    }

    private Loaded read(Request request) {
        ModelRevision live = request.live;
        Target target = request.target;
        try {
            requireWanted(request);
            Optional<List<WeightChanges>> changes =
                    live == null ? Optional.empty() : source.changes(live, target.path());
            if (changes.isPresent()) {
                return new Loaded(target, live, changes.get(), null, null);
            }
            RecommenderModel model = load(target.revision());
            owned.add(model);
            requireWanted(request);
            return new Loaded(target, live, List.of(), model, null);
        } catch (UnfitModelException | MissingStoreException e) {
            return new Loaded(target, live, List.of(), null, e);
        } catch (IOException | RuntimeException e) {
            // an engine throws exceptions of its own at a damaged model
            return new Loaded(target, live, List.of(), null, failure(target, e));
        }
    }

    private void requireWanted(Request request) throws IOException {
        if (request != wanted || thread.stopped()) {
            free();
            throw new IOException("it was superseded");
        }
    }

    /** Frees what was read and nobody has received. */
    private void free() {
        owned.forEach(RecommenderModel::close);
        owned.clear();
    }

    private static IOException failure(Target target, Exception found) {
        ModelRevision revision = target.revision();
        String what =
                revision.hasUpdates()
                        ? "Update %d of version %d".formatted(revision.update(), revision.version())
                        : "Version %d".formatted(revision.version());
        return new IOException("%s can't be loaded: %s".formatted(what, found), found);
    }

    private void deliver(Request request, Loaded loaded) throws Exception {
        reading = false;
        RecommenderModel model = loaded.model();
        if (model != null) {
            owned.remove(model);
        }
        Request next = wanted;
        if (request == next) {
            wanted = null;
            ready.accept(loaded);
            return;
        }
        LOG.info("Version {} is superseded", request.target.revision().version());
        if (model != null) {
            model.close();
        }
        if (next != null) {
            start(next);
        }
    }

    /** Waits for a load in progress, which can't be interrupted in native code, and frees it. */
    @Override
    public void close() throws InterruptedException {
        wanted = null;
        thread.close(this::free);
    }
}
