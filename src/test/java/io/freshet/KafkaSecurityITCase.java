package io.freshet;

import static org.apache.kafka.common.acl.AclOperation.DESCRIBE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE_CONFIGS;
import static org.apache.kafka.common.acl.AclOperation.READ;
import static org.apache.kafka.common.acl.AclOperation.WRITE;
import static org.apache.kafka.common.resource.ResourceType.GROUP;
import static org.apache.kafka.common.resource.ResourceType.TOPIC;
import static org.apache.kafka.common.resource.ResourceType.TRANSACTIONAL_ID;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.freshet.config.Arguments;
import io.freshet.config.option.Problems;
import io.freshet.preflight.Preflight;
import io.freshet.testing.LogRecorder;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.IllegalConfigurationException;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.client.JobCancellationException;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.InjectMiniCluster;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The job on a broker with SASL_SSL and ACLs: what it needs, what it logs, and what it hides. */
class KafkaSecurityITCase {

    private static final String USER = "freshet-job";
    private static final String SECRET = "s3cr3t-swordfish";
    private static final String IMPOSTOR_SECRET = "wr0ng-swordfish";
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final List<String> READ_TOPICS = List.of("interactions", "items", "controls");
    private static final List<String> WRITTEN_TOPICS =
            List.of("recommendations", "model-checkpoints", "evaluations", "dead-letters", "audit");

