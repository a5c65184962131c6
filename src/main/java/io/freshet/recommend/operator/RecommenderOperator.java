package io.freshet.recommend.operator;

import io.freshet.config.RecommendConfig;
import io.freshet.event.ControlReport;
import io.freshet.event.RecommendationList;
import io.freshet.event.RecommendationRequest;
import io.freshet.event.RecommenderUpdate;
import io.freshet.event.query.Query;
import io.freshet.event.query.Unanswered;
import io.freshet.recommend.item.ItemLimits;
import io.freshet.recommend.model.ModelLoader;
import io.freshet.recommend.model.ModelLoader.Loaded;
import io.freshet.recommend.model.ModelSource;
import io.freshet.recommend.model.UnfitModelException;
import io.freshet.runtime.AssignedGpu;
import java.util.List;
import java.util.Objects;
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

/**
 * Answers requests (first input) from the updates (second input, broadcast) before them.
 *
 * <p>Here are Flink's part and the order of the inputs: {@link RequestBatches} answers requests,
 * {@link ModelFollower} keeps the model live, {@link ForgottenUsers} says who is not to be
 * answered, {@link EventTimeProgress} emits watermarks.
 *
 * <p><b>Live mode.</b> Inputs are processed as they come, also while an announced model is loaded.
 *
 * <p><b>Aligned mode.</b> Inputs are processed in the order of {@link EventTimeMerge}, and an
 * announced version or update halts them until it is live, so each request is scored by exactly the
 * model that was trained on what came before it. Batches end by count, at an announcement and at
 * the end of input only. At parallelism 1 the output is a function of the input.
 *
 * <p><b>State.</b> Waiting requests are redistributed. What is the same for all instances is read
 * by all: each writes a share of the items, the first alone the waiting updates and the announced
 * model. Fusion weights are written by each and averaged. The model is loaded before the first
 * input after a restore.
 */
