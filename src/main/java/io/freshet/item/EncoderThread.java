package io.freshet.item;

import io.freshet.model.TextEncoder;
import io.freshet.model.TextEncoderRuntime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.flink.util.concurrent.ExecutorThreadFactory;
import org.jspecify.annotations.Nullable;

/** A text encoder on a thread of its own, loaded there when the first text comes. */
final class EncoderThread implements AutoCloseable {

    /** Vectors and how long they took. */
    record Encoded(float[][] vectors, long millis) {}

    private static final long CLOSE_SECONDS = 20;

    private final TextEncoderRuntime runtime;
    private final ExecutorService executor;

    /** Touched by the thread alone. */
    private @Nullable TextEncoder encoder;

    EncoderThread(TextEncoderRuntime runtime) {
        this.runtime = runtime;
        executor = Executors.newSingleThreadExecutor(new ExecutorThreadFactory("text-encoder"));
    }

    /** Encodes texts in the background; fails with whatever the encoder or its loading threw. */
    CompletableFuture<Encoded> encode(List<String> texts) {
        return CompletableFuture.supplyAsync(() -> encodeHere(texts), executor);
    }

    private Encoded encodeHere(List<String> texts) {
        TextEncoder loaded = loaded();
        long start = System.nanoTime();
        float[][] vectors = loaded.encode(texts);
        for (float[] vector : vectors) {
            if (vector.length != runtime.width()) {
                throw new IllegalStateException(
                        "The encoder "
                                + runtime.name()
                                + " gave a vector of width "
                                + vector.length
                                + ", expected "
                                + runtime.width());
            }
        }
        return new Encoded(vectors, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
    }

    private TextEncoder loaded() {
        if (encoder == null) {
            try {
                encoder = runtime.load();
            } catch (IOException e) {
                throw new UncheckedIOException("Can't load the encoder " + runtime.name(), e);
            }
        }
        return encoder;
    }

    /** Lets the batch in hand come to its end, because native calls can't be interrupted. */
    @Override
    public void close() throws InterruptedException {
        executor.execute(this::unload);
        executor.shutdown();
        if (!executor.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException(
                    "The text encoder is busy with one batch for more than "
                            + CLOSE_SECONDS
                            + " s");
        }
    }

    private void unload() {
        if (encoder != null) {
            encoder.close();
        }
    }
}
