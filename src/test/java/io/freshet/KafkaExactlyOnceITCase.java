package io.freshet;

import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.config.AttributesConfig;
import io.freshet.config.IngestConfig;
import io.freshet.config.KafkaConfig;
import io.freshet.config.TestingFeedback;
import io.freshet.demo.EmbeddedKafka;
import io.freshet.event.CatalogItem;
import io.freshet.event.Control;
import io.freshet.event.Interaction;
import io.freshet.event.RecommendationList;
import io.freshet.event.RecommendedItem;
import io.freshet.event.TestingSchemas;
import io.freshet.sink.KafkaSinks;
import io.freshet.source.KafkaSources;
import io.freshet.source.KafkaSources.Ingested;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.metrics.Counter;
import org.apache.flink.runtime.testutils.InMemoryReporter;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.co.KeyedCoProcessFunction;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Sources and sinks around a small job, on a real broker and cluster. */
class KafkaExactlyOnceITCase {

    private static final long NOW = 1_700_000_000_000L;
    private static final Clock CLOCK = Clock.fixed(Instant.ofEpochMilli(NOW), ZoneOffset.UTC);
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final String FAILS_ONCE = "fails-once";
    private static final AtomicBoolean FAILED = new AtomicBoolean();

    private static final InMemoryReporter METRICS = InMemoryReporter.createWithRetainedMetrics();

