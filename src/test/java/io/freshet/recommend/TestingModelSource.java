package io.freshet.recommend;

import io.freshet.event.ModelRevision;
import io.freshet.event.ModelUpdate;
import io.freshet.model.FloatTensor;
import io.freshet.model.RecommenderModel;
import io.freshet.model.WeightChanges;
import io.freshet.recommend.model.MissingStoreException;
import io.freshet.recommend.model.ModelSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/**
 * A model store in memory, of {@link TestingModel}s and updates; a version or an update can be held
 * back, be missing, or score with NaN.
 */
public final class TestingModelSource implements ModelSource {

    private static final long serialVersionUID = 1L;

    private record Entry(ModelUpdate update, WeightChanges changes) {}

    private final String[] items;

    /** Models that were loaded, oldest first. */
    public final transient List<TestingModel> loaded = new CopyOnWriteArrayList<>();

    /** Updates that were read one by one, oldest first. */
    public final transient List<ModelRevision> read = new CopyOnWriteArrayList<>();

    private final transient Map<ModelRevision, Entry> log = new ConcurrentHashMap<>();
    private final transient Map<ModelRevision, CountDownLatch> held = new ConcurrentHashMap<>();
    private final transient Map<ModelRevision, CountDownLatch> reading = new ConcurrentHashMap<>();
    private final transient Map<ModelRevision, IOException> missing = new ConcurrentHashMap<>();
    private final transient Map<Long, Float> offsets = new ConcurrentHashMap<>();

    public TestingModelSource(String... items) {
        this.items = items.clone();
    }

    /** Version {@code version} as it was written. */
    public static ModelRevision version(long version) {
        return ModelRevision.ofVersion(version, null);
    }

    /** Appends an update that adds an item behind the rows of its parent. */
    public ModelUpdate append(ModelRevision parent, long trainedThrough, String item) {
        int row = rows(parent);
        return append(parent, trainedThrough, 1, row + 1, new int[] {row}, item);
    }

    /** Appends an update that gives rows to items and adds an offset to all scores. */
    public ModelUpdate append(
            ModelRevision parent,
            long trainedThrough,
            float offset,
            int rows,
            int[] renamed,
            String... itemIds) {
        ModelRevision revision =
                parent.after(parent.update() + 1, "sha-" + log.size() + "-of-" + parent.version());
        ModelUpdate update = new ModelUpdate(revision, parent, trainedThrough, trainedThrough);
        FloatTensor none = new FloatTensor(new long[] {0, 0}, new float[0]);
        SortedMap<String, FloatTensor> dense =
                new TreeMap<>(Map.of("offset", new FloatTensor(new long[0], new float[] {offset})));
        WeightChanges changes =
                new WeightChanges(
                        rows, renamed, itemIds, renamed, none, renamed, new TreeMap<>(), dense);
        log.put(revision, new Entry(update, changes));
        return update;
    }

    private int rows(ModelRevision revision) {
        return revision.hasUpdates() ? entry(revision).changes.rows() : items.length + 1;
    }

    private Entry entry(ModelRevision revision) {
        return Objects.requireNonNull(log.get(revision), () -> revision + " is not in the log");
    }

    public void hold(ModelRevision revision) {
        reading.put(revision, new CountDownLatch(1));
        held.put(revision, new CountDownLatch(1));
    }

    /** Waits until what is held is being read. */
    public void awaitHeld(ModelRevision revision) throws InterruptedException {
        Objects.requireNonNull(reading.get(revision)).await();
    }

    public void release(ModelRevision revision) {
        Objects.requireNonNull(held.get(revision)).countDown();
    }

    public void lose(ModelRevision revision, String found) {
        missing.put(revision, new IOException(found));
    }

    /** The whole store is gone, and with it a version. */
    public void loseStore(ModelRevision revision) {
        missing.put(
                revision, new MissingStoreException("/models", new IOException("no such version")));
    }

    public void find(ModelRevision revision) {
        missing.remove(revision);
    }

    /** From now on a version's scores are all NaN. */
    public void poison(long version) {
        offsets.put(version, Float.NaN);
    }

    @Override
    public RecommenderModel load(ModelRevision revision) throws IOException {
        await(revision);
        require(revision.withoutUpdates());
        TestingModel model =
                new TestingModel(
                        revision.version(), offsets.getOrDefault(revision.version(), 0f), items);
        for (ModelRevision update : chain(revision)) {
            require(update);
            model.importChanges(entry(update).changes);
        }
        loaded.add(model);
        return model;
    }

    @Override
    public Optional<List<WeightChanges>> changes(ModelRevision from, ModelRevision to)
            throws IOException {
        List<ModelRevision> chain = chain(to);
        int next = from.equals(to.withoutUpdates()) ? 0 : chain.indexOf(from) + 1;
        if (chain.isEmpty()
                || (next == 0 && from.hasUpdates())
                || !from.withoutUpdates().equals(to.withoutUpdates())) {
            return Optional.empty();
        }
        await(to);
        List<WeightChanges> changes = new ArrayList<>();
        for (ModelRevision update : chain.subList(next, chain.size())) {
            require(update);
            changes.add(entry(update).changes);
            read.add(update);
        }
        return Optional.of(changes);
    }

    private List<ModelRevision> chain(ModelRevision revision) {
        List<ModelRevision> chain = new ArrayList<>();
        ModelRevision next = revision;
        while (next.hasUpdates()) {
            chain.add(0, next);
            next = entry(next).update.parent();
        }
        return chain;
    }

    private void require(ModelRevision revision) throws IOException {
        IOException found = missing.get(revision);
        if (found != null) {
            throw found;
        }
    }

    private void await(ModelRevision revision) {
        CountDownLatch latch = held.get(revision);
        if (latch != null) {
            Objects.requireNonNull(reading.get(revision)).countDown();
        }
        boolean interrupted = false;
        while (latch != null && latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                // like native code, which goes on
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
