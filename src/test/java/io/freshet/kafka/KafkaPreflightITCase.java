package io.freshet.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.config.Arguments;
import io.freshet.config.FreshetConfig;
import io.freshet.config.option.Problems;
import io.freshet.demo.EmbeddedKafka;
import io.freshet.kafka.KafkaPreflight.Start;
import io.freshet.kafka.TopicCreation.CreatedTopic;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import org.apache.flink.streaming.api.operators.StreamMap;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is refused on a broker that answers. Each test has a prefix, and so topics, of its own. */
class KafkaPreflightITCase {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Start ALONE = new Start("", "", Duration.ZERO);

    private static EmbeddedKafka broker;
    private static Admin admin;

    @BeforeAll
    static void start() {
        broker =
                EmbeddedKafka.start(
                        properties -> properties.put("transaction.max.timeout.ms", "600000"));
        admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
    }

    @AfterAll
    static void stop() {
        admin.close();
        broker.close();
    }

    @Test
    void topicsThatWereCreatedForTheJobFitIt() throws Exception {
        FreshetConfig config =
                config(
                        "fit",
                        "--recommend.list-size",
                        "200",
                        "--recommend.candidates",
                        "200",
                        "--kafka.properties.max.request.size",
                        "4000000");

        List<CreatedTopic> created = create(config);
        List<CreatedTopic> again = create(config);

        assertThat(created).hasSize(9).allMatch(CreatedTopic::created);
        assertThat(again).hasSize(9).noneMatch(CreatedTopic::created);
        assertThat(check(config, ALONE)).isEmpty();
        Map<String, TopicDescription> found =
                admin.describeTopics(created.stream().map(CreatedTopic::name).toList())
                        .allTopicNames()
                        .get();
        assertThat(partitions(found, "fit-controls")).isEqualTo(1);
        assertThat(partitions(found, "fit-interactions")).isEqualTo(3);
        assertThat(value("fit-recommendations", "cleanup.policy")).isEqualTo("compact");
        assertThat(value("fit-model-checkpoints", "cleanup.policy")).isEqualTo("compact");
        assertThat(value("fit-audit", "cleanup.policy")).isEqualTo("delete");
        assertThat(Long.parseLong(value("fit-recommendations", "max.message.bytes")))
                .isGreaterThan(config.recommend().maxListBytes(config.ingest().maxIdLength()));
    }

    @Test
    void everythingThatDoesNotFitIsNamedAtOnce() throws Exception {
        FreshetConfig created = config("unfit");
        create(created);
        broker.createTopic("unfit-two", 2, Map.of());
        broker.createTopic("unfit-small", 1, Map.of("max.message.bytes", "1000"));
        awaitTopic("unfit-small");

        assertThat(
                        check(
                                config(
                                        "unfit",
                                        "--kafka.topic.controls",
                                        "unfit-two",
                                        "--kafka.topic.recommendations",
                                        "unfit-small",
                                        "--kafka.topic.items",
                                        "unfit-none",
                                        "--kafka.topic.requests",
                                        "unfit-not-there-yet",
                                        "--kafka.transaction-timeout",
                                        "11 min"),
                                ALONE))
                .as("the topic of requests may come later")
                .hasSize(4)
                .anyMatch(
                        each ->
                                each.startsWith(
                                        "kafka.topic.controls: found 'unfit-two with 2 partitions',"
                                                + " expected 1 partition"))
                .anyMatch(
                        each ->
                                each.startsWith(
                                                "kafka.topic.recommendations: found 'unfit-small"
                                                        + " with max.message.bytes=1000'")
                                        && each.endsWith("or lower recommend.max-requested"))
                .anyMatch(each -> each.startsWith("kafka.topic.items: found 'unfit-none'"))
                .anyMatch(
                        each ->
                                each.startsWith(
                                        "kafka.transaction-timeout: found '660000 ms', expected at"
                                                + " most the brokers' transaction.max.timeout.ms ="
                                                + " 600000"));
    }

    @Test
    void offsetsOfWhatAJobGoesOnBehindAreFound() throws Exception {
        FreshetConfig config = config("read");
        create(config);
        commit(config, "read-items", 5);
        assertThat(found(config)).as("items are read from the beginning").isEmpty();

        commit(config, "read-interactions", 80_000);
        assertThat(found(config))
                .hasValue(
                        "consumer group 'read' has committed offsets (read-interactions-0 at 80000)");
    }

    @Test
    void aJobThatLivesIsSeenUntilItsTaskEnds() throws Exception {
        FreshetConfig config = config("live");
        create(config);
        String group = config.kafka().ownerGroup();
        List<String> expected =
                List.of(
                        "kafka.transactional-id-prefix: found 'live'",
                        "kafka.group-id: found 'live'");
        try (var job = presence(config)) {
            awaitMembers(group, 1);
            String id = job.getEnvironment().getJobInfo().getJobId().toString();

            assertThat(check(config, ALONE))
                    .hasSize(2)
                    .allMatch(each -> expected.stream().anyMatch(each::startsWith))
                    .allMatch(each -> each.contains("job-" + id) && each.contains("live-owner"));
            assertThat(check(config, new Start(id, "", Duration.ZERO)))
                    .as("the same job, recovered")
                    .isEmpty();
        }
        awaitMembers(group, 0);

        assertThat(check(config, ALONE)).isEmpty();
    }

