package io.freshet.model;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes {@link TestingModel}s. Training can be held at a step, also after serialization. */
public final class TestingModelRuntime implements ModelRuntime {

    private static final long serialVersionUID = 1L;
    private static final Map<String, Barrier> BARRIERS = new ConcurrentHashMap<>();
    private static final Map<String, AtomicInteger> STEPS = new ConcurrentHashMap<>();

    private static final long PAUSE_MILLIS = 2;

    private final String name;
    private final boolean exportsChanges;

    /** A runtime whose training never waits. */
    public TestingModelRuntime() {
        this("");
    }

    private TestingModelRuntime(String name, boolean exportsChanges) {
        this.name = name;
        this.exportsChanges = exportsChanges;
    }

    /** A runtime whose models give neither changes nor content, as those of early releases. */
    public static TestingModelRuntime withoutExport() {
        return new TestingModelRuntime("", false);
    }

    /**
     * @param name of the barrier that training waits at, if it is up
     */
    public TestingModelRuntime(String name) {
        this(name, true);
    }

    /** Where training waits. */
    public static final class Barrier {
        private final CountDownLatch reached = new CountDownLatch(1);
        private final CountDownLatch open = new CountDownLatch(1);

        /** Blocks until training has reached its next step. */
        public void awaitReached() throws InterruptedException {
            reached.await();
        }

        /** Whether training has reached its next step, waited for as long as one pause. */
        public boolean isReached() throws InterruptedException {
            return reached.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        }

        /** Lets training go on. */
        public void open() {
            open.countDown();
        }
    }

    /** Puts a barrier before the next training step of all models of a name. */
    public static Barrier hold(String name) {
        Barrier barrier = new Barrier();
        BARRIERS.put(name, barrier);
        return barrier;
    }

    /** Training steps of all models of a name so far. */
    public static int steps(String name) {
        return STEPS.getOrDefault(name, new AtomicInteger()).get();
    }

    @Override
    public RecommenderModel create(ModelSpec spec) {
        return new TestingModel(this, spec.length(), spec.featureWidth());
    }

    @Override
    public RecommenderModel load(Path directory) throws IOException {
        return TestingModel.load(this, directory);
    }

    boolean exportsChanges() {
        return exportsChanges;
    }

    void pass() {
        STEPS.computeIfAbsent(name, key -> new AtomicInteger()).incrementAndGet();
        Barrier barrier = BARRIERS.get(name);
        if (barrier == null) {
            return;
        }
        barrier.reached.countDown();
        try {
            barrier.open.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        BARRIERS.remove(name, barrier);
    }
}
