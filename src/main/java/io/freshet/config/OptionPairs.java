package io.freshet.config;

import io.freshet.config.option.OptionGroup.RangedOption;
import io.freshet.config.option.Problems;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;

/**
 * Rules that no option can break by itself. A problem names both keys with their values, the rule
 * with its reason, and what to change.
 */
final class OptionPairs {

    private static final String MAX_REQUEST_SIZE = "kafka.properties.max.request.size";
    private static final long DEFAULT_REQUEST_SIZE = 1 << 20; // the producer's own

    /** Kafka's properties that are set from options of their own. */
    private static final Map<String, ConfigOption<?>> OWN_OPTION =
            Map.of(
                    "kafka.properties.bootstrap.servers", KafkaConfig.BOOTSTRAP_SERVERS,
                    "kafka.properties.group.id", KafkaConfig.GROUP_ID,
                    "kafka.properties.transactional.id", KafkaConfig.TRANSACTIONAL_ID_PREFIX,
                    "kafka.properties.transaction.timeout.ms", KafkaConfig.TRANSACTION_TIMEOUT);

    private final FreshetConfig config;
    private final Map<String, String> given;
    private final Problems problems;

    /**
     * @param given what the user has set
     * @param problems receives what is wrong
     */
    OptionPairs(FreshetConfig config, Configuration given, Problems problems) {
        this.config = config;
        this.given = given.toMap();
        this.problems = problems;
    }

    void check() {
        checkNames();
        checkTopics();
        checkSizes();
        checkTimes();
        checkItems();
        checkModel();
        checkTraining();
        if (config.recommend().candidates() < config.recommend().listSize()) {
            problems.add(
                    RecommendConfig.CANDIDATES.key(),
                    String.valueOf(config.recommend().candidates()),
                    "at least recommend.list-size = " + config.recommend().listSize());
        }
    }

    /** An option that is set in two ways has two values, of which one would be dropped. */
    private void checkNames() {
        OWN_OPTION.forEach(
                (property, option) -> {
                    if (given.containsKey(property)) {
                        problems.add(
                                property,
                                given.get(property),
                                "only %s, which sets it for every client".formatted(option.key()));
                    }
                });
        for (RangedOption<?> ranged : OptionCatalog.all()) {
            List<String> set =
                    OptionCatalog.keys(ranged.option()).stream()
                            .filter(given::containsKey)
                            .toList();
            if (set.size() > 1) {
                problems.add(
                        String.join(" and ", set),
                        String.join("' and '", set.stream().map(given::get).toList()),
                        "one of them, for they are names of one option; keep " + set.get(0));
            }
        }
    }

    /** What is written to a topic that is read would come back as a record of another kind. */
    private void checkTopics() {
        KafkaConfig kafka = config.kafka();
        Map<String, String> topics = new LinkedHashMap<>();
        topics.put(KafkaConfig.INTERACTIONS_TOPIC.key(), kafka.interactionsTopic());
        topics.put(KafkaConfig.ITEMS_TOPIC.key(), kafka.itemsTopic());
        if (config.readsUsers()) {
            topics.put(KafkaConfig.USERS_TOPIC.key(), kafka.usersTopic());
        }
        topics.put(KafkaConfig.CONTROLS_TOPIC.key(), kafka.controlsTopic());
        topics.put(KafkaConfig.RECOMMENDATIONS_TOPIC.key(), kafka.recommendationsTopic());
        topics.put(KafkaConfig.MODEL_CHECKPOINTS_TOPIC.key(), kafka.modelCheckpointsTopic());
        topics.put(KafkaConfig.EVALUATIONS_TOPIC.key(), kafka.evaluationsTopic());
        topics.put(KafkaConfig.DEAD_LETTERS_TOPIC.key(), kafka.deadLettersTopic());
        topics.put(KafkaConfig.AUDIT_TOPIC.key(), kafka.auditTopic());
        Map<String, String> keys = new LinkedHashMap<>();
        topics.forEach(
                (key, topic) -> {
                    String other = keys.putIfAbsent(topic, key);
                    if (other != null) {
                        problems.add(
                                key,
                                topic,
                                "another topic than %s = %s, because each has records of its own kind"
                                        .formatted(other, topic));
                    }
                });
    }