    @RegisterExtension
    static final MiniClusterExtension CLUSTER =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setNumberTaskManagers(1)
                            .setNumberSlotsPerTaskManager(2)
                            .setConfiguration(METRICS.addToConfiguration(new Configuration()))
                            .build());

    private static @Nullable EmbeddedKafka kafka;

    @TempDir private Path savepoints;

    private final List<JobClient> jobs = new ArrayList<>();

    @BeforeAll
    static void startBroker() {
        kafka = EmbeddedKafka.start();
    }

    @AfterAll
    static void stopBroker() {
        if (kafka != null) {
            kafka.close();
        }
    }

    @AfterEach
    void cancelWhatStillRuns() throws Exception {
        for (JobClient job : jobs) {
            if (!job.getJobStatus().get().isGloballyTerminalState()) {
                job.cancel().get();
            }
        }
    }

    @Test
    void everyRecordComesOutOnceAsListOrDeadLetterThoughTheJobFails() throws Exception {
        createTopics("once");
        JobClient job = start("once");
        try (KafkaProducer<byte[], byte[]> producer = producer()) {
            for (int i = 0; i < 100; i++) {
                send(producer, "once-interactions", 0, interaction("u" + i, "i", NOW + i));
                send(producer, "once-interactions", 1, "broken " + i);
            }
            // partition 1 has no event, and controls and items carry no time: all must stay idle
            awaitKeys("once-recommendations", keys -> keys.size() >= 99);

            send(producer, "once-interactions", 0, interaction("u100", FAILS_ONCE, NOW + 100));
            for (int i = 101; i < 199; i++) {
                send(producer, "once-interactions", 0, interaction("u" + i, "i", NOW + i));
            }
            // must neither wait for its own time nor bring it about
            long ahead = NOW + Duration.ofMinutes(59).toMillis();
            send(producer, "once-interactions", 0, interaction("u199", "i", ahead));
            producer.send(new ProducerRecord<>("once-interactions", 1, null, new byte[10 << 20]))
                    .get();
            producer.send(new ProducerRecord<>("once-interactions", 1, utf8("k"), null)).get();
            send(producer, "once-controls", 0, forget("u5"));
            send(producer, "once-items", 0, "{\"item_id\":\"shoe\",\"timestamp_ms\":" + NOW + "}");
            producer.send(new ProducerRecord<>("once-items", 0, NOW, utf8("hat"), null, List.of()))
                    .get();
            send(producer, "once-controls", 0, "{}");
            send(producer, "once-interactions", 0, interaction("last", "i", NOW + 1_000));
        }
        awaitKeys(
                "once-recommendations",
                keys -> keys.containsAll(List.of("u199", "shoe+true", "hat+false")));
        awaitKeys("once-dead-letters", keys -> keys.size() >= 103);
        stop(job);

        List<ConsumerRecord<byte[], byte[]>> lists = committed("once-recommendations");
        Set<String> expected = new TreeSet<>(Set.of("shoe+true", "hat+false"));
        for (int i = 0; i < 200; i++) {
            expected.add("u" + i);
        }
        assertThat(FAILED).isTrue();
        assertThat(lists.stream().filter(found -> found.value() != null).map(found -> key(found)))
                .containsExactlyInAnyOrderElementsOf(expected);
        assertThat(lists.stream().filter(found -> found.value() == null).map(found -> key(found)))
                .containsExactly("u5");
        assertThat(lists)
                .filteredOn(found -> found.value() != null)
                .allSatisfy(found -> assertValid("recommendations", found));

        List<ConsumerRecord<byte[], byte[]>> letters = committed("once-dead-letters");
        assertThat(letters).hasSize(103).allSatisfy(found -> assertValid("dead-letters", found));
        assertThat(letters.stream().map(found -> key(found)))
                .doesNotHaveDuplicates()
                .contains(
                        "once-interactions:1:100", "once-interactions:1:101", "once-controls:0:1");
        assertThat(counted("freshetDeadLetters")).isPositive();
        assertThat(counted("freshetEvents")).isPositive();
        assertThat(counted("freshetEventsAhead")).isEqualTo(1);
    }

    @Test
    void aJobWithoutStateGoesOnWithInteractionsAndReadsTheCatalogAgain() throws Exception {
        createTopics("resume");
        try (KafkaProducer<byte[], byte[]> producer = producer()) {
            send(producer, "resume-interactions", 0, interaction("u0", "i", NOW));
            send(producer, "resume-interactions", 0, interaction("u1", "i", NOW + 1));
            send(producer, "resume-items", 0, "{\"item_id\":\"a\",\"timestamp_ms\":" + NOW + "}");
            JobClient first = start("resume");
            awaitKeys("resume-recommendations", keys -> keys.containsAll(List.of("u0", "a+true")));
            awaitCommittedOffset("resume", new TopicPartition("resume-interactions", 0), 2);
            stop(first);

            JobClient second = start("resume");
            send(producer, "resume-interactions", 0, interaction("u2", "i", NOW + 2));
            send(producer, "resume-interactions", 0, interaction("u3", "i", NOW + 3));
            send(producer, "resume-items", 0, "{\"item_id\":\"b\",\"timestamp_ms\":" + NOW + "}");
            awaitKeys("resume-recommendations", keys -> keys.containsAll(List.of("u2", "b+true")));
            stop(second);
        }

        Map<String, Integer> times = new HashMap<>();
        committed("resume-recommendations")
                .forEach(found -> times.merge(key(found), 1, Integer::sum));
        assertThat(times).containsEntry("u0", 1).containsEntry("a+true", 2).containsEntry("u2", 1);
    }

    private JobClient start(String prefix) throws Exception {
        Configuration configuration = new Configuration();
        configuration.set(PipelineOptions.GENERIC_TYPES, false);
        configuration.set(PipelineOptions.AUTO_GENERATE_UIDS, false);
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(200));
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
        configuration.set(
                RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(50));
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        KafkaSources sources =
                new KafkaSources(env, kafkaConfig(prefix), ingest(), new Properties(), CLOCK);
        Ingested<Interaction> interactions =
                sources.interactions(TestingFeedback.of(), "source-1", "split-1");
        Ingested<Control> controls = sources.controls("source-2", "split-2");
        Ingested<CatalogItem> items = sources.items(new TreeMap<>(), "source-3", "split-3");
        KafkaSinks sinks = new KafkaSinks(kafkaConfig(prefix), ingest(), new Properties());
        interactions
                .events()
                .keyBy(Interaction::userId)
                .connect(controls.events().keyBy(Control::userId))
                .process(new AnswerLater())
                .uid("answer")
                .union(items.events().map(KafkaExactlyOnceITCase::list).uid("items"))
                .sinkTo(sinks.recommendations())
                .uid("lists");
        interactions
                .deadLetters()
                .union(controls.deadLetters(), items.deadLetters())
                .sinkTo(sinks.deadLetters())
                .uid("letters");
        JobClient job = env.executeAsync();
        jobs.add(job);
        return job;
    }

    private static KafkaConfig kafkaConfig(String prefix) {
        return new KafkaConfig(
                broker().bootstrapServers(),
                prefix,
                prefix + "-interactions",
                prefix + "-items",
                prefix + "-users",
                prefix + "-requests",
                prefix + "-controls",
                prefix + "-recommendations",
                prefix + "-model-checkpoints",
                prefix + "-evaluations",
                prefix + "-dead-letters",
                prefix + "-audit",
                prefix,
                Duration.ofMinutes(5),
                false);
    }

    private static IngestConfig ingest() {
        return new IngestConfig(
                1 << 20,
                256 << 10,
                256,
                1_000,
                Duration.ofHours(1),
                0,
                Duration.ZERO,
                Duration.ofMillis(300),
                Duration.ofMinutes(1),
                AttributesConfig.none());
    }

    private static void createTopics(String prefix) {
        Map<String, String> large = Map.of("max.message.bytes", String.valueOf(16 << 20));
        broker().createTopic(prefix + "-interactions", 2, large);
        for (String topic : List.of("items", "controls", "recommendations", "dead-letters")) {
            broker().createTopic(prefix + "-" + topic, 1);
        }
    }

    private void stop(JobClient job) throws Exception {
        job.stopWithSavepoint(false, savepoints.toUri().toString(), SavepointFormatType.CANONICAL)
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private static void awaitKeys(String topic, Predicate<Set<String>> enough) {
        Set<String> keys = new TreeSet<>();
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(topic)) {
            Instant end = Instant.now().plus(PATIENCE);
            while (!enough.test(keys) && Instant.now().isBefore(end)) {
                consumer.poll(Duration.ofMillis(100)).forEach(found -> keys.add(key(found)));
            }
        }
        assertThat(enough.test(keys)).as("enough in %s: %s", topic, keys).isTrue();
    }

    /** Everything that a read_committed consumer finds in the topic. */
    private static List<ConsumerRecord<byte[], byte[]>> committed(String topic) {
        List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
        TopicPartition partition = new TopicPartition(topic, 0);
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(topic)) {
            long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(100)).forEach(found::add);
            }
        }
        return found;
    }

    private static KafkaConsumer<byte[], byte[]> consumer(String topic) {
        KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        Map.of(
                                "bootstrap.servers",
                                broker().bootstrapServers(),
                                "isolation.level",
                                "read_committed"),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer());
        TopicPartition partition = new TopicPartition(topic, 0);
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        return consumer;
    }

    private static KafkaProducer<byte[], byte[]> producer() {
        return new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        broker().bootstrapServers(),
                        "max.request.size",
                        EmbeddedKafka.MAX_RECORD_BYTES),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    private static void send(
            KafkaProducer<byte[], byte[]> producer, String topic, int partition, String value)
            throws Exception {
        producer.send(new ProducerRecord<>(topic, partition, null, utf8(value))).get();
    }

    /** The counter's sum over all jobs, attempts and subtasks. */
    private static long counted(String metric) {
        return METRICS.getMetricsByGroup().values().stream()
                .map(metrics -> metrics.get(metric))
                .filter(Counter.class::isInstance)
                .mapToLong(found -> ((Counter) found).getCount())
                .sum();
    }

    private static void awaitCommittedOffset(String group, TopicPartition partition, long offset)
            throws Exception {
        Instant end = Instant.now().plus(PATIENCE);
        @Nullable OffsetAndMetadata found = null;
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker().bootstrapServers()))) {
            while ((found == null || found.offset() < offset) && Instant.now().isBefore(end)) {
                found =
                        admin.listConsumerGroupOffsets(group)
                                .partitionsToOffsetAndMetadata()
                                .get()
                                .get(partition);
            }
        }
        assertThat(found).isEqualTo(new OffsetAndMetadata(offset));
    }

    private static EmbeddedKafka broker() {
        if (kafka == null) {
            throw new IllegalStateException("The broker was not started");
        }
        return kafka;
    }

    private static void assertValid(String topic, ConsumerRecord<byte[], byte[]> found) {
        assertThat(TestingSchemas.violations(topic, TestingSchemas.json(found.value()))).isEmpty();
    }

    private static String interaction(String user, String item, long timestamp) {
        return String.format(
                "{\"user_id\":\"%s\",\"item_id\":\"%s\",\"timestamp_ms\":%d}",
                user, item, timestamp);
    }

    private static String forget(String user) {
        return String.format(
                "{\"control_id\":\"c\",\"kind\":\"forget-user\",\"user_id\":\"%s\","
                        + "\"timestamp_ms\":%d}",
                user, NOW);
    }

    private static RecommendationList list(CatalogItem item) {
        return list(item.itemId() + "+" + item.available(), RecommendationList.Path.COLD_START);
    }

    private static RecommendationList list(String user, RecommendationList.Path path) {
        RecommendedItem item = new RecommendedItem("i", 1, RecommendedItem.Source.MODEL, "");
        return new RecommendationList("r", user, NOW, NOW, 1, path, List.of(item), "", 0, 0, -1);
    }

    private static String key(ConsumerRecord<byte[], byte[]> found) {
        return new String(found.key(), StandardCharsets.UTF_8);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Answers an interaction when event time has passed it; fails once on demand. */
    private static final class AnswerLater
            extends KeyedCoProcessFunction<String, Interaction, Control, RecommendationList> {

        private static final long serialVersionUID = 1;

        private transient @Nullable ValueState<Long> offsets;

        @Override
        public void processElement1(
                Interaction interaction, Context context, Collector<RecommendationList> out)
                throws Exception {
            if (interaction.itemId().equals(FAILS_ONCE) && FAILED.compareAndSet(false, true)) {
                throw new IllegalStateException("Injected failure");
            }
            state().update(interaction.offset());
            context.timerService().registerEventTimeTimer(interaction.timestamp());
        }

        @Override
        public void processElement2(
                Control control, Context context, Collector<RecommendationList> out) {
            out.collect(list(control.userId(), RecommendationList.Path.FORGOTTEN));
        }

        @Override
        public void onTimer(
                long timestamp, OnTimerContext context, Collector<RecommendationList> out)
                throws Exception {
            if (state().value() != null) {
                out.collect(list(context.getCurrentKey(), RecommendationList.Path.PERSONAL));
            }
        }

        private ValueState<Long> state() {
            ValueState<Long> state = offsets;
            if (state == null) {
                state =
                        getRuntimeContext()
                                .getState(new ValueStateDescriptor<>("offset", Long.class));
                offsets = state;
            }
            return state;
        }
    }
}
