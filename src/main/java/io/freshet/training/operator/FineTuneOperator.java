package io.freshet.training.operator;

import io.freshet.event.Control;
import io.freshet.event.ControlReport;
import io.freshet.event.EncodedItem;
import io.freshet.event.Evaluation;
import io.freshet.event.ModelCheckpoint;
import io.freshet.event.RecommenderUpdate;
import io.freshet.event.TrainingSignal;
import io.freshet.model.ModelRuntime;
import io.freshet.runtime.AssignedGpu;
import io.freshet.runtime.BackgroundThread;
import io.freshet.store.ModelStore;
import io.freshet.store.StoreWriter;
import io.freshet.training.FineTuneState;
import io.freshet.training.TrainingSettings;
import io.freshet.training.version.BaseVersion;
import io.freshet.training.version.Retention;
import java.io.IOException;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.checkpoint.CheckpointOptions;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.runtime.state.CheckpointStreamFactory;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OperatorSnapshotFutures;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.util.IOUtils;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * Turns panes of training sequences into updates of the live model, and updates into versions. One
 * instance, which never waits: jobs are performed on a thread of its own while barriers, watermarks
 * and input go on.
 *
 * <p>The output watermark follows the sequences', but stays below the end of the window in
 * training, whose verdict leaves with that end as its timestamp: whoever aligns by event time
 * applies each version at the same place every time.
 *
 * <p><b>Two cadences.</b> New positions are evaluated in small lots; when a window is due it
 * updates the live model. Each update is a file in the model store's log before it is announced,
 * and the recommenders read it there. Every so many updates a version is written, the log's
 * snapshot. State holds a pointer, {@link io.freshet.event.ModelRevision}, and what is not trained
 * yet: a restore reads the version and the updates since, and trains nothing again.
 *
 * <p>A job that was cut short is performed again after a restore, and finds by their keys the
 * update and the version that it had written. Example: window 4 is due, an update of version 2 that
 * makes version 3. Checkpoint 17 is taken meanwhile; the update and version 3 are written; the
 * process dies. Checkpoint 17 still has window 4 to train and version 2 live. The restored operator
 * finds the update with the key of this very work, imports it in place of fitting, finds version 3
 * with the same key, and announces both.
 *
 * <p><b>Controls</b> are carried out at once, but a rollback waits for the job in progress, and is
 * in state until it is done. A job that waits for the store gives way to it.
 */
