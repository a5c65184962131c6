package io.freshet.recommend;

import io.freshet.config.RecommendConfig;
import io.freshet.event.ControlReport;
import io.freshet.event.ModelCheckpoint;
import io.freshet.event.ModelDelta;
import io.freshet.event.RecommendationList;
import io.freshet.event.RecommendationRequest;
import io.freshet.event.RecommenderUpdate;
import io.freshet.event.Removal;
import io.freshet.recommend.ModelLoader.Loaded;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ScheduledFuture;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.tasks.ProcessingTimeService;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers requests (first input) with what updates (second input, broadcast) have told so far.
 *
 * <p><b>Live mode.</b> Elements are taken as they come. Requests wait until a batch is full or the
 * oldest has waited for the batch delay. An announced version is loaded on a thread of its own, and
 * goes live between two batches; until then the version before answers.
 *
 * <p><b>Aligned mode</b> ({@code recommend.align-versions}). Elements are taken in the order of
 * {@link EventTimeMerge}, and an announced version halts it until it is loaded, so each request is
 * scored by exactly the versions that were trained on what came before it. Batches end by count, at
 * a version and at the end of input only. At parallelism 1 the output is a function of the input.
 *
 * <p><b>Updates.</b> Between versions the live model follows the fine-tuner's by deltas, each taken
 * over between two batches. A version that consists of updates that were all followed is live by
 * its name alone; one that is rolled back to is loaded. After a restore the version that stood is
 * loaded, and the fine-tuner tells its updates again.
 *
 * <p><b>Forgotten users.</b> A user's requests come by way of the items that were last, and so an
 * older one may arrive behind the request that forgets the user. It is dropped, or the tombstone
 * would not be the last word. What was asked for before the forget is ahead of the next barrier on
 * every way, so nothing of this needs to be remembered beyond it.
 *
 * <p><b>State.</b> Waiting requests are redistributed. What all instances know alike (items,
 * waiting updates, the announced version) is written by the first alone and read by all. Fusion
 * weights are written by each and averaged. A version is loaded before the first element after a
 * restore.
 *
 * <p><b>Errors.</b> A version that can't be loaded is refused with what was found, in the log and
 * by a metric. What is live stays so (after a restore that is nothing, and lists come from the
 * small model), and the version is tried again, ever less often, until it loads or a newer one is
 * announced. In aligned mode it fails the task: its lists would be others'.
 */
