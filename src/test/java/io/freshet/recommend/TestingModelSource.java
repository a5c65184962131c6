package io.freshet.recommend;

import io.freshet.event.ModelCheckpoint;
import io.freshet.model.RecommenderModel;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** Gives {@link TestingModel}s; a version can be held back, or be missing. */
final class TestingModelSource implements ModelSource {

    private static final long serialVersionUID = 1L;

    private final String[] items;
    final transient List<TestingModel> loaded = new CopyOnWriteArrayList<>();
    private final transient Map<Long, CountDownLatch> held = new ConcurrentHashMap<>();
    private final transient Map<Long, IOException> missing = new ConcurrentHashMap<>();

    TestingModelSource(String... items) {
        this.items = items.clone();
    }

    void hold(long version) {
        held.put(version, new CountDownLatch(1));
    }

    void release(long version) {
        Objects.requireNonNull(held.get(version)).countDown();
    }

    void lose(long version, String found) {
        missing.put(version, new IOException(found));
    }

    void find(long version) {
        missing.remove(version);
    }

    @Override
    public RecommenderModel load(ModelCheckpoint checkpoint) throws IOException {
        long version = checkpoint.version();
        CountDownLatch latch = held.get(version);
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
        IOException found = missing.get(version);
        if (found != null) {
            throw found;
        }
        TestingModel model = new TestingModel(version, items);
        loaded.add(model);
        return model;
    }
}
