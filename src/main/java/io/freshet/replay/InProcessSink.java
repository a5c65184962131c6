package io.freshet.replay;

import java.io.Closeable;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;

/**
 * Hands outputs to a receiver in this process, which a cluster of this process can reach. (Flink's
 * own {@code collectAsync} polls through a socket, and complains when a local cluster is gone.)
 */
final class InProcessSink implements Sink<ReplayOutput> {

    private static final long serialVersionUID = 1L;
    private static final Map<String, Consumer<ReplayOutput>> RECEIVERS = new ConcurrentHashMap<>();

    private final String receiver;

    private InProcessSink(String receiver) {
        this.receiver = receiver;
    }

    /**
     * Makes outputs reach a receiver until it is closed.
     *
     * @param outputs called by one thread at a time if the sink has parallelism 1
     */
    static Receiver receive(Consumer<ReplayOutput> outputs) {
        String name = UUID.randomUUID().toString();
        RECEIVERS.put(name, outputs);
        return new Receiver(name);
    }

    @Override
    public SinkWriter<ReplayOutput> createWriter(WriterInitContext context) {
        Consumer<ReplayOutput> found = RECEIVERS.get(receiver);
        if (found == null) {
            throw new IllegalStateException(
                    "Receiver " + receiver + " is not in this process, or was closed");
        }
        return new Writer(found);
    }

    /** Who gets what the sink is given. */
    record Receiver(String name) implements Closeable {

        InProcessSink sink() {
            return new InProcessSink(name);
        }

        @Override
        public void close() {
            RECEIVERS.remove(name);
        }
    }

    private record Writer(Consumer<ReplayOutput> outputs) implements SinkWriter<ReplayOutput> {

        @Override
        public void write(ReplayOutput output, Context context) {
            outputs.accept(output);
        }

        @Override
        public void flush(boolean endOfInput) {}

        @Override
        public void close() {}
    }
}
