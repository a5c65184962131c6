package io.freshet.item.encoder;

import io.freshet.item.PendingItemState;
import io.freshet.model.TextEncoder;
import io.freshet.model.TextEncoderRuntime;
import io.freshet.runtime.BackgroundThread;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.util.function.ThrowingConsumer;
import org.jspecify.annotations.Nullable;

/** A text encoder on a thread of its own, which loads it for the first text. */
final class EncoderThread implements AutoCloseable {

    /**
     * Encoded texts.
     *
     * @param vectors by text
     * @param millis how long the encoder ran
     */
    record Encoded(float[][] vectors, long millis) {}

    private final TextEncoderRuntime runtime;
    private final BackgroundThread thread;

    /** Used by the thread alone. */
    private @Nullable TextEncoder encoder;

    EncoderThread(TextEncoderRuntime runtime, MailboxExecutor mailbox) {
        this.runtime = runtime;
        thread = new BackgroundThread("text-encoder", mailbox);
    }

    /** Encodes the texts of items in the background; {@code done} runs on the task thread. */
    void encode(List<PendingItemState> items, ThrowingConsumer<Encoded, Exception> done) {
        thread.run(
                "Encoding of the items " + items.stream().map(item -> item.itemId).toList(),
                () -> encodeNow(items.stream().map(item -> item.text).toList()),
                done);
    }

    private Encoded encodeNow(List<String> texts) throws IOException {
        if (encoder == null) {
            encoder = runtime.load();
        }
        long start = System.nanoTime();
        float[][] vectors = encoder.encode(texts);
        for (float[] vector : vectors) {
            if (vector.length != runtime.width()) {
                throw new IllegalStateException(
                        "The encoder %s returned a vector of width %s, expected %s"
                                .formatted(runtime.name(), vector.length, runtime.width()));
            }
        }
        return new Encoded(vectors, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
    }

    /** Lets a running batch end, because native calls can't be interrupted; frees the encoder. */
    @Override
    public void close() throws InterruptedException {
        thread.close(
                () -> {
                    if (encoder != null) {
                        encoder.close();
                    }
                });
    }
}