    @RegisterExtension
    static final MiniClusterExtension CLUSTER =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setNumberTaskManagers(1)
                            .setNumberSlotsPerTaskManager(1)
                            .setConfiguration(workers())
                            .build());

    @TempDir private static Path directory = Path.of("");

    private static TestingSecureKafka kafka = startBroker();

    private static TestingSecureKafka startBroker() {
        try {
            return new TestingSecureKafka(Files.createTempDirectory("freshet-keys-"));
        } catch (Exception e) {
            throw new IllegalStateException("The secure broker can't be started", e);
        }
    }

    @BeforeAll
    static void createTopicsAndUser() throws Exception {
        READ_TOPICS.forEach(topic -> kafka.createTopic(topic, Map.of()));
        WRITTEN_TOPICS.forEach(topic -> kafka.createTopic(topic, Map.of()));
        kafka.addUser(USER, SECRET);
        Files.writeString(secrets(), "password=" + SECRET + "\nwrong=" + IMPOSTOR_SECRET + "\n");
    }

    @AfterAll
    static void stopBroker() {
        kafka.close();
    }

    @BeforeEach
    void grantWhatTheHandbookSays() throws Exception {
        kafka.revokeAll();
        for (String topic : READ_TOPICS) {
            kafka.grant(USER, TOPIC, topic, READ);
        }
        for (String topic : WRITTEN_TOPICS) {
            kafka.grant(USER, TOPIC, topic, WRITE);
        }
        kafka.grant(USER, TOPIC, "dead-letters", DESCRIBE_CONFIGS);
        kafka.grant(USER, GROUP, "freshet", READ);
        kafka.grant(USER, GROUP, "freshet-owner", READ);
        kafka.grant(USER, TRANSACTIONAL_ID, "freshet", WRITE);
    }

    @Test
    void theJobRunsWithTheRightsOfTheHandbookAndItsSecretsAreNowhere(
            @InjectMiniCluster MiniCluster cluster) throws Exception {
        List<String> shown = new ArrayList<>();
        try (LogRecorder log = LogRecorder.open()) {
            Configuration options = options();
            shown.add(options.toString());
            check(options);
            StreamExecutionEnvironment env =
                    StreamExecutionEnvironment.getExecutionEnvironment(cluster());
            FreshetJob.build(env, options);
            JobClient job = env.executeAsync();
            send("interactions", interactions());
            send("controls", "{}");
            awaitKey("recommendations", "anna");
            awaitKey("model-checkpoints", "1");
            awaitKey("dead-letters", "controls:0:0");
            shown.addAll(shown(cluster, job.getJobID().toString()));
            job.triggerSavepoint(
                            directory.resolve("savepoints").toUri().toString(),
                            SavepointFormatType.CANONICAL)
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            job.cancel().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(job.getJobExecutionResult())
                    .failsWithin(PATIENCE)
                    .withThrowableThat()
                    .withRootCauseInstanceOf(JobCancellationException.class);
            shown.addAll(log.lines());
        }

        assertThat(shown).hasSizeGreaterThan(100);
        assertThat(shown)
                .filteredOn(words -> words.contains("kafka.properties.sasl.jaas.config"))
                .as("what names the option")
                .isNotEmpty();
        assertThat(shown).noneMatch(KafkaSecurityITCase::hasASecret);
        for (String part : List.of("checkpoints", "savepoints", "models")) {
            assertThat(written(part))
                    .as(part)
                    .isNotEmpty()
                    .noneMatch(KafkaSecurityITCase::hasASecret);
        }
    }

    @Test
    void everyMissingRightIsNamedAtOnceWithWhatItIsNeededFor() throws Exception {
        kafka.revokeAll();
        kafka.grant(USER, TOPIC, "recommendations", DESCRIBE);

        assertThatThrownBy(() -> check(options()))
                .isInstanceOf(IllegalConfigurationException.class)
                .hasMessageContaining("11 problem(s)")
                .hasMessageContaining(
                        "kafka.topic.interactions: found 'interactions with the rights []',"
                                + " expected the right READ")
                .hasMessageContaining("kafka.topic.items: ")
                .hasMessageContaining("kafka.topic.controls: ")
                .hasMessageContaining(
                        "kafka.topic.recommendations: found 'recommendations with the rights"
                                + " [DESCRIBE]', expected the right WRITE")
                .hasMessageContaining("kafka.topic.model-checkpoints: ")
                .hasMessageContaining("kafka.topic.evaluations: ")
                .hasMessageContaining("kafka.topic.dead-letters: ")
                .hasMessageContaining(
                        "kafka.group-id: found 'freshet with the rights []', expected the right"
                                + " READ")
                .hasMessageContaining(
                        "kafka.transactional-id-prefix: found 'freshet with the rights []',"
                                + " expected the right WRITE");
    }

    @Test
    void aTopicThatIsMissingOrTooSmallIsNamed() throws Exception {
        kafka.grant(USER, TOPIC, "intractions", READ);
        kafka.setTopicConfig("dead-letters", "max.message.bytes", "700000");
        try {
            assertThatThrownBy(() -> check(options("--kafka.topic.interactions", "intractions")))
                    .hasMessageContaining("2 problem(s)")
                    .hasMessageContaining(
                            "kafka.topic.interactions: found 'intractions', expected an existing"
                                    + " topic")
                    .hasMessageContaining("dead-letters with max.message.bytes=700000")
                    .hasMessageContaining("expected at least 764586");
        } finally {
            kafka.setTopicConfig("dead-letters", "max.message.bytes", "1048588");
        }
    }

    @Test
    void aLoginThatIsRefusedSaysSoWithoutThePassword() throws Exception {
        assertThatThrownBy(() -> check(options(login("wrong"))))
                .hasMessageContaining("kafka.bootstrap-servers: found '" + kafka.secureServers())
                .hasMessageContaining("brokers that accept the login")
                .hasMessageContaining("invalid credentials")
                .matches(problem -> !hasASecret(problem.toString()));
    }

    @Test
    void propertiesThatNoClientTakesSaySoWithoutThePassword() throws Exception {
        String broken = "--kafka.properties.sasl.jaas.config=org.apache.X required " + SECRET + ";";

        assertThatThrownBy(() -> check(options(broken)))
                .hasMessageContaining("sasl.jaas.config that is not of the form")
                .matches(problem -> !hasASecret(problem.toString()));
        assertThatThrownBy(
                        () ->
                                check(
                                        options(
                                                "--kafka.properties.ssl.truststore.location=/not/there")))
                .hasMessageContaining("/not/there");
    }

    @Test
    void aJobThatIsToldToSkipsTheLookup() throws Exception {
        kafka.revokeAll();

        assertThatCode(() -> check(options("--kafka.preflight", "false")))
                .doesNotThrowAnyException();
    }

    /** Without the check, it is the sink that fails, and it names the topic. */
    @Test
    void aRightThatIsMissingAtRunTimeIsNamedInTheJobsFailure(@InjectMiniCluster MiniCluster cluster)
            throws Exception {
        kafka.revokeAll();
        for (String topic : READ_TOPICS) {
            kafka.grant(USER, TOPIC, topic, READ);
        }
        kafka.grant(USER, GROUP, "freshet", READ);
        kafka.grant(USER, TRANSACTIONAL_ID, "freshet", WRITE);
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.getExecutionEnvironment(cluster());
        FreshetJob.build(env, options());
        JobClient job = env.executeAsync();
        send("controls", "{}");

        assertThatThrownBy(
                        () ->
                                job.getJobExecutionResult()
                                        .get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .hasStackTraceContaining("Not authorized to access topics: [dead-letters]");
        assertThat(shown(cluster, job.getJobID().toString()))
                .anyMatch(page -> page.contains("Not authorized to access topics"))
                .noneMatch(KafkaSecurityITCase::hasASecret);
    }

    private static void check(Configuration options) throws InterruptedException {
        Problems problems = new Problems();
        Preflight.check(options, null, KafkaSecurityITCase.class.getClassLoader(), problems);
        problems.throwIfAny();
    }

    /** The handbook's example: one secret by reference, and one, for the worst case, in clear. */
    private static Configuration options(String... further) throws IOException {
        Path file = directory.resolve("freshet.yaml");
        Files.writeString(
                file,
                String.join(
                        "\n",
                        "kafka:",
                        "  bootstrap-servers: " + kafka.secureServers(),
                        "  properties:",
                        "    security.protocol: SASL_SSL",
                        "    sasl.mechanism: SCRAM-SHA-512",
                        "    sasl.jaas.config: >-",
                        "      " + jaas("password"),
                        "    ssl.truststore.type: PKCS12",
                        "    ssl.truststore.location: " + kafka.trustStore(),
                        "    ssl.truststore.password: " + TestingSecureKafka.storePassword(),
                        "store.path: " + directory.resolve("models").toUri(),
                        "encoder.enabled: false",
                        "history.debounce: 10 ms",
                        "history.pane: 5 s",
                        "ingest.max-disorder: 1 s",
                        "training.min-interactions: 20",
                        "training.updates-per-version: 1",
                        "training.epochs: 1",
                        "training.negatives: 8",
                        "training.max-item-share: 1",
                        "training.gate-tolerance: 100",
                        "model.width: 16",
                        "model.blocks: 1",
                        ""));
        List<String> arguments = new ArrayList<>(List.of("--options", file.toString()));
        arguments.addAll(List.of(further));
        return Arguments.parse(arguments.toArray(String[]::new));
    }

    private static String login(String key) {
        return "--kafka.properties.sasl.jaas.config=" + jaas(key);
    }

    private static String jaas(String key) {
        return "org.apache.kafka.common.security.scram.ScramLoginModule required username=\""
                + USER
                + "\" password=\"${file:"
                + secrets()
                + ":"
                + key
                + "}\";";
    }

    private static Path secrets() {
        return directory.resolve("secrets.properties");
    }

    private static boolean hasASecret(String words) {
        return words.contains(SECRET)
                || words.contains(IMPOSTOR_SECRET)
                || words.contains(TestingSecureKafka.storePassword());
    }

    /** What Flink's web UI shows, by the REST calls that it makes. */
    private static List<String> shown(MiniCluster cluster, String job) throws Exception {
        URI rest = cluster.getRestAddress().get(1, TimeUnit.MINUTES);
        HttpClient client = HttpClient.newHttpClient();
        List<String> pages = new ArrayList<>();
        for (String path :
                List.of(
                        "/config",
                        "/jobmanager/config",
                        "/jobmanager/environment",
                        "/jobs/overview",
                        "/jobs/" + job,
                        "/jobs/" + job + "/config",
                        "/jobs/" + job + "/plan",
                        "/jobs/" + job + "/exceptions",
                        "/jobs/" + job + "/checkpoints/config")) {
            HttpRequest request = HttpRequest.newBuilder(rest.resolve(path)).build();
            HttpResponse<String> response =
                    client.send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).as(path).isEqualTo(200);
            pages.add(response.body());
        }
        return pages;
    }

    /** Everything below a directory, byte by byte. */
    private static List<String> written(String part) throws IOException {
        List<String> contents = new ArrayList<>();
        try (Stream<Path> files = Files.walk(directory.resolve(part))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                contents.add(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            }
        }
        return contents;
    }

    private static void send(String topic, String... values) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", kafka.openServers()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            for (String value : values) {
                producer.send(
                                new ProducerRecord<>(
                                        topic, 0, null, value.getBytes(StandardCharsets.UTF_8)))
                        .get();
            }
        }
    }

    private static void awaitKey(String topic, String key) {
        List<String> keys = new ArrayList<>();
        TopicPartition partition = new TopicPartition(topic, 0);
        Instant end = Instant.now().plus(PATIENCE);
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        Map.of(
                                "bootstrap.servers",
                                kafka.openServers(),
                                "isolation.level",
                                "read_committed"),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            while (!keys.contains(key) && Instant.now().isBefore(end)) {
                consumer.poll(Duration.ofMillis(100))
                        .forEach(
                                found -> keys.add(new String(found.key(), StandardCharsets.UTF_8)));
            }
        }
        assertThat(keys).contains(key);
    }

    /** A training window of several panes, and what closes the last. */
    private static String[] interactions() {
        long start = System.currentTimeMillis() - Duration.ofHours(1).toMillis();
        return IntStream.range(0, 40)
                .mapToObj(
                        i ->
                                String.format(
                                        "{\"user_id\":\"%s\",\"item_id\":\"shoe-%d\","
                                                + "\"timestamp_ms\":%d}",
                                        i % 2 == 0 ? "anna" : "ben", i, start + i * 1_000))
                .toArray(String[]::new);
    }

    private static Configuration workers() {
        Configuration workers = new Configuration();
        workers.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(128));
        return workers;
    }

    private static Configuration cluster() {
        Configuration cluster = new Configuration();
        cluster.set(StateBackendOptions.STATE_BACKEND, "rocksdb");
        cluster.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(500));
        cluster.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                directory.resolve("checkpoints").toUri().toString());
        cluster.set(
                CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
                ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
        cluster.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
        return cluster;
    }
}
