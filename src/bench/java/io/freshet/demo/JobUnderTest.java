package io.freshet.demo;

import io.freshet.FreshetJob;
import io.freshet.config.EncoderConfig;
import io.freshet.config.FreshetConfig;
import io.freshet.config.KafkaConfig;
import io.freshet.config.StoreConfig;
import io.freshet.demo.shop.ShopRecord;
import io.freshet.event.Interaction;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import org.apache.commons.math3.distribution.ZipfDistribution;
import org.apache.commons.math3.random.Well19937c;
import org.apache.flink.configuration.Configuration;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The whole job on an embedded broker and cluster, and made-up interactions for it: {@value #USERS}
 * users and {@value #ITEMS} items without texts, both Zipf distributed, one every two seconds of
 * event time.
 */
final class JobUnderTest implements AutoCloseable {

    private static final int USERS = 20_000;
    private static final int ITEMS = 4_000;
    private static final double SKEW = 1;
    private static final long FIRST_MILLIS = 1_700_000_000_000L;
    private static final long STEP_MILLIS = 2_000;
    private static final String GROUP = "benchmark";

    private final TemporaryDirectory directory;
    private final EmbeddedKafka kafka;
    private final DemoCluster cluster;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Admin admin;
    private final RecordWriter writer;
    private final KafkaConfig topics;
    private final ZipfDistribution users = new ZipfDistribution(new Well19937c(1), USERS, SKEW);
    private final ZipfDistribution items = new ZipfDistribution(new Well19937c(2), ITEMS, SKEW);
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private long sent;

    /**
     * Starts it.
     *
     * @param given options besides what it needs to run here
     */
    JobUnderTest(Configuration given) throws Exception {
        directory = TemporaryDirectory.create("benchmark");
        kafka = EmbeddedKafka.startUnhooked();
        Configuration options = new Configuration(given);
        options.set(KafkaConfig.BOOTSTRAP_SERVERS, kafka.bootstrapServers());
        options.set(KafkaConfig.GROUP_ID, GROUP);
        options.set(StoreConfig.PATH, directory.path().resolve("models").toUri().toString());
        options.set(EncoderConfig.ENABLED, false);
        topics = FreshetConfig.from(options).kafka();
        Demo.createTopics(kafka, topics);
        cluster = new DemoCluster(directory.path(), Demo.PARALLELISM, 0);
        cluster.start();
        cluster.submit(FreshetJob::build, options, end);
        producer =
                new KafkaProducer<>(client(), new ByteArraySerializer(), new ByteArraySerializer());
        admin = Admin.create(client());
        writer = new RecordWriter(topics);
    }

    /** Properties of a client of its broker. */
    Properties client() {
        Properties properties = new Properties();
        properties.put("bootstrap.servers", kafka.bootstrapServers());
        return properties;
    }

    KafkaConfig topics() {
        return topics;
    }

    /** Sends an interaction of some user. */
    void send() {
        send("user-" + users.sample());
    }

    /** Sends an interaction of a user. */
    synchronized void send(String user) {
        long time = FIRST_MILLIS + STEP_MILLIS * sent;
        String item = "item-" + items.sample();
        Interaction interaction =
                new Interaction("event-" + sent++, user, item, "", Float.NaN, time, 0, 0);
        var unused = producer.send(writer.write(new ShopRecord.Sale(time, interaction, false)));
    }

    /** Whether a checkpoint has committed all that was sent, and so what came of it. */
    boolean hasCommittedAll() throws Exception {
        if (end.isDone()) {
            end.get();
        }
        producer.flush();
        long committed =
                admin
                        .listConsumerGroupOffsets(GROUP)
                        .partitionsToOffsetAndMetadata()
                        .get()
                        .entrySet()
                        .stream()
                        .filter(each -> each.getKey().topic().equals(topics.interactionsTopic()))
                        .map(Map.Entry::getValue)
                        .mapToLong(offset -> offset == null ? 0 : offset.offset())
                        .sum();
        return committed >= sent;
    }

    @Override
    public void close() throws Exception {
        producer.close();
        admin.close();
        cluster.close();
        kafka.close();
        directory.close();
    }
}
