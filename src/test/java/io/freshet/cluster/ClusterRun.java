package io.freshet.cluster;

import static io.freshet.OperatorIds.ITEM_ENCODER;

import com.fasterxml.jackson.databind.JsonNode;
import io.freshet.demo.RecordWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * One life of the job, from its first submission to a last savepoint, on processes of its own: a
 * broker and a cluster. Whoever runs it sends a stream bit by bit, and kills what it likes.
 */
final class ClusterRun implements AutoCloseable {

    /** Task managers of the cluster, numbered from 0. */
    static final int TASK_MANAGERS = 2;

    private final Path directory;
    private final ShopStream stream;
    private final Broker broker;
    private final Topics topics;
    private final FlinkCluster cluster;
    private final JobArguments arguments;
    private final RecordWriter writer;
    private String job;
    private int sent;
    private @Nullable Path savepoint;

    /**
     * Starts everything, and submits the job.
     *
     * @param name of the directory below {@code target/cluster}
     * @param window interactions in a training window
     * @param flink options of Flink's that win over this repository's
     * @param options the job's options that win over {@link JobArguments}
     */
    ClusterRun(
            String name,
            ShopStream stream,
            int window,
            boolean highlyAvailable,
            Map<String, String> flink,
            Map<String, String> options)
            throws IOException {
        this.directory = RunDirectory.create(name);
        this.stream = stream;
        this.broker = new Broker(directory);
        this.cluster = new FlinkCluster(directory, TASK_MANAGERS, highlyAvailable, flink);
        this.topics = new Topics(broker.bootstrapServers());
        this.arguments =
                new JobArguments(
                        broker.bootstrapServers(),
                        directory.resolve("models"),
                        stream.disorder(),
                        window);
        options.forEach(arguments::with);
        this.writer = new RecordWriter(arguments.topics());
        this.job = submit(List.of());
    }

    FlinkCluster cluster() {
        return cluster;
    }

    /** Starts a Prometheus that scrapes the cluster; the caller closes it. */
    Prometheus watch() throws IOException {
        return new Prometheus(directory, cluster.metricsPorts());
    }

    Broker broker() {
        return broker;
    }

    /** The job's id; another one after each submission. */
    String job() {
        return job;
    }

    /** Where the job's versions are. */
    Path store() {
        return directory.resolve("models");
    }

    /** Cancels the job, and submits it again to the same cluster from its last checkpoint. */
    void resubmit() {
        Await.until("a checkpoint", () -> cluster.rest().checkpoints(job, "completed") > 0);
        cluster.rest().cancel(job);
        resume();
    }

    /**
     * Upgrades the job as the handbook says: stops it with a savepoint, and has {@code freshet run}
     * check and submit it from there.
     *
     * @param options that are other ones from now on
     */
    void upgrade(Map<String, String> options) throws IOException {
        String stopped = cluster.rest().stop(job, directory.resolve("savepoints"));
        options.forEach(arguments::with);
        Path file = directory.resolve("freshet.yaml");
        arguments.write(file);
        job = cluster.run(file, stopped);
        cluster.awaitRunning(job);
    }

    /** Submits the job again, from the newest checkpoint that it has left behind. */
    void resume() {
        String checkpoint = cluster.latestCheckpoint(job);
        job = submit(List.of("--fromSavepoint", checkpoint));
    }

    /** Sends the whole catalog, and waits until all its texts are encoded. */
    void sendCatalog() {
        int items = stream.sendCatalog(topics, writer);
        Await.until(
                "the texts of " + items + " items",
                () -> cluster.rest().sum(job, ITEM_ENCODER, "encoder.itemsEncoded") >= items,
                () -> cluster.rest().sum(job, ITEM_ENCODER, "encoder.itemsEncoded") + " encoded");
    }

    /** Sends the stream up to a share of it. */
    void sendUpTo(double share) {
        send((int) Math.round(share * stream.size()));
    }

    /** Sends so many more interactions, and whatever is between them. */
    void sendMore(int interactions) {
        send(stream.after(sent, interactions));
    }

    /** Kills a task manager, and starts another one in its place. */
    void replaceTaskManager(int index) {
        killTaskManager(index);
        cluster.startTaskManager(index);
    }

    /** Kills a task manager, and returns when the job manager has noticed. */
    void killTaskManager(int index) {
        cluster.killTaskManager(index);
        Await.until("the loss of a task manager", () -> !cluster.rest().running(job));
    }

    /** Which task manager an operator runs on, as soon as all of the job does. */
    int taskManagerOf(String operator) {
        cluster.awaitRunning(job);
        return cluster.taskManagerOf(job, operator);
    }