public final class RecommenderOperator extends AbstractStreamOperator<RecommendationList>
        implements TwoInputStreamOperator<
                RecommendationRequest, RecommenderUpdate, RecommendationList> {

    private static final long serialVersionUID = 1L;

    /** Lists that answer probes. */
    public static final OutputTag<RecommendationList> PROBES = new OutputTag<>("probes") {};

    /** Which forgotten users' tombstones were written. */
    public static final OutputTag<ControlReport> REPORTS =
            new OutputTag<>("control-reports", TypeInformation.of(ControlReport.class));

    // configuration
    private final boolean aligned;
    private final long mostAge;

    // runtime: made by the factory in the task, never serialised
    private final transient MailboxExecutor mailbox;
    private final transient ProcessingTimeService time;
    private final transient Recommender recommender;
    private final transient EventTimeMerge merge = new EventTimeMerge();
    private final transient ForgottenUsers forgotten = new ForgottenUsers();
    private final transient ListOutput lists;
    private final transient RecommenderMetrics metrics;
    private final transient EventTimeProgress progress;
    private final transient RequestBatches batches;
    private final transient ModelFollower follower;
    private transient @Nullable RecommenderState state;

    RecommenderOperator(
            StreamOperatorParameters<RecommendationList> parameters,
            RecommendConfig config,
            long[] halfLives,
            List<String> numberNames,
            ItemLimits limits,
            ModelSource models,
            boolean aligned) {
        super(parameters);
        this.aligned = aligned;
        mostAge = config.mostAge().toMillis();
        mailbox = parameters.getMailboxExecutor();
        time = parameters.getProcessingTimeService();
        recommender =
                new Recommender(
                        halfLives,
                        numberNames,
                        limits,
                        config,
                        time::getCurrentProcessingTime,
                        this::refuseLive);
        metrics =
                new RecommenderMetrics(
                        getMetricGroup(), recommender, limits, time::getCurrentProcessingTime);
        lists = new ListOutput(output);
        if (aligned) {
            // nothing comes before its time, so nothing has to be undone
            recommender.table().settle(Long.MAX_VALUE);
        }
        progress = new EventTimeProgress(recommender, merge, output);
        batches = new RequestBatches(config, aligned, recommender, time, lists, progress, metrics);
        ModelSource placed = models.onDevice(() -> AssignedGpu.index(getRuntimeContext()));
        ModelLoader loader = new ModelLoader(placed, mailbox, this::goLive);
        follower = new ModelFollower(aligned, recommender, batches, loader, time, metrics);
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        state = new RecommenderState(context.getOperatorStateStore());
        follower.restore(state.restore(recommender, merge));
    }

    @Override
    public void open() throws Exception {
        super.open();
        follower.resume();
        drain();
    }

    @Override
    public void processElement1(StreamRecord<RecommendationRequest> record) {
        RecommendationRequest request = record.getValue();
        Query query = request.query();
        if (!forgotten.admit(request)) {
            if (query != null) {
                refuse(request, query, Unanswered.FORGOTTEN);
            }
        } else if (query != null && query.isExpired(time.getCurrentProcessingTime(), mostAge)) {
            refuse(request, query, Unanswered.EXPIRED);
        } else {
            enqueue(QueuedInput.of(request));
        }
    }

    private void refuse(RecommendationRequest request, Query query, Unanswered reason) {
        RecommendationList answer =
                RecommendationList.unanswered(
                        request, query, reason, time.getCurrentProcessingTime());
        lists.emit(answer);
        metrics.answered(answer);
    }

    @Override
    public void processElement2(StreamRecord<RecommenderUpdate> record) {
        enqueue(QueuedInput.of(record.getValue()));
    }

    /** No probe comes from before the requests' own watermark, which the models don't hold back. */
    @Override
    public void processWatermark1(Watermark mark) throws Exception {
        recommender.settle(mark.getTimestamp());
        super.processWatermark1(mark);
    }

    @Override
    public void processWatermark(Watermark mark) throws Exception {
        progress.reach(mark);
        drain();
        progress.passOn();
    }

    /** Answers what waits before the barrier; aligned batches must not depend on barriers. */
    @Override
    public void prepareSnapshotPreBarrier(long checkpointId) throws Exception {
        super.prepareSnapshotPreBarrier(checkpointId);
        forgotten.clear();
        if (!aligned) {
            batches.flush();
        }
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        Objects.requireNonNull(state)
                .store(recommender, merge, follower.target(), getRuntimeContext().getTaskInfo());
    }

    @Override
    public void finish() throws Exception {
        while (isHalted()) {
            mailbox.yield();
        }
        drain();
        batches.flush();
        super.finish();
    }

    @Override
    public void close() throws Exception {
        follower.close();
        recommender.drop();
        super.close();
    }

    /** In aligned mode nothing passes a model that is being loaded. */
    private boolean isHalted() {
        return aligned && follower.loading();
    }

    private void enqueue(QueuedInput input) {
        merge.add(input);
        drain();
    }

    /** Processes all that may be processed now. */
    private void drain() {
        long until = aligned ? progress.input() : Long.MAX_VALUE;
        while (!isHalted()) {
            QueuedInput input = merge.poll(until);
            if (input == null) {
                return;
            }
            process(input);
        }
    }

    private void process(QueuedInput input) {
        RecommenderUpdate update = input.update();
        if (update != null && update.checkpoint() != null) {
            follower.announce(update.checkpoint());
        } else if (update != null && update.update() != null) {
            follower.follow(update.update());
        } else if (update != null && update.delta() != null) {
            LOG.debug(
                    "Update {} of version {} is of an earlier release, and not followed",
                    update.delta().update(),
                    update.delta().version());
        } else {
            batches.add(input);
        }
    }

    private void goLive(Loaded loaded) throws Exception {
        follower.accept(loaded);
        drain();
        progress.passOn();
    }

    private void refuseLive(UnfitModelException found) {
        follower.refuseLive(found);
    }
}
