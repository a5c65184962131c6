package io.freshet.demo;

import io.freshet.demo.shop.Feed;
import io.freshet.demo.shop.Feed.Ahead;
import io.freshet.demo.shop.ShopRecord;
import io.freshet.demo.view.Dashboard;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Sends a feed to the topics: its history at once, the rest when it is due. */
final class Feeder implements AutoCloseable {

    private static final Duration TICK = Duration.ofMillis(20);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Feed feed;
    private final RecordWriter writer;
    private final Dashboard dashboard;
    private final CompletableFuture<Void> end;
    private final Producer<byte[], byte[]> producer;
    private final Worker worker;

    /**
     * @param brokers bootstrap servers
     * @param end completed exceptionally when something can't be sent
     */
    Feeder(
            Feed feed,
            String brokers,
            RecordWriter writer,
            Dashboard dashboard,
            CompletableFuture<Void> end) {
        this.feed = feed;
        this.writer = writer;
        this.dashboard = dashboard;
        this.end = end;
        this.worker = new Worker("demo-feeder", TICK, end);
        this.producer =
                new KafkaProducer<>(
                        Map.of(
                                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                                brokers,
                                ProducerConfig.LINGER_MS_CONFIG,
                                5,
                                ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                                EmbeddedKafka.MAX_RECORD_BYTES),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
    }

    /**
     * Sends the history, and waits until the broker has it.
     *
     * @return number of interaction records on the fullest partition
     */
    long sendHistory() {
        Map<Integer, Long> counts = new ConcurrentHashMap<>();
        for (ShopRecord record : feed.history()) {
            boolean counted = !(record instanceof ShopRecord.Announcement);
            var unused =
                    producer.send(
                            writer.write(record),
                            (metadata, problem) -> {
                                check(metadata, problem);
                                if (counted && problem == null) {
                                    counts.merge(metadata.partition(), 1L, Long::sum);
                                }
                            });
            dashboard.sentHistory(record);
        }
        // callbacks run on one thread of the producer, all of them before flush returns
        producer.flush();
        return counts.values().stream().mapToLong(Long::longValue).max().orElse(0);
    }

    /** Goes live. */
    void start() {
        Pacer pacer = new Pacer(feed);
        long started = System.nanoTime();
        worker.start(() -> tick(pacer, started));
    }

    @Override
    public void close() {
        worker.close();
        producer.close(PATIENCE);
    }

    private boolean tick(Pacer pacer, long started) {
        boolean more = pacer.release(System.nanoTime() - started, this::send);
        if (!more) {
            dashboard.ended();
        }
        return more;
    }

    private void send(ShopRecord record) {
        var unused = producer.send(writer.write(record), this::check);
        dashboard.sent(record);
    }

    private void check(@Nullable RecordMetadata metadata, @Nullable Exception problem) {
        if (problem != null) {
            end.completeExceptionally(problem);
        }
    }

    /** Releases each record of a feed when it is due. Not thread-safe. */
    static final class Pacer {

        private static final double NANOS_PER_MILLI = 1e6;

        private final Ahead<ShopRecord> records;
        private final double speedUp;
        private final long liveFrom;

        Pacer(Feed feed) {
            this.records = new Ahead<>(feed.live());
            this.speedUp = feed.speedUp();
            this.liveFrom = feed.liveFrom();
        }

        /**
         * Hands on, in order, every record that is due.
         *
         * @param elapsedNanos real time since the feed went live
         * @return whether there are more to come
         */
        boolean release(long elapsedNanos, Consumer<ShopRecord> receiver) {
            double shopNow = liveFrom + elapsedNanos / NANOS_PER_MILLI * speedUp;
            while (records.hasNext()) {
                if (records.peek().arrival() > shopNow) {
                    return true;
                }
                receiver.accept(records.next());
            }
            return false;
        }
    }
}
