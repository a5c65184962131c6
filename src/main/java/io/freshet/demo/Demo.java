package io.freshet.demo;

import io.freshet.config.FreshetConfig;
import io.freshet.config.KafkaConfig;
import io.freshet.demo.shop.CsvFeed;
import io.freshet.demo.shop.Feed;
import io.freshet.demo.shop.GeneratedFeed;
import io.freshet.demo.shop.ShopRecord;
import io.freshet.demo.shop.ShopRecord.Action;
import io.freshet.demo.shop.ShopSettings;
import io.freshet.demo.view.Dashboard;
import io.freshet.event.CatalogItem;
import io.freshet.event.Interaction;
import io.freshet.replay.input.UserHistories;
import io.freshet.serve.Gateway;
import io.freshet.serve.GatewaySettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.ExceptionUtils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The whole demo: a broker, a cluster, the job, a shop that feeds it, and a watcher that passes
 * what comes out to the dashboard. Nothing of it is left after {@link #close}.
 */
public final class Demo implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Demo.class);
    static final int PARALLELISM = 2;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Map<String, String> LARGE_RECORDS =
            Map.of("max.message.bytes", String.valueOf(EmbeddedKafka.MAX_RECORD_BYTES));

    private final DemoSettings settings;
    private final DemoJob job;
    private final BaseModel base;
    private final Dashboard dashboard;
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private final Deque<AutoCloseable> running = new ConcurrentLinkedDeque<>();
    private final CountDownLatch started = new CountDownLatch(1);
    private volatile boolean closed;

    public Demo(DemoSettings settings, DemoJob job, BaseModel base, Dashboard dashboard) {
        this.settings = settings;
        this.job = job;
        this.base = base;
        this.dashboard = dashboard;
    }

    /**
     * Starts everything; the dashboard shows what is going on.
     *
     * @throws CancellationException if it was closed meanwhile
     * @throws Exception what Flink, Kafka or a file threw
     */
    public void start() throws Exception {
        try {
            starting();
        } finally {
            started.countDown();
        }
    }

    /**
     * Waits until the job has ended, or for some time.
     *
     * @return whether the job has ended
     * @throws ExecutionException if the job, or what feeds and watches it, broke down
     */
    public boolean await(Duration time) throws ExecutionException, InterruptedException {
        try {
            end.get(time.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }

    /**
     * Ends everything, in the reverse order of its start, and waits for it; a second call does
     * nothing. If it is starting, it stops starting first.
     */
    @Override
    public synchronized void close() {
        closed = true;
        end.complete(null);
        awaitStart();
        running.forEach(Demo::end);
        running.clear();
    }

    private void starting() throws Exception {
        dashboard.phase("opening the shop");
        Feed feed = feed();
        progress("starting Kafka");
        TemporaryDirectory directory = keep(TemporaryDirectory.create("demo"));
        EmbeddedKafka kafka = keep(EmbeddedKafka.startUnhooked());
        Path models = directory.path().resolve("models");
        Configuration options = options(feed, kafka, models, 0);
        FreshetConfig config = FreshetConfig.from(options);
        KafkaConfig topics = config.kafka();
        createTopics(kafka, topics);
        BaseMaker maker = keep(new BaseMaker(feed, config));
        RecordWriter writer = new RecordWriter(topics, config.ingest().attributes());
        Feeder feeder = keep(new Feeder(feed, topics.bootstrapServers(), writer, dashboard, end));
        options = options(feed, kafka, models, feeder.sendHistory());
        DemoCluster cluster =
                keep(new DemoCluster(directory.path(), PARALLELISM, settings.webPort()));
        URI web = cluster.start();
        dashboard.webUi(web.toString());
        maker.await();
        progress("starting the job");
        JobID submitted = cluster.submit(job, options, end);
        keep(new TopicWatcher(topics, dashboard, end)).start();
        keep(new CountReader(web, submitted, dashboard, end)).start();
        dashboard.gateway(keep(gateway(options)).url());
        feeder.start();
        progress(feed.name());
    }

    private Gateway gateway(Configuration options) throws IOException {
        return Gateway.start(
                GatewaySettings.onLoopback(settings.gatewayPort()).withActing(acting()),
                FreshetConfig.from(options),
                FreshetConfig.kafkaProperties(options));
    }

    /**
     * What one can do as a shopper on the live page: nothing with files, whose types may be any.
     */
    private List<String> acting() {
        return settings.interactions() == null
                ? List.of(Action.LOOK, Action.PURCHASE, Action.HIDE)
                : List.of();
    }

    private void progress(String words) {
        if (closed) {
            throw new CancellationException("The demo was closed while it started");
        }
        dashboard.phase(words);
    }

    private void awaitStart() {
        try {
            if (!started.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("The demo is still starting after {}", PATIENCE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private <T extends AutoCloseable> T keep(T part) {
        running.push(part);
        return part;
    }

    private static void end(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception e) { // declared so; the other parts must be closed as well
            LOG.warn("{} did not end cleanly", part, e);
        }
    }

    private Feed feed() throws IOException {
        Path interactions = settings.interactions();
        Path items = settings.items();
        if (interactions == null || items == null) {
            return GeneratedFeed.of(
                    ShopSettings.of(settings.seed(), ShopSettings.Feedback.usual()),
                    settings.history(),
                    settings.rate());
        }
        return CsvFeed.open(
                interactions,
                items,
                FreshetConfig.from(settings.options()),
                settings.speedUp(),
                settings.rate());
    }

    private Configuration options(Feed feed, EmbeddedKafka kafka, Path models, long firstProbed) {
        return DemoOptions.of(
                feed,
                settings.interactions() == null,
                kafka.bootstrapServers(),
                models,
                firstProbed,
                settings.options());
    }

    static void createTopics(EmbeddedKafka kafka, KafkaConfig topics) {
        kafka.createTopic(topics.interactionsTopic(), PARALLELISM, LARGE_RECORDS);
        kafka.createTopic(topics.deadLettersTopic(), 1, LARGE_RECORDS);
        kafka.createTopic(topics.requestsTopic(), PARALLELISM);
        kafka.createTopic(topics.recommendationsTopic(), PARALLELISM);
        for (String topic :
                List.of(
                        topics.itemsTopic(),
                        topics.usersTopic(),
                        topics.controlsTopic(),
                        topics.modelCheckpointsTopic(),
                        topics.evaluationsTopic(),
                        topics.auditTopic())) {
            kafka.createTopic(topic, 1);
        }
    }

    /** Makes the base model while the rest starts. */
    private final class BaseMaker implements AutoCloseable {

        private final FutureTask<Void> task;

        private BaseMaker(Feed feed, FreshetConfig config) {
            task =
                    new FutureTask<>(
                            () -> {
                                makeBase(feed, config);
                                return null;
                            });
            Thread thread = new Thread(task, "demo-base");
            thread.setDaemon(true);
            thread.start();
        }

        private void await() throws Exception { // whatever the making threw
            try {
                task.get();
            } catch (ExecutionException e) {
                ExceptionUtils.rethrowException(e.getCause());
            }
        }

        /** It ends at its next step, and before that the directory must not go. */
        @Override
        public void close() throws InterruptedException {
            try {
                task.get();
            } catch (ExecutionException e) {
                LOG.debug("There is no base model", e);
            }
        }
    }

    private void makeBase(Feed feed, FreshetConfig config) throws IOException {
        Map<String, CatalogItem> items = new LinkedHashMap<>();
        List<Interaction> history = new ArrayList<>();
        for (ShopRecord record : feed.history()) {
            if (record instanceof ShopRecord.Announcement announcement) {
                items.put(announcement.item().itemId(), announcement.item());
            } else if (record instanceof ShopRecord.Action action && !action.again()) {
                history.add(action.interaction());
            }
        }
        history.sort(Comparator.comparingLong(Interaction::timestamp));
        UserHistories histories = new UserHistories(config.history());
        history.forEach(histories::add);
        progress("reading " + items.size() + " titles");
        base.make(config, histories.byUser().values(), List.copyOf(items.values()), this::progress);
    }

    /** Makes the model that the job starts from. */
    @FunctionalInterface
    public interface BaseModel {

        /**
         * Trains on history and writes the first version into the configured store.
         *
         * @param histories each user's distinct interactions in order of time
         * @param items what the catalog holds
         * @param progress receives, in words, how far it has come
         */
        void make(
                FreshetConfig config,
                Collection<List<Interaction>> histories,
                List<CatalogItem> items,
                Consumer<String> progress)
                throws IOException;
    }

    /** What the demo shows: the job from Kafka to Kafka. */
    @FunctionalInterface
    public interface DemoJob {

        /** Adds the whole job to an environment, by Freshet's options. */
        void build(StreamExecutionEnvironment env, Configuration options);
    }

    /**
     * What the user of the demo decides.
     *
     * @param seed of the generated shop
     * @param history shop time that the generated shop has been open for
     * @param rate interactions a second, on average
     * @param interactions CSV file that takes the generated shop's place, or null
     * @param items CSV file of that shop's items; null exactly if {@code interactions} is
     * @param speedUp shop time per real time for CSV files, or null to follow {@code rate}
     * @param webPort port of Flink's web UI, 0 for a free one
     * @param gatewayPort port of the gateway, 0 for a free one
     * @param options job options that win over the demo's
     */
    public record DemoSettings(
            long seed,
            Duration history,
            double rate,
            @Nullable Path interactions,
            @Nullable Path items,
            @Nullable Double speedUp,
            int webPort,
            int gatewayPort,
            Configuration options) {}
}
