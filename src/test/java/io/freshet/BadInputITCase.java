package io.freshet;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.freshet.config.Arguments;
import io.freshet.config.FreshetConfig;
import io.freshet.event.TestingSchemas;
import io.freshet.monitoring.MetricTable;
import io.freshet.source.decode.CatalogItemDecoder;
import io.freshet.source.decode.ControlDecoder;
import io.freshet.source.decode.Decoded;
import io.freshet.source.decode.InteractionDecoder;
import io.freshet.source.decode.RawRecord;
import io.freshet.source.decode.RecordDecoder;
import io.freshet.source.decode.RequestDecoder;
import io.freshet.source.decode.UserDecoder;
import io.freshet.testing.RecordFuzzer;
import io.freshet.testing.RecordFuzzer.Fuzzed;
import io.freshet.testing.RecordFuzzer.Topic;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.testutils.InMemoryReporter;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.util.TestStreamEnvironment;
import org.apache.flink.test.junit5.InjectMiniCluster;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole job, training included, fed with records bent out of shape on all input topics. It may
 * not restart once, and every record must be accounted for. The long form, with a million records,
 * is in the handbook under "Bad input".
 */
class BadInputITCase {

    private static final int RECORDS = Integer.getInteger("freshet.fuzz.records", 12_000);
    private static final long SEED = Long.getLong("freshet.fuzz.seed", 20_261_121);
    private static final int PARTITIONS = 2;
    private static final long STEP = 100;
    private static final long START =
            System.currentTimeMillis() - Duration.ofDays(2).toMillis() - RECORDS * STEP;
    private static final String GROUP = "freshet";
    private static final List<String> INPUTS = Stream.of(Topic.values()).map(Topic::topic).toList();

    /** Host, task manager and its id, job, operator, subtask. */
    private static final int OPERATOR_SCOPE = 6;

    private static final Pattern FLINKS_OWN =
            Pattern.compile("num[A-Z].*|current.*Watermark|.*rocksdb.*|watermarkAlignmentDrift");

    private static final InMemoryReporter METRICS = InMemoryReporter.createWithRetainedMetrics();

