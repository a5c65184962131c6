package io.freshet.demo;

import io.freshet.config.FreshetConfig;
import io.freshet.config.KafkaConfig;
import io.freshet.demo.shop.ShopRecord;
import io.freshet.event.Interaction;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;
import org.apache.commons.math3.distribution.ZipfDistribution;
import org.apache.commons.math3.random.Well19937c;
import org.apache.flink.configuration.Configuration;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * An embedded broker with the job's topics, and made-up interactions for whoever reads them:
 * {@value #USERS} users and {@value #ITEMS} items without texts, both Zipf distributed, one every
 * two seconds of event time.
 */
final class FedBroker implements AutoCloseable {

    /** Different items. */
    static final int ITEMS = 4_000;

    /** The consumer group whose offsets are looked at. */
    static final String GROUP = "benchmark";

    private static final int USERS = 20_000;
    private static final double SKEW = 1;
    private static final long FIRST_MILLIS = 1_700_000_000_000L;
    private static final long STEP_MILLIS = 2_000;
    private static final long POLL_MILLIS = 50;

    private final EmbeddedKafka kafka;
    private final KafkaConfig topics;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Admin admin;
    private final RecordWriter writer;
    private final ZipfDistribution users = new ZipfDistribution(new Well19937c(1), USERS, SKEW);
    private final ZipfDistribution items = new ZipfDistribution(new Well19937c(2), ITEMS, SKEW);
    private long sent;

    FedBroker() throws Exception {
        kafka = EmbeddedKafka.startUnhooked();
        topics = FreshetConfig.from(addTo(new Configuration())).kafka();
        Demo.createTopics(kafka, topics);
        producer =
                new KafkaProducer<>(client(), new ByteArraySerializer(), new ByteArraySerializer());
        admin = Admin.create(client());
        writer = new RecordWriter(topics);
    }

    /** Adds to a job's options what connects it. */
    Configuration addTo(Configuration options) {
        options.set(KafkaConfig.BOOTSTRAP_SERVERS, address());
        options.set(KafkaConfig.GROUP_ID, GROUP);
        return options;
    }

    /** Where its clients find it. */
    String address() {
        return kafka.bootstrapServers();
    }

    /** Properties of a client. */
    Properties client() {
        Properties properties = new Properties();
        properties.put("bootstrap.servers", address());
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
        var unused = producer.send(writer.write(new ShopRecord.Action(time, interaction, false)));
    }

    /**
     * Sends interactions of some users, and waits until their reader has committed them.
     *
     * @param committed whether it has; throws if it has ended
     */
    void sendAndAwait(int interactions, Callable<Boolean> committed) throws Exception {
        for (int i = 0; i < interactions; i++) {
            send();
        }
        while (!committed.call()) {
            Thread.sleep(POLL_MILLIS);
        }
    }

    /** Whether the group has committed all that was sent. */
    boolean hasCommittedAll() throws Exception {
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

    /** Lists that were written so far, with some markers of transactions among them. */
    long lists() throws Exception {
        Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
        for (PartitionInfo each : producer.partitionsFor(topics.recommendationsTopic())) {
            ends.put(new TopicPartition(each.topic(), each.partition()), OffsetSpec.latest());
        }
        return admin.listOffsets(ends).all().get().values().stream()
                .mapToLong(ListOffsetsResultInfo::offset)
                .sum();
    }

    @Override
    public void close() {
        producer.close();
        admin.close();
        kafka.close();
    }
}