    @Test
    void whoeverWritesToTheStoreIsSeenWhateverItsOtherNamesAre() throws Exception {
        FreshetConfig writer = config("writer");
        FreshetConfig other = config("other", "--store.path", "file:///mnt/models");
        create(writer);
        create(other);
        try (var job = presence(writer)) {
            assertThat(job).isNotNull();
            awaitMembers("writer-owner", 1);

            assertThat(check(other, new Start("", "writer-owner", Duration.ZERO)))
                    .singleElement()
                    .asString()
                    .startsWith(
                            "store.path: found 'file:///mnt/models', expected one that no running")
                    .contains("(a member of the consumer group 'writer-owner')");
        }
    }

    /** A job that ends while a start waits for it is no reason to refuse. */
    @Test
    void aJobThatIsGoneInTimeIsNotRefused() throws Exception {
        FreshetConfig config = config("gone");
        create(config);
        var job = presence(config);
        awaitMembers("gone-owner", 1);
        Thread end =
                new Thread(
                        () -> {
                            try {
                                job.close();
                            } catch (Exception e) {
                                throw new IllegalStateException(e);
                            }
                        });
        end.start();

        assertThat(check(config, new Start("", "", PATIENCE))).isEmpty();
        end.join();
    }

    private static OneInputStreamOperatorTestHarness<String, String> presence(FreshetConfig config)
            throws Exception {
        var harness =
                new OneInputStreamOperatorTestHarness<>(
                        new StreamMap<>(new JobPresence<String>(config.kafka(), new Properties())));
        harness.open();
        return harness;
    }

    private static void awaitTopic(String name) throws Exception {
        Instant end = Instant.now().plus(PATIENCE);
        while (!admin.listTopics().names().get().contains(name)) {
            assertThat(Instant.now()).isBefore(end);
        }
    }

    private static void awaitMembers(String group, int members) throws Exception {
        Instant end = Instant.now().plus(PATIENCE);
        int found = -1;
        while (found != members && Instant.now().isBefore(end)) {
            found = members(group);
        }
        assertThat(found).isEqualTo(members);
    }

    private static int partitions(Map<String, TopicDescription> topics, String topic) {
        return Objects.requireNonNull(topics.get(topic)).partitions().size();
    }

    private static int members(String group) throws Exception {
        Set<String> groups = new HashSet<>();
        admin.listGroups().all().get().forEach(each -> groups.add(each.groupId()));
        return groups.contains(group)
                ? admin.describeConsumerGroups(List.of(group))
                        .describedGroups()
                        .values()
                        .iterator()
                        .next()
                        .get()
                        .members()
                        .size()
                : 0;
    }

    private static List<CreatedTopic> create(FreshetConfig config) throws InterruptedException {
        Problems problems = new Problems();
        List<CreatedTopic> created =
                TopicCreation.create(config, new Properties(), 3, Optional.empty(), problems);
        assertThat(problems.all()).isEmpty();
        return created;
    }

    private static List<String> check(FreshetConfig config, Start start)
            throws InterruptedException {
        Problems problems = new Problems();
        var unused = KafkaPreflight.check(config, new Properties(), start, problems);
        return problems.all();
    }

    private static Optional<String> found(FreshetConfig config) throws InterruptedException {
        return KafkaPreflight.check(config, new Properties(), ALONE, new Problems());
    }

    private static void commit(FreshetConfig config, String topic, long offset) throws Exception {
        admin.alterConsumerGroupOffsets(
                        config.kafka().groupId(),
                        Map.of(new TopicPartition(topic, 0), new OffsetAndMetadata(offset)))
                .all()
                .get();
    }

    private static String value(String topic, String key) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        Config config =
                admin.describeConfigs(List.of(resource)).values().values().iterator().next().get();
        return config.get(key).value();
    }

    /** Topics, group and transactions have the prefix. */
    private static FreshetConfig config(String prefix, String... further) {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "--kafka.bootstrap-servers",
                                broker.bootstrapServers(),
                                "--kafka.group-id",
                                prefix,
                                "--kafka.transactional-id-prefix",
                                prefix));
        if (!List.of(further).contains("--kafka.transaction-timeout")) {
            arguments.addAll(List.of("--kafka.transaction-timeout", "10 min"));
        }
        for (String topic :
                List.of(
                        "interactions",
                        "items",
                        "requests",
                        "controls",
                        "recommendations",
                        "model-checkpoints",
                        "evaluations",
                        "dead-letters",
                        "audit")) {
            if (!List.of(further).contains("--kafka.topic." + topic)) {
                arguments.addAll(List.of("--kafka.topic." + topic, prefix + "-" + topic));
            }
        }
        arguments.addAll(List.of(further));
        return FreshetConfig.from(Arguments.parse(arguments.toArray(String[]::new)));
    }
}