    @RegisterExtension
    static final MiniClusterExtension CLUSTER =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setNumberTaskManagers(1)
                            .setNumberSlotsPerTaskManager(2)
                            .setConfiguration(METRICS.addToConfiguration(workers()))
                            .build());

    @TempDir private static Path directory = Path.of("");

    private static final TestingTopics TOPICS = new TestingTopics(PARTITIONS);

    /** Records sent, by topic in their order. */
    private static final long[] SENT = new long[Topic.values().length];

    /** Records sent, by topic and partition: {@code items:0}. */
    private static final Map<String, Integer> ENDS = new TreeMap<>();

    /** Offsets of what can't be understood, by topic and partition: {@code items:0}. */
    private static final Map<String, BitSet> REFUSED = new TreeMap<>();

    private static JobID job = new JobID();

    /** Without a restart strategy an exception ends the job, and the stop fails with it. */
    @BeforeAll
    static void feedTheJobAndStopIt(@InjectMiniCluster MiniCluster cluster) throws Exception {
        TestStreamEnvironment.setAsContext(cluster, 2); // the extension does so for tests alone
        String[] options = options();
        send(FreshetConfig.from(Arguments.parse(options)));
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.getExecutionEnvironment(cluster());
        FreshetJob.build(env, Arguments.parse(options));
        JobClient client = env.executeAsync();
        job = client.getJobID();
        TOPICS.awaitRead(GROUP, INPUTS);
        TOPICS.await("model-checkpoints", BadInputITCase::isPromoted);
        client.stopWithSavepoint(
                        false,
                        directory.resolve("savepoints").toUri().toString(),
                        SavepointFormatType.CANONICAL)
                .get(TestingTopics.PATIENCE.toMinutes(), TimeUnit.MINUTES);
    }

    @AfterAll
    static void stopBroker() {
        TestStreamEnvironment.unsetAsContext();
        TOPICS.close();
    }

    @Test
    void everyRecordIsEitherUnderstoodOrRefused() {
        assertThat(counted("interactions-split", "freshetEvents")).isPositive();
        for (Topic topic : Topic.values()) {
            String split = topic.topic() + "-split";
            assertThat(counted(split, "freshetEvents") + counted(split, "freshetDeadLetters"))
                    .as("%s understood and refused", topic)
                    .isEqualTo(SENT[topic.ordinal()]);
            assertThat(counted(split, "freshetDeadLetters"))
                    .as("%s refused", topic)
                    .isEqualTo(refused(topic));
            assertThat(faults(split)).as("%s refused, by field", topic).isEqualTo(refused(topic));
        }
    }

    @Test
    void everyInteractionUnderstoodIsAcceptedLateADuplicateAnExposureARejectionOrForgotten() {
        List<Long> classes =
                Stream.of("accepted", "late", "duplicates", "exposures", "rejections")
                        .map(name -> counted(OperatorIds.HISTORY, name))
                        .toList();

        assertThat(classes).allSatisfy(count -> assertThat(count).isPositive());
        long forgotten = counted(OperatorIds.HISTORY, "forgottenInteractions");
        assertThat(classes.stream().mapToLong(Long::longValue).sum() + forgotten)
                .isEqualTo(counted("interactions-split", "freshetEvents"));
    }

    @Test
    void everyControlUnderstoodOfWhateverKindIsAnsweredOnce() {
        long understood = counted("controls-split", "freshetEvents");

        assertThat(TOPICS.committed("audit"))
                .hasSize((int) understood)
                .extracting(found -> found.json().get("kind").asText())
                .contains("forget-user", "rollback", "pause", "resume", "train-now");
    }

    @Test
    void everyRequestUnderstoodIsAnsweredOnceInOneWayOrTheOther() {
        List<JsonNode> answers = new ArrayList<>();
        TOPICS.forEachCommitted(
                "recommendations",
                found -> {
                    if (found.key().isEmpty()) {
                        answers.add(found.json());
                    }
                });

        assertThat(answers).hasSize((int) counted("requests-split", "freshetEvents"));
        assertThat(answers)
                .extracting(each -> each.path("reason").asText("list"))
                .contains("list", "unknown-item", "expired");
        assertThat(answers).extracting(each -> each.get("kind").asText()).contains("personal");
        assertThat(answers)
                .allSatisfy(
                        each ->
                                assertThat(TestingSchemas.violations("recommendations", each))
                                        .isEmpty());
    }

    @Test
    void everyRecordRefusedIsADeadLetterOnceThatNamesAFieldAndNothingElseIs() {
        Map<String, BitSet> letters = new TreeMap<>();
        List<String> faults = new ArrayList<>();
        TOPICS.forEachCommitted(
                "dead-letters",
                found -> {
                    JsonNode letter = found.json();
                    String place =
                            letter.get("topic").asText() + ":" + letter.get("partition").asText();
                    String field = letter.get("field").asText();
                    if (!TestingSchemas.mayBeAtFault(letter.get("topic").asText(), field)) {
                        faults.add(found.key() + " names " + field);
                    }
                    BitSet offsets = letters.computeIfAbsent(place, any -> new BitSet());
                    int offset = letter.get("offset").asInt();
                    if (offsets.get(offset)) {
                        faults.add(found.key() + " twice");
                    }
                    if (offset % 10 == 0) { // the validator is slower than the job
                        faults.addAll(TestingSchemas.violations("dead-letters", letter));
                    }
                    offsets.set(offset);
                });

        assertThat(faults).isEmpty();
        assertThat(letters).isEqualTo(REFUSED);
    }

    @Test
    void trainingAndListsGoOnMeanwhile() {
        assertThat(TOPICS.committed("model-checkpoints"))
                .extracting(found -> found.json().get("verdict").asText())
                .contains("promoted")
                .doesNotContain("failed");
        assertThat(counted(OperatorIds.RECOMMENDER, "requests")).isPositive();
        assertThat(counted(OperatorIds.RESPONSES, "judgedExposures")).isPositive();
    }

    /** Both ways, so that the handbook neither lacks a metric nor promises one that is none. */
    @Test
    void everyMetricIsInTheHandbookWithItsTypeAndEveryOneOfTheHandbookIsRegistered()
            throws IOException {
        Map<String, Set<String>> documented = new TreeMap<>();
        for (MetricTable.Row row : MetricTable.read().rows()) {
            row.operators()
                    .forEach(
                            operator ->
                                    documented
                                            .computeIfAbsent(operator, any -> new TreeSet<>())
                                            .add(row.type() + " " + row.pattern()));
        }
        Map<String, Set<String>> registered = new TreeMap<>();
        METRICS.getMetricsByGroup()
                .forEach(
                        (group, metrics) -> {
                            String operator = group.getAllVariables().get("<operator_name>");
                            if (operator != null && documented.containsKey(operator)) {
                                String inside = inside(group);
                                metrics.forEach(
                                        (name, metric) -> {
                                            if (!FLINKS_OWN.matcher(inside + name).matches()) {
                                                registered
                                                        .computeIfAbsent(
                                                                operator, any -> new TreeSet<>())
                                                        .add(type(metric) + " " + inside + name);
                                            }
                                        });
                            }
                        });

        assertThat(registered).isEqualTo(documented);
    }

    /** Groups below the operator's, with a star for a value. */
    private static String inside(MetricGroup group) {
        String[] scope = group.getScopeComponents();
        StringBuilder inside = new StringBuilder();
        for (int i = OPERATOR_SCOPE; i < scope.length; i++) {
            String value = group.getAllVariables().get("<" + scope[i - 1] + ">");
            inside.append(scope[i].equals(value) ? "*" : scope[i]).append('.');
        }
        return inside.toString();
    }

    private static String type(Metric metric) {
        return metric.getMetricType().name().toLowerCase(Locale.ROOT);
    }

    /**
     * Eight in twelve records are interactions; what the decoders return for each is noted. The
     * last is sound and ends whatever pause the others have begun.
     */
    private static void send(FreshetConfig config) {
        // in the order of the topics
        List<RecordDecoder<? extends Decoded<?>>> decoders =
                List.of(
                        new InteractionDecoder(config.ingest(), Clock.systemUTC()),
                        new CatalogItemDecoder(
                                config.ingest(), config.item().modalities(), Clock.systemUTC()),
                        new RequestDecoder(config.ingest(), config.recommend().mostRequested()),
                        new ControlDecoder(config.ingest(), Clock.systemUTC()),
                        new UserDecoder(config.ingest(), Clock.systemUTC()));
        RecordFuzzer fuzzer = new RecordFuzzer(SEED, START, STEP);
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < RECORDS; i++) {
            int twelfth = random.nextInt(12);
            Topic topic =
                    switch (twelfth) {
                        case 8 -> Topic.REQUESTS;
                        case 9 -> Topic.ITEMS;
                        case 10 -> Topic.USERS;
                        case 11 -> Topic.CONTROLS;
                        default -> Topic.INTERACTIONS;
                    };
            int partition = topic == Topic.INTERACTIONS ? random.nextInt(PARTITIONS) : 0;
            send(decoders.get(topic.ordinal()), topic, partition, fuzzer.next(topic));
        }
        send(decoders.get(Topic.CONTROLS.ordinal()), Topic.CONTROLS, 0, resume());
    }

    private static void send(
            RecordDecoder<? extends Decoded<?>> decoder,
            Topic topic,
            int partition,
            Fuzzed fuzzed) {
        String place = topic.topic() + ":" + partition;
        int offset = ENDS.merge(place, 1, Integer::sum) - 1;
        RawRecord raw =
                new RawRecord(
                        topic.topic(),
                        partition,
                        offset,
                        fuzzed.timestamp(),
                        fuzzed.key(),
                        fuzzed.value());
        if (decoder.decode(raw).event() == null) {
            REFUSED.computeIfAbsent(place, any -> new BitSet()).set(offset);
        }
        SENT[topic.ordinal()]++;
        TOPICS.send(
                new ProducerRecord<>(
                        topic.topic(),
                        partition,
                        fuzzed.timestamp(),
                        fuzzed.key(),
                        fuzzed.value()));
    }

    private static Fuzzed resume() {
        String json =
                "{\"control_id\":\"the-end\",\"kind\":\"resume\",\"timestamp_ms\":" + START + "}";
        return new Fuzzed(null, json.getBytes(StandardCharsets.UTF_8), START, true);
    }

    private static boolean isPromoted(TestingTopics.Found found) {
        return found.json().get("verdict").asText().equals("promoted");
    }

    private static long refused(Topic topic) {
        return REFUSED.entrySet().stream()
                .filter(found -> found.getKey().startsWith(topic.topic() + ":"))
                .mapToLong(found -> found.getValue().cardinality())
                .sum();
    }

    /** Sum over the fields of a topic's schema, and over an operator's subtasks. */
    private static long faults(String operator) {
        return METRICS.getMetricsByGroup().entrySet().stream()
                .filter(
                        found ->
                                operator.equals(
                                        found.getKey().getAllVariables().get("<operator_name>")))
                .map(found -> found.getValue().get("freshetFaults"))
                .filter(Counter.class::isInstance)
                .mapToLong(found -> ((Counter) found).getCount())
                .sum();
    }

    /** A counter's sum over an operator's subtasks. */
    private static long counted(String operator, String metric) {
        return METRICS.findOperatorMetricGroups(job, operator).stream()
                .map(group -> METRICS.getMetricsByGroup(group).get(metric))
                .filter(Counter.class::isInstance)
                .mapToLong(found -> ((Counter) found).getCount())
                .sum();
    }

    private static Configuration workers() {
        Configuration workers = new Configuration();
        workers.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(128));
        return workers;
    }

    private static Configuration cluster() {
        Configuration cluster = new Configuration();
        cluster.set(StateBackendOptions.STATE_BACKEND, "rocksdb");
        cluster.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true);
        cluster.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofSeconds(1));
        cluster.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                directory.resolve("checkpoints").toUri().toString());
        cluster.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
        return cluster;
    }

    private static String[] options() {
        List<String> options = new ArrayList<>(RecordFuzzer.ATTRIBUTE_OPTIONS);
        options.addAll(List.of("--model.attributes", "event-type,gap,device,position"));
        options.addAll(List.of(jobOptions()));
        return options.toArray(String[]::new);
    }

    private static String[] jobOptions() {
        return new String[] {
            "--kafka.bootstrap-servers", TOPICS.bootstrapServers(),
            "--store.path", directory.resolve("models").toUri().toString(),
            "--encoder.enabled", "false",
            "--item.modalities", "image:2",
            "--model.width", "16",
            "--model.blocks", "1",
            "--history.length", "10",
            "--history.pane", "30 s",
            "--feedback.exposure-types", "impression",
            "--feedback.negative-types", "return",
            "--feedback.weights", "look:0",
            "--ingest.max-disorder", "5 s",
            "--recommend.request-max-age", "365 d", // the records are days old
            "--training.min-interactions", "1000",
            "--training.epochs", "1",
            "--training.updates-per-version", "2",
            "--training.negatives", "16",
            "--training.gate-tolerance", "100",
            "--training.max-item-share", "1"
        };
    }
}
