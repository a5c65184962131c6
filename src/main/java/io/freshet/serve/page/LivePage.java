package io.freshet.serve.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.freshet.config.KafkaConfig;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the live page is made of: keeps what is new on the topics, and sends it to the browsers that
 * look at the page. Thread-safe.
 */
public final class LivePage implements AutoCloseable {

    public static final int EVALUATIONS = 500;
    public static final int CHECKPOINTS = 200;
    public static final int DEAD_LETTERS = 50;
    public static final int LISTS = RecentLists.LISTS;

    private static final Logger LOG = LoggerFactory.getLogger(LivePage.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int ITEMS = 100_000;
    private static final int LONGEST_PAYLOAD = 4_096; // of base64: whole bytes
    private static final int MOST_STREAMS = 32;

    private final KafkaConfig kafka;
    private final List<String> acting;
    private final Map<String, NewestRecords> records = new HashMap<>();
    private final RecentLists lists = new RecentLists(System::currentTimeMillis);
    private final ItemCatalog catalog = new ItemCatalog(ITEMS);
    private final List<EventStream> streams = new ArrayList<>();
    private final Rollbacks rollbacks;
    private final ScheduledThreadPoolExecutor ticker =
            new ScheduledThreadPoolExecutor(
                    1,
                    task -> {
                        Thread made = new Thread(task, "gateway-page");
                        made.setDaemon(true);
                        return made;
                    });
    private Consumer<ObjectNode> more = figures -> {};
    private boolean closed;

    /**
     * @param properties client properties, those of sources and sinks
     * @param acting event types that the page offers to send as a user; empty for none
     */
    public LivePage(KafkaConfig kafka, Properties properties, List<String> acting) {
        this.kafka = kafka;
        this.acting = acting;
        this.rollbacks = new Rollbacks(kafka, properties, this::rolledBack);
        records.put(kafka.evaluationsTopic(), new NewestRecords(EVALUATIONS));
        records.put(kafka.modelCheckpointsTopic(), new NewestRecords(CHECKPOINTS));
        records.put(kafka.deadLettersTopic(), new NewestRecords(DEAD_LETTERS));
    }

    /**
     * Sends figures from now on, each second.
     *
     * @param more adds those that no topic has
     */
    public synchronized void start(Consumer<ObjectNode> more) {
        this.more = more;
        var unused = ticker.scheduleAtFixedRate(this::sendFigures, 1, 1, TimeUnit.SECONDS);
    }

    /**
     * A record of a topic.
     *
     * @param key the record's, empty if it has none
     * @param value the record's, null for a tombstone
     */
    public void receive(String topic, String key, byte @Nullable [] value) {
        if (value == null) {
            forget(topic, key);
            return;
        }
        try {
            if (topic.equals(kafka.recommendationsTopic())) {
                receiveList(key, value);
            } else {
                receive(topic, JSON.readTree(value));
            }
        } catch (IOException e) {
            LOG.debug("A record of topic {} is no JSON", topic, e);
        }
    }

    /**
     * Begins a stream of events, unless too many are open.
     *
     * @param user whose lists it has; empty for nobody's
     */
    synchronized Optional<EventStream> open(String user) {
        streams.removeIf(EventStream::isEnded);
        if (closed || streams.size() >= MOST_STREAMS) {
            return Optional.empty();
        }
        EventStream stream = new EventStream(user);
        stream.send("snapshot", snapshot().toString());
        streams.add(stream);
        return Optional.of(stream);
    }

    /**
     * Writes events until the browser goes, on a thread of its own.
     *
     * @param user whose lists it has; empty for nobody's
     * @param end is run when it is over
     * @return whether it does: not if too many streams are open
     */
    public boolean write(String user, OutputStream out, Runnable end) {
        Optional<EventStream> stream = open(user);
        stream.ifPresent(opened -> write(opened, out, end));
        return stream.isPresent();
    }

    /** What is known of items, by id, in JSON. */
    public synchronized String items(List<String> ids) {
        ObjectNode found = JSON.createObjectNode();
        for (String id : ids) {
            ObjectNode item = found.putObject(id);
            catalog.writeTo(id, item);
            item.put("shown", lists.shown(id)).put("lists", lists.kept());
        }
        return found.toString();
    }

    /**
     * Asks the job to roll back.
     *
     * @param update since the version, 0 for the version itself
     * @return whether it is asked: not if too many rollbacks wait
     */
    public boolean rollBack(long version, long update) {
        return rollbacks.send(version, update);
    }

    /** Ends all streams. */
    @Override
    public void close() {
        ticker.shutdownNow();
        rollbacks.close();
        synchronized (this) {
            closed = true;
            streams.forEach(EventStream::end);
        }
    }

    private static void write(EventStream stream, OutputStream out, Runnable end) {
        Thread thread =
                new Thread(
                        () -> {
                            try {
                                stream.writeTo(out);
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            } finally {
                                end.run();
                            }
                        },
                        "gateway-events");
        thread.setDaemon(true);
        thread.start();
    }

    private synchronized void forget(String topic, String key) {
        if (topic.equals(kafka.itemsTopic())) {
            catalog.remove(key);
        } else if (topic.equals(kafka.recommendationsTopic())) {
            lists.remove(key);
        }
    }

    private synchronized void receiveList(String user, byte[] value) throws IOException {
        List<EventStream> followers =
                streams.stream()
                        .filter(stream -> !user.isEmpty() && stream.user().equals(user))
                        .toList();
        if (followers.isEmpty() && !lists.wants()) {
            lists.count(user);
            return;
        }
        JsonNode list = JSON.readTree(value);
        lists.see(user, list);
        followers.forEach(stream -> stream.send("list", list.toString()));
    }

    private synchronized void receive(String topic, JsonNode value) {
        NewestRecords newest = records.get(topic);
        if (newest != null) {
            JsonNode record = shortened(value);
            newest.add(record);
            send(topic, record.toString());
        } else {
            catalog.put(value);
        }
    }

    /** Without what the page doesn't show, which may be long. */
    private static JsonNode shortened(JsonNode record) {
        if (record instanceof ObjectNode fields) {
            fields.remove("trained_offsets");
            String payload = fields.path("payload").asText();
            if (payload.length() > LONGEST_PAYLOAD) {
                fields.put("payload", payload.substring(0, LONGEST_PAYLOAD));
            }
        }
        return record;
    }

    private void send(String topic, String json) {
        String event =
                topic.equals(kafka.evaluationsTopic())
                        ? "evaluation"
                        : topic.equals(kafka.modelCheckpointsTopic())
                                ? "checkpoint"
                                : "dead-letter";
        streams.forEach(stream -> stream.send(event, json));
    }

    private synchronized void sendFigures() {
        streams.removeIf(EventStream::isEnded);
        if (!streams.isEmpty()) {
            String figures = figures().toString();
            streams.forEach(stream -> stream.send("figures", figures));
        }
    }

    private synchronized void rolledBack(Rollbacks.Outcome outcome) {
        ObjectNode event = JSON.createObjectNode();
        event.put("version", outcome.version()).put("update", outcome.update());
        event.put("outcome", outcome.outcome()).put("reason", outcome.reason());
        streams.forEach(stream -> stream.send("rollback", event.toString()));
    }

    private ObjectNode snapshot() {
        ObjectNode snapshot = JSON.createObjectNode();
        acting.forEach(snapshot.putArray("acting")::add);
        write(kafka.evaluationsTopic(), "evaluations", snapshot);
        write(kafka.modelCheckpointsTopic(), "checkpoints", snapshot);
        write(kafka.deadLettersTopic(), "dead_letters", snapshot);
        snapshot.set("figures", figures());
        return snapshot;
    }

    private void write(String topic, String field, ObjectNode snapshot) {
        newest(topic).writeTo(snapshot.putArray(field));
    }

    private ObjectNode figures() {
        ObjectNode figures = JSON.createObjectNode();
        figures.put("now_ms", System.currentTimeMillis());
        figures.put("dead_letters", newest(kafka.deadLettersTopic()).added());
        lists.writeTo(figures);
        more.accept(figures);
        return figures;
    }

    private NewestRecords newest(String topic) {
        NewestRecords newest = records.get(topic);
        if (newest == null) {
            throw new IllegalStateException("Nothing is kept of topic " + topic);
        }
        return newest;
    }

    /** The body of a request to roll back; nothing if it isn't one. */
    public static Optional<Target> target(byte[] body) {
        try {
            JsonNode found = JSON.readTree(body);
            long version = positive(found.path("version"));
            JsonNode update = found.path("update");
            long since = update.isMissingNode() || update.isNull() ? 0 : positive(update);
            return version > 0 && since >= 0
                    ? Optional.of(new Target(version, since))
                    : Optional.empty();
        } catch (IOException e) {
            LOG.debug("A request to roll back is no JSON", e);
            return Optional.empty();
        }
    }

    private static long positive(JsonNode number) {
        return number.isIntegralNumber() && number.canConvertToLong() && number.asLong() > 0
                ? number.asLong()
                : -1;
    }

    /**
     * What to roll back to.
     *
     * @param update since the version, 0 for the version itself
     */
    public record Target(long version, long update) {}
}