public final class RecommenderOperator extends AbstractStreamOperator<RecommendationList>
        implements TwoInputStreamOperator<
                RecommendationRequest, RecommenderUpdate, RecommendationList> {

    private static final long serialVersionUID = 1L;

    private static final long FIRST_RETRY_MILLIS = 100;
    private static final long LONGEST_RETRY_MILLIS = 60_000;

    /** Lists that answer probes. */
    public static final OutputTag<RecommendationList> PROBES = new OutputTag<>("probes") {};

    /** Which forgotten users' tombstones were written. */
    public static final OutputTag<ControlReport> REPORTS =
            new OutputTag<>("control-reports", TypeInformation.of(ControlReport.class));

    private static final Logger LOGGER = LoggerFactory.getLogger(RecommenderOperator.class);

    // configuration
    private final RecommendConfig config;

    // runtime: made by the factory in the task, never serialised
    private final transient MailboxExecutor mailbox;
    private final transient Recommender recommender;
    private final transient EventTimeMerge merge = new EventTimeMerge();
    private final transient ModelLoader loader;
    private final transient RecommenderMetrics counted;
    private transient @Nullable RecommenderState state;
    private transient @Nullable ModelCheckpoint announced;
    private final transient Deque<ModelDelta> ahead = new ArrayDeque<>();
    private final transient Map<String, Long> forgottenUntil = new HashMap<>();
    private transient @Nullable ScheduledFuture<?> batchTimer;
    private transient long retryMillis = FIRST_RETRY_MILLIS;
    private transient long inputWatermark = Long.MIN_VALUE;
    private transient long outputWatermark = Long.MIN_VALUE;

    RecommenderOperator(
            StreamOperatorParameters<RecommendationList> parameters,
            RecommendConfig config,
            long[] halfLives,
            ModelSource models) {
        super(parameters);
        this.config = config;
        mailbox = parameters.getMailboxExecutor();
        ProcessingTimeService time = parameters.getProcessingTimeService();
        recommender = new Recommender(halfLives, config, time::getCurrentProcessingTime);
        loader = new ModelLoader(models, () -> mailbox.execute(this::goLive, "version loaded"));
        counted = new RecommenderMetrics(getMetricGroup(), recommender::liveVersion);
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        state = new RecommenderState(context.getOperatorStateStore());
        announced = state.restore(recommender, merge);
    }

    @Override
    public void open() throws Exception {
        super.open();
        if (announced != null) {
            try {
                recommender.swap(loader.loadNow(announced));
            } catch (IOException e) {
                refuse(announced, e);
            }
        }
        drain();
    }

    @Override
    public void processElement1(StreamRecord<RecommendationRequest> record) {
        RecommendationRequest request = record.getValue();
        if (request.forget()) {
            forgottenUntil.merge(request.userId(), request.timestamp(), Math::max);
        } else if (isForgotten(request)) {
            return;
        }
        take(Element.of(request));
    }

    @Override
    public void processElement2(StreamRecord<RecommenderUpdate> record) {
        take(Element.of(record.getValue()));
    }

    @Override
    public void processWatermark(Watermark mark) throws Exception {
        inputWatermark = mark.getTimestamp();
        drain();
        advanceWatermark();
    }

    /** Answers what waits before the barrier; aligned batches must not depend on barriers. */
    @Override
    public void prepareSnapshotPreBarrier(long checkpointId) throws Exception {
        super.prepareSnapshotPreBarrier(checkpointId);
        forgottenUntil.clear();
        if (!config.alignVersions()) {
            flush();
        }
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        boolean first = getRuntimeContext().getTaskInfo().getIndexOfThisSubtask() == 0;
        Objects.requireNonNull(state).store(recommender, merge, announced, first);
    }

    @Override
    public void finish() throws Exception {
        while (config.alignVersions() && loader.loading()) {
            mailbox.yield();
        }
        drain();
        flush();
        super.finish();
    }

    @Override
    public void close() throws Exception {
        loader.close();
        recommender.close();
        super.close();
    }

    private boolean isForgotten(RecommendationRequest request) {
        Long until = forgottenUntil.get(request.userId());
        return until != null && request.timestamp() <= until;
    }

    private void take(Element element) {
        merge.add(element);
        drain();
    }

    /** Takes all that may be taken now. */
    private void drain() {
        long until = config.alignVersions() ? inputWatermark : Long.MAX_VALUE;
        while (!(config.alignVersions() && loader.loading())) {
            Element element = merge.poll(until);
            if (element == null) {
                return;
            }
            accept(element);
        }
    }

    private void accept(Element element) {
        RecommenderUpdate update = element.update();
        if (update != null && update.checkpoint() != null) {
            announce(update.checkpoint());
            return;
        }
        if (update != null && update.delta() != null) {
            follow(update.delta());
            return;
        }
        recommender.add(element);
        boolean full = recommender.waiting() >= config.batchSize();
        if (full || (!config.alignVersions() && isUrgent(element))) {
            flush();
        } else if (!config.alignVersions() && recommender.waiting() > 0 && batchTimer == null) {
            ProcessingTimeService time = getProcessingTimeService();
            long due = time.getCurrentProcessingTime() + config.batchDelay().toMillis();
            batchTimer = time.registerTimer(due, now -> flush());
        }
    }

    private boolean isUrgent(Element element) {
        RecommendationRequest request = element.request();
        return request != null && (request.forget() || config.batchDelay().isZero());
    }

    /** A version is loaded, unless it is what the live model has become by updates. */
    private void announce(ModelCheckpoint checkpoint) {
        boolean again = announced != null && announced.version() == checkpoint.version();
        if (again && checkpoint.promoted()) {
            return;
        }
        announced = checkpoint;
        retryMillis = FIRST_RETRY_MILLIS;
        ahead.clear();
        LiveModel live = recommender.live();
        if (live != null && !loader.loading() && live.became(checkpoint)) {
            flush();
            live.rename(checkpoint);
            counted.swapped();
            LOGGER.info("Version {} is live: its updates were followed", checkpoint.version());
            return;
        }
        if (config.alignVersions()) {
            flush();
        }
        loader.load(checkpoint);
    }

    /** An update of a version that is being loaded waits for it. */
    private void follow(ModelDelta delta) {
        ahead.add(delta);
        if (!loader.loading()) {
            catchUp();
        }
    }

    private void catchUp() {
        LiveModel live = recommender.live();
        for (ModelDelta next = ahead.poll(); next != null; next = ahead.poll()) {
            if (live != null && live.precedes(next)) {
                flush();
                recommender.follow(live, next);
                counted.followed();
            } else {
                LOGGER.info(
                        "Update {} of version {} is not followed: version {} is live",
                        next.update(),
                        next.version(),
                        recommender.liveVersion());
            }
        }
    }

    private void goLive() throws Exception {
        Loaded loaded;
        try {
            loaded = loader.take();
        } catch (IOException e) {
            refuse(Objects.requireNonNull(announced), e);
            return;
        }
        if (loaded == null) {
            return;
        }
        flush();
        recommender.swap(loaded);
        counted.swapped();
        LOGGER.info("Version {} is live", loaded.checkpoint().version());
        catchUp();
        drain();
        advanceWatermark();
    }

    /** What is live stays live; the version is tried again unless another is announced. */
    private void refuse(ModelCheckpoint refused, IOException found) throws IOException {
        if (config.alignVersions()) {
            throw found;
        }
        counted.refused();
        LOGGER.error(
                "Version {} stays live, {} is tried again in {} ms",
                recommender.liveVersion(),
                refused.version(),
                retryMillis,
                found);
        catchUp();
        ProcessingTimeService time = getProcessingTimeService();
        ScheduledFuture<?> unused =
                time.registerTimer(
                        time.getCurrentProcessingTime() + retryMillis, now -> retry(refused));
        retryMillis = Math.min(2 * retryMillis, LONGEST_RETRY_MILLIS);
    }

    private void retry(ModelCheckpoint refused) {
        if (announced == refused) {
            loader.load(refused);
        }
    }

    private void flush() {
        if (batchTimer != null) {
            batchTimer.cancel(false);
            batchTimer = null;
        }
        if (recommender.waiting() > 0) {
            counted.flushed(recommender.flush(this::emit));
            advanceWatermark();
        }
    }

    private void emit(RecommendationList list) {
        StreamRecord<RecommendationList> record = new StreamRecord<>(list, list.timestamp());
        if (list.isProbe()) {
            output.collect(PROBES, record);
        } else {
            output.collect(record);
        }
        if (list.path() == RecommendationList.Path.FORGOTTEN) {
            long now = list.servedAt();
            var tombstone = new Removal(Removal.Place.RECOMMENDATIONS, 1, now);
            output.collect(
                    REPORTS,
                    new StreamRecord<>(
                            ControlReport.removal(
                                    list.requestId(),
                                    ControlReport.Stage.RECOMMENDER,
                                    "",
                                    now,
                                    List.of(tombstone))));
        }
    }

    /** Event time goes on downstream up to the earliest request that still waits. */
    private void advanceWatermark() {
        long earliest = Math.min(recommender.earliest(), merge.earliest());
        long bound = earliest == Long.MAX_VALUE ? earliest : earliest - 1;
        long next = Math.min(inputWatermark, bound);
        if (next > outputWatermark) {
            outputWatermark = next;
            output.emitWatermark(new Watermark(next));
        }
    }
}
