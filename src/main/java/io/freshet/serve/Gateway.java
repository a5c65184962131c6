package io.freshet.serve;

import io.freshet.config.FreshetConfig;
import io.freshet.config.IngestConfig;
import io.freshet.config.KafkaConfig;
import io.freshet.kafka.ClientFailure;
import io.freshet.serve.ListEndpoint.Readiness;
import io.freshet.serve.page.LivePage;
import io.freshet.serve.topic.BrokerWatch;
import io.freshet.serve.topic.InputProgress;
import io.freshet.serve.topic.Isolation;
import io.freshet.serve.topic.NewestLists;
import io.freshet.serve.topic.TopicFollower;
import io.freshet.serve.topic.TopicFollower.Start;
import io.freshet.serve.topic.TopicWriter;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gateway: listens from {@link #start} to {@link #close}, whether the brokers are there or not.
 */
public final class Gateway implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);

    private final GatewaySettings settings;
    private final KafkaConfig kafka;
    private final IngestConfig limits;
    private final int mostRequested;
    private final Health health = new Health();
    private final NewestLists lists;
    private final WaitingRequests waiting;
    private final ScheduledThreadPoolExecutor timer;
    private final GatewayServer server;
    private final Deque<AutoCloseable> clients = new ArrayDeque<>();
    private @Nullable LivePage page;
    private boolean closed;

    /**
     * Starts it, ready for requests when this returns, though it may take the brokers some time to
     * answer: {@code /health} says when they have.
     *
     * @param config the job's options
     * @param kafkaProperties client properties, those of sources and sinks
     * @throws IOException if the port is taken or no Kafka client can be made; the message repeats
     *     no secret
     */
    public static Gateway start(
            GatewaySettings settings, FreshetConfig config, Properties kafkaProperties)
            throws IOException {
        Gateway gateway = new Gateway(settings, config);
        boolean started = false;
        try {
            gateway.connect(kafkaProperties);
            gateway.server.start(settings.host(), settings.port());
            started = true;
            return gateway;
        } catch (KafkaException e) {
            throw new IOException(
                    "Found kafka.properties.* that no client can be made of: "
                            + ClientFailure.reason(e));
        } finally {
            if (!started) {
                gateway.close();
            }
        }
    }

    private Gateway(GatewaySettings settings, FreshetConfig config) {
        this.settings = settings;
        this.kafka = config.kafka();
        this.limits = config.ingest();
        this.mostRequested = config.recommend().mostRequested();
        this.lists = new NewestLists(settings.newestLists());
        this.timer = new ScheduledThreadPoolExecutor(1, task -> daemon(task, "gateway-time-outs"));
        timer.setRemoveOnCancelPolicy(true);
        long nanos = settings.timeout().toNanos();
        this.waiting =
                new WaitingRequests(
                        settings.maxWaiting(),
                        settings.timeout(),
                        task -> timer.schedule(task, nanos, TimeUnit.NANOSECONDS));
        this.server = new GatewayServer(settings.token(), new HostCheck(settings.host()));
    }

    /** Where it listens, such as {@code http://127.0.0.1:8090}. */
    public String url() {
        String host = settings.host();
        return "http://%s:%d"
                .formatted(host.contains(":") ? "[" + host + "]" : host, server.port());
    }

    /** What is served, such as {@code get /popular}. */
    List<String> routes() {
        return server.routes();
    }

    /** Answers what waits with 503, and stops. A second call does nothing. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        server.refuse();
        waiting.close();
        if (page != null) {
            page.close(); // its streams end by themselves only when browsers go
        }
        server.stop();
        clients.forEach(Gateway::close);
        timer.shutdownNow();
    }

    private void connect(Properties properties) {
        BrokerWatch watch = opened(new BrokerWatch(kafka, properties));
        TopicWriter writer = opened(new TopicWriter(kafka, properties, limits.maxRecordBytes()));
        TopicFollower answers =
                opened(
                        new TopicFollower(
                                "gateway-answers",
                                kafka,
                                properties,
                                watch,
                                Map.of(kafka.recommendationsTopic(), Start.END),
                                settings.isolation(),
                                this::answer));
        TopicFollower newest =
                opened(
                        new TopicFollower(
                                "gateway-newest-lists",
                                kafka,
                                properties,
                                watch,
                                Map.of(kafka.recommendationsTopic(), Start.BEGINNING),
                                Isolation.READ_COMMITTED,
                                this::keep));
        LivePage live = opened(new LivePage(kafka, properties, settings.acting()));
        this.page = live;
        TopicFollower records =
                opened(
                        new TopicFollower(
                                "gateway-page",
                                kafka,
                                properties,
                                watch,
                                liveTopics(),
                                Isolation.READ_COMMITTED,
                                live::receive));
        route(watch, writer, answers, newest);
        server.route(live);
        watch.start();
        answers.start();
        newest.start();
        records.start();
        InputProgress progress = new InputProgress(kafka, watch);
        live.start(
                figures -> {
                    figures.put("problem", pageProblem(watch, records));
                    progress.refresh();
                    progress.perSecond()
                            .ifPresent(rate -> figures.put("interactions_per_second", rate));
                    progress.behind().ifPresent(behind -> figures.put("behind", behind));
                });
    }

    private String pageProblem(BrokerWatch watch, TopicFollower records) {
        String problem = watch.problem(liveTopics().keySet());
        return problem.isEmpty() ? records.problem() : problem;
    }

    private Map<String, Start> liveTopics() {
        return Map.of(
                kafka.recommendationsTopic(), new Start(LivePage.LISTS),
                kafka.evaluationsTopic(), new Start(2L * LivePage.EVALUATIONS),
                kafka.modelCheckpointsTopic(), new Start(2L * LivePage.CHECKPOINTS),
                kafka.deadLettersTopic(), new Start(2L * LivePage.DEAD_LETTERS),
                kafka.itemsTopic(), Start.BEGINNING);
    }

    private void route(
            BrokerWatch watch, TopicWriter writer, TopicFollower answers, TopicFollower newest) {
        Readiness readiness =
                new Readiness(
                        () -> jobProblem(watch, answers),
                        () -> newest.isComplete() ? "" : newest.problem());
        health.addPart("broker", watch::problem);
        health.addPart("requests", readiness.job());
        health.addPart("interactions", () -> watch.problem(kafka.interactionsTopic()));
        health.addPart("answers", answers::problem);
        health.addPart("newest_lists", readiness.newestLists());
        health.addLevel("waiting", waiting::size);
        health.addLevel("newest_lists", lists::users);
        server.route(
                new ListEndpoint(
                        kafka,
                        settings.timeout(),
                        new ListParameters(limits, mostRequested),
                        waiting,
                        lists,
                        writer,
                        readiness,
                        health,
                        server.executor()),
                new InteractionEndpoint(
                        kafka.interactionsTopic(),
                        limits,
                        Clock.systemUTC(),
                        writer,
                        () -> watch.problem(kafka.interactionsTopic()),
                        health,
                        server.executor()),
                health);
    }

    private String jobProblem(BrokerWatch watch, TopicFollower answers) {
        String problem = watch.problem(kafka.requestsTopic());
        return problem.isEmpty() && !answers.isComplete() ? answers.problem() : problem;
    }

    private void answer(String topic, String user, byte @Nullable [] value) {
        if (user.isEmpty() && value != null) {
            waiting.answer(value);
        }
    }

    private void keep(String topic, String user, byte @Nullable [] value) {
        if (user.isEmpty()) {
            return; // an answer
        }
        if (value == null) {
            lists.remove(user);
        } else {
            lists.put(user, value);
        }
    }

    private <T extends AutoCloseable> T opened(T client) {
        clients.push(client);
        return client;
    }

    private static void close(AutoCloseable client) {
        try {
            client.close();
        } catch (Exception e) { // declared so by AutoCloseable
            LOG.warn("A Kafka client could not be closed", e);
        }
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }
}
