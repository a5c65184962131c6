package io.freshet.recommend.operator;

import io.freshet.config.RecommendConfig;
import io.freshet.event.RecommendationRequest;
import java.util.concurrent.ScheduledFuture;
import org.apache.flink.streaming.runtime.tasks.ProcessingTimeService;
import org.jspecify.annotations.Nullable;

/**
 * When waiting requests are answered: the model scores many in one pass for little more than one.
 *
 * <p>A batch ends when it is full. In live mode it also ends when its oldest request has waited for
 * the batch delay, and at once for a user to forget. In aligned mode no clock may end it, or the
 * output would depend on the machine's pace.
 */
final class RequestBatches {

    private final RecommendConfig config;
    private final boolean aligned;
    private final Recommender recommender;
    private final ProcessingTimeService time;
    private final ListOutput lists;
    private final EventTimeProgress progress;
    private final RecommenderMetrics metrics;
    private @Nullable ScheduledFuture<?> timer;

    RequestBatches(
            RecommendConfig config,
            boolean aligned,
            Recommender recommender,
            ProcessingTimeService time,
            ListOutput lists,
            EventTimeProgress progress,
            RecommenderMetrics metrics) {
        this.config = config;
        this.aligned = aligned;
        this.recommender = recommender;
        this.time = time;
        this.lists = lists;
        this.progress = progress;
        this.metrics = metrics;
    }

    /** Adds a request, or an update of an item, in its place behind what waits. */
    void add(QueuedInput input) {
        recommender.add(input);
        boolean full = recommender.waiting() >= config.batchSize();
        if (full || (!aligned && isUrgent(input))) {
            flush();
        } else if (!aligned && recommender.waiting() > 0 && timer == null) {
            long due = time.getCurrentProcessingTime() + config.batchDelay().toMillis();
            timer = time.registerTimer(due, now -> flush());
        }
    }

    private boolean isUrgent(QueuedInput input) {
        RecommendationRequest request = input.request();
        return request != null && (request.forget() || config.batchDelay().isZero());
    }

    /** Answers all that waits. */
    void flush() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
        if (recommender.waiting() > 0) {
            metrics.flushed(
                    recommender.flush(
                            list -> {
                                lists.emit(list);
                                metrics.answered(list);
                            }));
            progress.passOn();
        }
    }
}
