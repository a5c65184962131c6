package io.freshet.serve.page;

import io.freshet.config.KafkaConfig;
import io.freshet.kafka.ControlClient;
import java.io.IOException;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends rollbacks to the job, one after the other, on a thread of its own. */
final class Rollbacks implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Rollbacks.class);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int MOST_WAITING = 4;

    private final KafkaConfig kafka;
    private final Properties properties;
    private final Consumer<Outcome> outcomes;
    private final ThreadPoolExecutor thread =
            new ThreadPoolExecutor(
                    1,
                    1,
                    0,
                    TimeUnit.SECONDS,
                    new ArrayBlockingQueue<>(MOST_WAITING),
                    task -> {
                        Thread made = new Thread(task, "gateway-rollbacks");
                        made.setDaemon(true);
                        return made;
                    });

    /**
     * What became of a rollback.
     *
     * @param outcome {@code applied}, {@code refused}, {@code repeated}, or {@code failed} if the
     *     job gave no answer
     */
    record Outcome(long version, long update, String outcome, String reason) {}

    /**
     * @param properties client properties, those of sources and sinks
     * @param outcomes gets what became of each
     */
    Rollbacks(KafkaConfig kafka, Properties properties, Consumer<Outcome> outcomes) {
        this.kafka = kafka;
        this.properties = properties;
        this.outcomes = outcomes;
    }

    /**
     * Sends one.
     *
     * @param update since the version, 0 for the version itself
     * @return whether it will be sent: not if too many wait
     */
    boolean send(long version, long update) {
        try {
            thread.execute(() -> outcomes.accept(carryOut(version, update)));
            return true;
        } catch (RejectedExecutionException e) {
            LOG.debug("Too many rollbacks wait", e);
            return false;
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    private Outcome carryOut(long version, long update) {
        try (ControlClient client = new ControlClient(kafka, properties)) {
            ControlClient.Answer answer = client.rollBack("page", version, update, PATIENCE);
            return new Outcome(version, update, answer.outcome(), answer.reason());
        } catch (IOException e) {
            LOG.warn("A rollback to version {} got no answer: {}", version, e.getMessage());
            return new Outcome(version, update, "failed", String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Outcome(version, update, "failed", "the gateway is stopping");
        }
    }
}