    /** The version after the newest that is in the store now, announced or not. */
    long nextVersion() {
        return Arrays.stream(Objects.requireNonNullElse(store().toFile().list(), new String[0]))
                        .filter(name -> name.matches("\\d+"))
                        .mapToLong(Long::parseLong)
                        .max()
                        .orElse(0)
                + 1;
    }

    /** Waits until a window's new positions were tested, which happens just before it trains. */
    void awaitTraining(long window) {
        topics.awaitWritten("evaluations", found -> found.path("window").asLong() == window);
    }

    /** Waits until a window's update is announced, though that may never be committed. */
    void awaitUpdate(long window) {
        topics.awaitWritten(
                "model-checkpoints",
                found ->
                        found.path("verdict").asText().equals("updated")
                                && found.path("window").asLong() >= window);
    }

    /** Windows that have a verdict, to whoever reads what is committed. */
    int windows() {
        return topics.committed("model-checkpoints").size();
    }

    /** Sends a control without a subject, and waits for what became of it. */
    void control(String kind) {
        String control =
                "{\"control_id\":\"%s\",\"kind\":\"%s\",\"timestamp_ms\":%d}"
                        .formatted(kind, kind, System.currentTimeMillis());
        byte[] value = control.getBytes(StandardCharsets.UTF_8);
        topics.send(new ProducerRecord<>("controls", null, value));
        topics.flush();
        topics.await("audit", found -> found.path("control_id").asText().equals(kind));
    }

    /** Waits until a version is in the store, and not a moment longer. */
    void awaitWritten(long number) {
        Path version = store().resolve(String.valueOf(number));
        Await.until("version " + number, () -> Files.exists(version), this::nextVersion);
    }

    /** Whether a version is in the store. */
    boolean isWritten(long number) {
        return Files.exists(store().resolve(String.valueOf(number)));
    }

    /** Whether a version is announced to whoever reads what is committed. */
    boolean isAnnounced(long number) {
        return topics.committed("model-checkpoints").stream().anyMatch(isVersion(number));
    }

    /** Starts a savepoint, and returns as soon as its directory is there. */
    void beginSavepoint() {
        try {
            Path parent = Files.createTempDirectory(directory, "begun-");
            cluster.rest().startSavepoint(job, parent);
            savepoint =
                    Await.value(
                            "the beginning of a savepoint",
                            () -> {
                                try (Stream<Path> found = Files.list(parent)) {
                                    return found.findAny();
                                }
                            },
                            () -> "nothing in " + parent);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether the savepoint that was begun last is whole. */
    boolean isSaved() {
        return savepoint != null && Files.exists(savepoint.resolve("_metadata"));
    }

    /** Waits until version {@code number} is announced, to whoever reads what is committed. */
    void awaitVersion(long number) {
        topics.await("model-checkpoints", isVersion(number));
    }

    /** Waits until the announcement of a version is on its way, though not committed yet. */
    void awaitAnnouncing(long number) {
        topics.awaitWritten("model-checkpoints", isVersion(number));
    }

    /** Sends the rest, lets event time pass all of it, and stops the job with a savepoint. */
    Outcome finish() {
        sendUpTo(1);
        int last = stream.close(topics, writer);
        topics.await("model-checkpoints", found -> found.path("interactions").asInt() == last);
        String savepoint = cluster.rest().stop(job, directory.resolve("savepoints"));
        return new Outcome(
                new SavedState(savepoint),
                topics.committed("model-checkpoints"),
                topics.committed("evaluations"),
                topics.committed("recommendations"),
                topics.committed("dead-letters"),
                topics.committed("audit"));
    }

    /**
     * What is known in the end.
     *
     * @param state of the last savepoint
     * @param verdicts on updates and versions
     * @param evaluations of the live model
     * @param lists that were served
     * @param deadLetters of broken records
     * @param audit what became of controls
     */
    record Outcome(
            SavedState state,
            List<JsonNode> verdicts,
            List<JsonNode> evaluations,
            List<JsonNode> lists,
            List<JsonNode> deadLetters,
            List<JsonNode> audit) {}

    @Override
    public void close() {
        topics.close();
        cluster.close();
        broker.close();
    }

    private void send(int to) {
        stream.send(topics, writer, sent, to);
        sent = to;
    }

    private String submit(List<String> flinkOptions) {
        String submitted = cluster.submit(flinkOptions, arguments.list());
        cluster.awaitRunning(submitted);
        return submitted;
    }

    private static Predicate<JsonNode> isVersion(long number) {
        return found -> found.path("version").asLong() == number;
    }
}
