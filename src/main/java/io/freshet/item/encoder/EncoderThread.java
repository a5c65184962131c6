package io.freshet.item.encoder;

import io.freshet.item.PendingItemState;
import io.freshet.model.TextEncoder;
import io.freshet.model.TextEncoderRuntime;
import io.freshet.model.TextIsolation;
import io.freshet.runtime.BackgroundThread;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.util.function.ThrowingConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A text encoder on a thread of its own, which loads it for the first text. */
final class EncoderThread implements AutoCloseable {

    /**
     * Encoded texts.
     *
     * @param vectors by text; empty for what can't be encoded
     * @param refused number of those
     * @param millis how long the encoder ran
     */
    record Encoded(float[][] vectors, int refused, long millis) {}

    private static final Logger LOG = LoggerFactory.getLogger(EncoderThread.class);

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
                () -> encodeNow(items),
                done);
    }

    private Encoded encodeNow(List<PendingItemState> items) throws IOException {
        if (encoder == null) {
            encoder = runtime.load();
        }
        long start = System.nanoTime();
        TextIsolation isolation =
                new TextIsolation(
                        encoder,
                        (index, cause) ->
                                LOG.warn(
                                        "The text of item '{}' can't be encoded: it goes without"
                                                + " the text's vector until its text changes",
                                        items.get(index).itemId,
                                        cause));
        float[][] vectors = isolation.encode(items.stream().map(item -> item.text).toList());
        int refused = 0;
        for (float[] vector : vectors) {
            refused += vector.length == 0 ? 1 : 0;
            if (vector.length != 0 && vector.length != runtime.width()) {
                throw new IllegalStateException(
                        "The encoder %s returned a vector of width %s, expected %s"
                                .formatted(runtime.name(), vector.length, runtime.width()));
            }
        }
        return new Encoded(
                vectors, refused, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
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
