package io.freshet.item.encoder;

import io.freshet.model.TextEncoder;
import io.freshet.model.TextEncoderRuntime;
import java.io.Serial;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;

/**
 * Returns a different vector for each text, and records its batches. It runs when a test allows it.
 */
final class TestingTextEncoder implements TextEncoderRuntime, TextEncoder {

    /** A text with this can't be encoded. */
    static final String POISON = "poison";

    static final int WIDTH = 3;

    @Serial private static final long serialVersionUID = 1L;

    private final String name;
    private final CopyOnWriteArrayList<List<String>> batches = new CopyOnWriteArrayList<>();
    private final Semaphore allowed = new Semaphore(0);
    private final Semaphore begun = new Semaphore(0);
    private volatile boolean closed;
    private boolean failing;

    private TestingTextEncoder(String name) {
        this.name = name;
    }

    /** An encoder that waits for {@link #allow}. */
    static TestingTextEncoder waiting() {
        return new TestingTextEncoder("testing");
    }

    /** An encoder that never waits. */
    static TestingTextEncoder eager() {
        return eager("testing");
    }

    static TestingTextEncoder eager(String name) {
        TestingTextEncoder encoder = new TestingTextEncoder(name);
        encoder.allow(1_000_000);
        return encoder;
    }

    /** An encoder that fails on any text. */
    static TestingTextEncoder failing() {
        TestingTextEncoder encoder = eager();
        encoder.failing = true;
        return encoder;
    }

    void allow(int moreBatches) {
        allowed.release(moreBatches);
    }

    /** Waits until the encoder has begun the next batch. */
    void awaitBatch() {
        begun.acquireUninterruptibly();
    }

    List<List<String>> batches() {
        return batches;
    }

    List<String> texts() {
        return batches.stream().flatMap(List::stream).toList();
    }

    boolean closed() {
        return closed;
    }

    static float[] vectorOf(String text) {
        return new float[] {text.hashCode(), text.length(), 1};
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int width() {
        return WIDTH;
    }

    @Override
    public TextEncoder load() {
        return this;
    }

    @Override
    public float[][] encode(List<String> texts) {
        batches.add(texts);
        begun.release();
        allowed.acquireUninterruptibly();
        if (failing) {
            throw new IllegalStateException("broken");
        }
        if (texts.stream().anyMatch(text -> text.contains(POISON))) {
            throw new IllegalArgumentException("found " + POISON);
        }
        return texts.stream().map(TestingTextEncoder::vectorOf).toArray(float[][]::new);
    }

    @Override
    public void close() {
        closed = true;
    }
}