    private void checkSizes() {
        int idLength = config.ingest().maxIdLength();
        long list = config.recommend().maxListBytes(idLength);
        String found = given.getOrDefault(MAX_REQUEST_SIZE, String.valueOf(DEFAULT_REQUEST_SIZE));
        if (!found.strip().matches("[0-9]{1,10}")) {
            problems.add(MAX_REQUEST_SIZE, found, "a number of bytes");
        } else if (list > Long.parseLong(found.strip())) {
            problems.add(
                    config.recommend().longestBy().key(),
                    String.valueOf(config.recommend().longest()),
                    ("a size at which the largest list, of %d bytes with ingest.max-id-length = %d,"
                                    + " is at most %s = %s, because a larger one would stop the job;"
                                    + " lower one of the first two, or raise the last together with"
                                    + " the topic's max.message.bytes")
                            .formatted(list, idLength, MAX_REQUEST_SIZE, found));
        }
        int record = config.ingest().maxRecordBytes();
        int width = config.item().modalities().values().stream().mapToInt(each -> each).sum();
        atLeast(
                IngestConfig.MAX_RECORD_BYTES,
                record,
                3L * idLength,
                "three times ingest.max-id-length = %d, because an interaction has three ids; raise it, or lower that"
                        .formatted(idLength));
        atLeast(
                IngestConfig.MAX_RECORD_BYTES,
                record,
                2L * width,
                "two for each of the %d numbers of item.modalities = %s, or no record could bring them; raise it, or lower those"
                        .formatted(width, config.item().modalities()));
    }

    private void atLeast(ConfigOption<?> option, long found, long least, String what) {
        if (found < least) {
            problems.add(
                    option.key(), String.valueOf(found), "at least %d, %s".formatted(least, what));
        }
    }

    private void checkTimes() {
        HistoryConfig history = config.history();
        TrainingConfig.Vocabulary vocabulary = config.training().vocabulary();
        Duration window = config.training().window().time();
        String pane = "history.pane = " + history.pane();
        atLeast(
                TrainingConfig.Window.TIME,
                window,
                history.pane(),
                pane + ", because windows are made of panes");
        atLeast(
                HistoryConfig.TTL,
                history.ttl(),
                history.pane(),
                pane
                        + ", because a pane ends with what is kept of its users; raise it, or lower that");
        atLeast(
                HistoryConfig.TTL,
                history.ttl(),
                history.asking().debounce(),
                "history.debounce = %s, because a list is made of what is kept; raise it, or lower that"
                        .formatted(history.asking().debounce()));
        atLeast(
                HistoryConfig.FORGOTTEN_TTL,
                history.forgottenTtl(),
                config.ingest().maxDisorder(),
                "ingest.max-disorder = %s, because a forgotten user's interactions may come so late; raise it, or lower that"
                        .formatted(config.ingest().maxDisorder()));
        atLeast(
                TrainingConfig.Vocabulary.TTL,
                vocabulary.ttl(),
                history.pane(),
                pane
                        + ", because an item's row must last until it is trained; raise it, or lower that");
    }

    private void atLeast(ConfigOption<?> option, Duration found, Duration least, String what) {
        if (found.compareTo(least) < 0) {
            problems.add(option.key(), found.toString(), "at least " + what);
        }
    }

    private void checkItems() {
        ItemConfig items = config.item();
        if (items.attributeWidth() > 0
                && items.modalities().containsKey(ItemConfig.ATTRIBUTES_MODALITY)) {
            problems.add(
                    ItemConfig.MODALITIES.key(),
                    items.modalities().toString(),
                    "no modality '%s', which with item.attribute-width = %d the attributes are"
                            .formatted(ItemConfig.ATTRIBUTES_MODALITY, items.attributeWidth()));
        }
    }

    private void checkModel() {
        ModelConfig model = config.model();
        if (model.width() % model.heads() != 0) {
            problems.add(
                    ModelConfig.HEADS.key(),
                    String.valueOf(model.heads()),
                    "a divisor of model.width = " + model.width());
        }
        Set<String> attributes = new TreeSet<>(ModelConfig.BUILT_IN_ATTRIBUTES);
        attributes.addAll(config.ingest().attributes().context().keySet());
        if (!attributes.containsAll(model.attributes())) {
            problems.add(
                    ModelConfig.ATTRIBUTES.key(),
                    String.join(", ", model.attributes()),
                    ("some of %s; a further field of interactions has to be declared by"
                                    + " attributes.context")
                            .formatted(attributes));
        }
    }

    private void checkTraining() {
        TrainingConfig.Window window = config.training().window();
        TrainingConfig.Replay replay = config.training().replay();
        if (window.maxInteractions() < config.history().length()) {
            problems.add(
                    TrainingConfig.Window.MAX_INTERACTIONS.key(),
                    String.valueOf(window.maxInteractions()),
                    "at least history.length = "
                            + config.history().length()
                            + ", because a sequence is never cut in two");
        }
        if (replay.distillation() > 0 && (replay.ratio() == 0 || replay.capacity() == 0)) {
            problems.add(
                    TrainingConfig.Replay.DISTILLATION.key(),
                    String.valueOf(replay.distillation()),
                    ("0 with training.replay-ratio = %s and training.replay-capacity = %d, because"
                                    + " only replayed positions are distilled; raise those, or set it"
                                    + " to 0")
                            .formatted(replay.ratio(), replay.capacity()));
        }
    }
}
