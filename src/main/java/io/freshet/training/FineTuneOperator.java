package io.freshet.training;

import io.freshet.event.Control;
import io.freshet.event.ControlReport;
import io.freshet.event.EncodedItem;
import io.freshet.event.Evaluation;
import io.freshet.event.ModelCheckpoint;
import io.freshet.event.RecommenderUpdate;
import io.freshet.event.TrainingSignal;
import io.freshet.model.ModelRuntime;
import io.freshet.store.ModelStore;
import io.freshet.store.StoreWriter;
import java.io.IOException;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.checkpoint.CheckpointOptions;
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
 * Turns panes of training sequences into model versions. One instance, which never waits: a window
 * trains on a thread of its own while barriers, watermarks and input go on.
 *
 * <p>The output watermark follows the sequences', but stays below the end of the window in
 * training, whose verdict leaves with that end as its timestamp: whoever aligns by event time
 * applies each version at the same place every time.
 *
 * <p><b>Two cadences.</b> New positions are tested in small lots; when a window is due it updates
 * the live model, and the recommenders follow by a delta. Every so many updates a version is
 * written to the store, then announced. State holds the version's number and, as a redo log, the
 * sequences of the updates since: after a restore the version is loaded and the updates are trained
 * again as they were, before anything else.
 *
 * <p>Work that was cut short runs again after a restore, and finds its own version by the key in
 * the manifest. Example: window 4 is due and makes version 3 of version 2. Checkpoint 17 is taken
 * meanwhile; version 3 is written; the process dies. Checkpoint 17 still has window 4 to train and
 * version 2 live. The restored operator trains window 4 once more, sees a version 3 with the key of
 * this very work, loads it instead of training, and announces it.
 *
 * <p><b>Controls</b> are followed at once, but a rollback waits for the work in progress, and is in
 * state until it is done. Work that waits for the store itself gives way to it.
 */
public final class FineTuneOperator extends AbstractStreamOperator<ModelCheckpoint>
        implements TwoInputStreamOperator<TrainingSignal, EncodedItem, ModelCheckpoint> {

    /** What the recommenders follow: updates of the live model and verdicts, in their order. */
    public static final OutputTag<RecommenderUpdate> UPDATES =
            new OutputTag<>("updates", TypeInformation.of(RecommenderUpdate.class));

    /** How the live model (and the frozen one) did on new positions before it was trained. */
    public static final OutputTag<Evaluation> EVALUATIONS =
            new OutputTag<>("evaluations", TypeInformation.of(Evaluation.class));

    /** How controls were followed. */
    public static final OutputTag<ControlReport> REPORTS =
            new OutputTag<>("control-reports", TypeInformation.of(ControlReport.class));

    private static final long serialVersionUID = 1L;

    private final TrainingSettings settings;
    private final ModelRuntime runtime;
    private final boolean alignCatalog;

    private final transient MailboxExecutor mailbox;
    private transient ModelStore store;
    private transient FineTuneStates states;
    private transient FineTuneState state;
    private transient FineTuneLedger ledger;
    private transient TrainingControls controls;
    private transient Retention retention;
    private transient FineTuneMetrics metered;
    private transient @Nullable TrainingThread thread;
    private transient Trainer trainer;
    private transient EventTime time;
    private transient FineTuneOutput told;
    private transient FineTuneWork work;
    private transient boolean resumed;

    @SuppressWarnings("NullAway.Init") // the rest is made in initializeState and open
    FineTuneOperator(
            StreamOperatorParameters<ModelCheckpoint> parameters,
            TrainingSettings settings,
            ModelRuntime runtime,
            boolean alignCatalog) {
        super(parameters);
        this.settings = settings;
        this.runtime = runtime;
        this.alignCatalog = alignCatalog;
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
        StoreWriter writer = new StoreWriter("job " + job);
        store = new ModelStore(settings.store(), writer);
        states = new FineTuneStates(context.getOperatorStateStore());
        FineTuneState restored = states.state();
        state = restored == null ? BaseVersion.find(store, settings) : restored;
        BaseVersion.requireContent(store, state.live, settings.content());
        retention = new Retention(settings, writer, state, retainedCheckpoints());
        if (context.isRestored()) {
            retention.restored(job);
        }
        state.job = job;
        ledger = new FineTuneLedger(settings, state, states.contents());
        controls = new TrainingControls(settings.training(), ledger);
    }

    @Override
    public void open() throws Exception {
        super.open();
        metered = new FineTuneMetrics(getMetricGroup());
        TrainingThread opened = new TrainingThread("freshet-training", mailbox, this::storeFailed);
        thread = opened;
        trainer = new Trainer(runtime, store, settings, opened::stopped, System::nanoTime);
        time = new EventTime(state, output, alignCatalog);
        told = new FineTuneOutput(output, this::now);
        work =
                new FineTuneWork(
                        ledger,
                        new Agenda(settings, state, ledger, alignCatalog),
                        trainer,
                        alignCatalog ? opened::run : opened::persist,
                        time,
                        told,
                        metered);
        mailbox.execute(this::resume, "resume fine-tuning");
        retention.start(opened, new TrainingThread("freshet-store", mailbox, metered::storeFailed));
    }

    @Override
    public void processElement1(StreamRecord<TrainingSignal> element) throws Exception {
        resume();
        TrainingSignal signal = element.getValue();
        if (signal.sequence() != null) {
            ledger.backlog().add(signal.sequence());
        }
        if (signal.control() != null) {
            obey(signal.control());
        }
    }

    @Override
    public void processElement2(StreamRecord<EncodedItem> element) {
        ledger.lineage().add(element.getValue());
    }

    @Override
    public void processWatermark1(Watermark mark) throws Exception {
        resume();
        time.sequences(mark.getTimestamp());
        work.advance();
    }

    /** The catalog does not drive event time, unless it is aligned. */
    @Override
    public void processWatermark2(Watermark mark) throws Exception {
        if (alignCatalog) {
            resume();
            time.catalog(mark.getTimestamp());
            work.advance();
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
        states.update(ledger);
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

    /** Waits for the windows that are due; both inputs have ended, so nothing is held up. */
    @Override
    public void finish() throws Exception {
        resume();
        while (work.isBusy()) {
            mailbox.yield();
        }
        super.finish();
    }

    @Override
    public void close() throws Exception {
        super.close();
        if (thread != null) {
            TrainingThread closing = thread;
            thread = null;
            closing.close(
                    () -> {
                        trainer.close();
                        IOUtils.closeQuietly(store);
                    });
            retention.close();
        }
    }

    /** Times that work had to wait for the store. */
    long storeFailures() {
        return metered.storeFailures();
    }

    /** What a checkpoint would hold now. */
    FineTuneLedger.Contents contents() {
        return ledger.contents();
    }

    /** Announces the base version, once in a job's life, and makes the live model again. */
    private void resume() throws IOException {
        if (resumed) {
            return;
        }
        resumed = true;
        if (!state.baseAnnounced) {
            state.baseAnnounced = true;
            if (state.base > 0) {
                told.tell(BaseVersion.announce(store, state.base), BaseVersion.TIMESTAMP);
            }
        }
        work.advance();
    }

    /** A rollback may be waiting for just this work. */
    private void storeFailed() {
        metered.storeFailed();
        work.advance();
    }

    private void obey(Control control) {
        ControlReport report = controls.obey(control, time.now(), now());
        if (report != null) {
            told.tell(report);
        }
        work.advance();
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