public final class FineTuneOperator extends AbstractStreamOperator<ModelCheckpoint>
        implements TwoInputStreamOperator<TrainingSignal, EncodedItem, ModelCheckpoint> {

    /** For the recommenders: updates of the live model and verdicts, in their order. */
    public static final OutputTag<RecommenderUpdate> UPDATES =
            new OutputTag<>("updates", TypeInformation.of(RecommenderUpdate.class));

    /** How the live model (and the frozen one) did on new positions before it was trained. */
    public static final OutputTag<Evaluation> EVALUATIONS =
            new OutputTag<>("evaluations", TypeInformation.of(Evaluation.class));

    /** How controls were carried out. */
    public static final OutputTag<ControlReport> REPORTS =
            new OutputTag<>("control-reports", TypeInformation.of(ControlReport.class));

    private static final int PROBE_BYTES = 1024; // a store that is full is waited for
    private static final long serialVersionUID = 1L;

    private final TrainingSettings settings;
    private final ModelRuntime runtime;
    private final boolean aligned;

    private final transient MailboxExecutor mailbox;
    private transient ModelStore store;
    private transient FineTuneStates states;
    private transient FineTuneState state;
    private transient TrainingBuffers buffers;
    private transient TrainingControls controls;
    private transient Retention retention;
    private transient FineTuneMetrics metrics;
    private transient @Nullable BackgroundThread thread;
    private transient FineTuner fineTuner;
    private transient EventTime time;
    private transient FineTuneOutput emitter;
    private transient FineTuneScheduler scheduler;
    private transient boolean started;

    @SuppressWarnings("NullAway.Init") // the rest is made in initializeState and open
    FineTuneOperator(
            StreamOperatorParameters<ModelCheckpoint> parameters,
            TrainingSettings settings,
            ModelRuntime runtime,
            boolean aligned) {
        super(parameters);
        this.settings = settings;
        this.runtime = runtime;
        this.aligned = aligned;
        this.mailbox = parameters.getMailboxExecutor();
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        int parallelism = getRuntimeContext().getTaskInfo().getNumberOfParallelSubtasks();
        if (parallelism != 1) {
            throw new IllegalStateException(
                    "The fine-tuner runs with parallelism 1, found " + parallelism);
        }
        String job = getRuntimeContext().getJobInfo().getJobId().toString();
        StoreWriter writer = StoreWriter.ofJob(job, settings.start().ownerGroup());
        store = new ModelStore(settings.store(), writer);
        states = new FineTuneStates(context.getOperatorStateStore());
        FineTuneState restored = states.state();
        state = restored == null ? stateOfANewJob() : restored;
        BaseVersion.requireContent(store, state.live, settings.content());
        retention = new Retention(settings, writer, state, retainedCheckpoints());
        if (context.isRestored()) {
            retention.restored(job);
        }
        state.job = job;
        buffers = new TrainingBuffers(settings, aligned, state, states.contents());
        controls = new TrainingControls(settings.training(), buffers);
    }

    /**
     * A job's first state. Only here it is sure that none was restored: with high availability a
     * job is submitted in the same way whether it is new or recovered.
     */
    private FineTuneState stateOfANewJob() throws IOException {
        if (!settings.start().stateLeft().isEmpty()) {
            throw new SuppressRestartsException(
                    new IllegalStateException(settings.start().stateLeft()));
        }
        if (settings.training().enabled()) {
            store.requireWritable(PROBE_BYTES);
        }
        return BaseVersion.find(store, settings);
    }

    @Override
    public void open() throws Exception {
        super.open();
        ModelRuntime placed = runtime.onDevice(() -> AssignedGpu.index(getRuntimeContext()));
        metrics =
                new FineTuneMetrics(
                        getMetricGroup(), settings.training().vocabulary().maxRows(), this::now);
        BackgroundThread opened =
                new BackgroundThread(
                        "freshet-training", mailbox, "the model store", this::storeFailed);
        thread = opened;
        fineTuner = new FineTuner(placed, store, settings, opened::stopped, metrics.storeTimes());
        time = new EventTime(state, output, aligned);
        emitter = new FineTuneOutput(output, this::now);
        scheduler =
                new FineTuneScheduler(
                        buffers,
                        new JobPlanner(settings, state, buffers, aligned),
                        fineTuner,
                        aligned ? opened::run : opened::persist,
                        time,
                        emitter,
                        metrics);
        mailbox.execute(this::start, "start fine-tuning");
        retention.start(
                opened,
                new BackgroundThread(
                        "freshet-store", mailbox, "the model store", metrics::storeFailed));
    }

    @Override
    public void processElement1(StreamRecord<TrainingSignal> element) throws Exception {
        start();
        TrainingSignal signal = element.getValue();
        if (signal.sequence() != null) {
            buffers.backlog().add(signal.sequence());
        }
        if (signal.control() != null) {
            handle(signal.control());
        }
    }

    @Override
    public void processElement2(StreamRecord<EncodedItem> element) {
        buffers.add(element.getValue());
    }

    @Override
    public void processWatermark1(Watermark mark) throws Exception {
        start();
        time.sequences(mark.getTimestamp());
        scheduler.advance();
    }

    /** The catalog does not drive event time, unless it is aligned. */
    @Override
    public void processWatermark2(Watermark mark) throws Exception {
        if (aligned) {
            start();
            time.catalog(mark.getTimestamp());
            scheduler.advance();
        }
    }

    @Override
    protected void processWatermarkStatus(WatermarkStatus status, int index) {
        if (index == 0) {
            time.idle(status.isIdle());
        }
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        states.update(buffers);
        retention.taken(context.getCheckpointId());
    }

    /** A savepoint is complete when its version is marked as kept, and not before. */
    @Override
    public OperatorSnapshotFutures snapshotState(
            long checkpointId,
            long timestamp,
            CheckpointOptions options,
            CheckpointStreamFactory streams)
            throws Exception {
        OperatorSnapshotFutures futures =
                super.snapshotState(checkpointId, timestamp, options, streams);
        retention.protect(checkpointId, options, futures);
        return futures;
    }

    @Override
    public void notifyCheckpointComplete(long checkpointId) throws Exception {
        super.notifyCheckpointComplete(checkpointId);
        retention.completed(checkpointId);
    }

    @Override
    public void notifyCheckpointAborted(long checkpointId) throws Exception {
        super.notifyCheckpointAborted(checkpointId);
        retention.aborted(checkpointId);
    }

    /** Waits for the windows that are due; both inputs have ended, so nothing is delayed. */
    @Override
    public void finish() throws Exception {
        start();
        while (scheduler.isBusy()) {
            mailbox.yield();
        }
        super.finish();
    }

    @Override
    public void close() throws Exception {
        super.close();
        if (thread != null) {
            BackgroundThread closing = thread;
            thread = null;
            closing.close(
                    () -> {
                        fineTuner.close();
                        IOUtils.closeQuietly(store);
                    });
            retention.close();
        }
    }

    /** Times that a job had to wait for the store. */
    long storeFailures() {
        return metrics.storeFailures();
    }

    /** What a checkpoint would hold now. */
    TrainingBuffers.Contents contents() {
        return buffers.contents();
    }

    /** Announces the base version, once in a job's life, and starts the first job. */
    private void start() throws IOException {
        if (started) {
            return;
        }
        started = true;
        if (!state.baseAnnounced) {
            state.baseAnnounced = true;
            if (state.base > 0) {
                emitter.emit(BaseVersion.announce(store, state.base), BaseVersion.TIMESTAMP);
            }
        }
        scheduler.advance();
    }

    /** A rollback may be waiting for just this job. */
    private void storeFailed() {
        metrics.storeFailed();
        scheduler.advance();
    }

    private void handle(Control control) {
        ControlReport report = controls.handle(control, time.now(), now());
        if (report != null) {
            emitter.emit(report);
        }
        scheduler.advance();
    }

    /**
     * The job's setting, or else the cluster's; whichever is read by the job manager is in both.
     */
    private int retainedCheckpoints() {
        Configuration job = getContainingTask().getJobConfiguration();
        Configuration worker =
                getContainingTask().getEnvironment().getTaskManagerInfo().getConfiguration();
        return Math.max(
                job.get(CheckpointingOptions.MAX_RETAINED_CHECKPOINTS),
                worker.get(CheckpointingOptions.MAX_RETAINED_CHECKPOINTS));
    }

    private long now() {
        return getProcessingTimeService().getCurrentProcessingTime();
    }
}
