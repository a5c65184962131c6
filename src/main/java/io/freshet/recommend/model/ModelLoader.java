package io.freshet.recommend.model;

import static java.util.Objects.requireNonNull;

import io.freshet.event.ModelRevision;
import io.freshet.model.RecommenderModel;
import io.freshet.model.WeightChanges;
import io.freshet.runtime.BackgroundThread;
import java.io.IOException;
import java.util.List;
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
     * @param updates how many updates the changes are of
     */
    public record Loaded(
            Target target,
            @Nullable ModelRevision from,
            @Nullable WeightChanges changes,
            int updates,
            @Nullable RecommenderModel model,
            @Nullable IOException failure) {}

    /** What is to be read; each is another. */
    private static final class Request {

        private final @Nullable LiveModel live;
        private final @Nullable ModelRevision from;
        private final Target target;

        private Request(@Nullable LiveModel live, Target target) {
            this.live = live;
            from = live == null ? null : live.revision();
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
    public void load(@Nullable LiveModel live, Target target) {
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
        ModelRevision from = request.from;
        Target target = request.target;
        try {
            requireWanted(request);
            List<WeightChanges> updates = updates(request);
            if (!updates.isEmpty()) {
                WeightChanges changes = updates.stream().reduce(WeightChanges::then).orElseThrow();
                prepare(request, changes);
                return new Loaded(target, from, changes, updates.size(), null, null);
            }
            RecommenderModel model = load(target.revision());
            owned.add(model);
            requireWanted(request);
            return new Loaded(target, from, null, 0, model, null);
        } catch (UnfitModelException | MissingStoreException e) {
            return new Loaded(target, from, null, 0, null, e);
        } catch (IOException | RuntimeException e) {
            // an engine throws exceptions of its own at a damaged model
            return new Loaded(target, from, null, 0, null, failure(target, e));
        }
    }

    /** What makes the live model the target; empty if no updates lead there. */
    private List<WeightChanges> updates(Request request) throws IOException {
        return request.from == null
                ? List.of()
                : source.changes(request.from, request.target.path()).orElse(List.of());
    }

    private static void prepare(Request request, WeightChanges changes) {
        try {
            requireNonNull(request.live).prepare(changes);
        } catch (IllegalArgumentException e) {
            LOG.debug("Their import will be refused for the same reason", e);
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
