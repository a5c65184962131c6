package io.freshet.training;

import io.freshet.event.Control;
import io.freshet.event.ControlReport;
import io.freshet.event.EncodedItem;
import io.freshet.event.Evaluation;
import io.freshet.event.ModelCheckpoint;
import io.freshet.event.ModelDelta;
import io.freshet.event.RecommenderUpdate;
import io.freshet.event.TrainingSignal;
import io.freshet.model.ModelRuntime;
import io.freshet.store.Manifest;
import io.freshet.store.ModelStore;
import io.freshet.store.StoreException;
import io.freshet.store.StoreWriter;
import java.io.IOException;
import java.util.List;
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
import org.apache.flink.util.function.ThrowingConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns panes of training sequences into model versions. One instance, which never waits: a window
 * trains on a thread of its own while barriers, watermarks and input go on.
 *
 * <p>Event time comes from the sequences alone; the catalog's watermarks are dropped, because a
 * catalog that is quiet for a day must not hold versions back (but a replay aligns the catalog too,
 * to be repeatable). The output watermark follows the sequences', but stays below the end of the
 * window in training, whose verdict leaves with that end as its timestamp: whoever aligns by event
 * time applies each version at the same place every time.
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
 * state until it is done.
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
    private static final Logger LOGGER = LoggerFactory.getLogger(FineTuneOperator.class);

    private final TrainingSettings settings;
    private final ModelRuntime runtime;
    private final boolean alignCatalog;

    private final transient MailboxExecutor mailbox;
    private transient FineTuneStates states;
    private transient FineTuneLedger ledger;
    private transient TrainingControls controls;
    private transient FineTuneMetrics metered;
    private transient ModelStore store;
    private transient Trainer trainer;
    private transient @Nullable TrainingThread thread;
    private transient boolean working;
    private transient long workEnd;
    private transient Retention retention;
    private transient boolean resumed;
    private transient boolean inputIdle;
    private transient boolean outputIdle;
    private transient long watermark;
    private transient long catalogWatermark;
    private transient long emitted;

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
        int attempt = getRuntimeContext().getTaskInfo().getAttemptNumber();
        StoreWriter writer = new StoreWriter("job " + job + ", attempt " + attempt);
        store = new ModelStore(settings.store(), writer);
        states = new FineTuneStates(context.getOperatorStateStore());
        FineTuneState state = states.state();
        if (state == null) {
            state = BaseVersion.find(store, settings.store().base());
            state.architecture = settings.spec().architecture();
        }
        requireContent(state.live);
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
        TrainingThread opened = new TrainingThread("freshet-training", mailbox);
        thread = opened;
        trainer = new Trainer(runtime, store, settings, opened::stopped, System::nanoTime);
        metered = new FineTuneMetrics(getMetricGroup());
        watermark = ledger.state().watermark;
        catalogWatermark = alignCatalog ? Long.MIN_VALUE : Long.MAX_VALUE;
        emitted = Long.MIN_VALUE;
        mailbox.execute(this::resume, "resume fine-tuning");
        retention.start(opened, mailbox, metered::storeFailed);
    }

    @Override
    public void processElement1(StreamRecord<TrainingSignal> element) throws Exception {
        resume();
        TrainingSignal signal = element.getValue();
        if (signal.sequence() != null) {
            ledger.add(signal.sequence());
        }
        if (signal.control() != null) {
            obey(signal.control());
        }
    }

    @Override
    public void processElement2(StreamRecord<EncodedItem> element) {
        ledger.add(element.getValue());
    }

    @Override
    public void processWatermark1(Watermark mark) throws Exception {
        resume();
        watermark = mark.getTimestamp();
        if (watermark != Long.MAX_VALUE) {
            ledger.state().watermark = Math.max(ledger.state().watermark, watermark);
        }
        advance();
    }

    /** The catalog does not drive event time, unless it is aligned. */
    @Override
    public void processWatermark2(Watermark mark) throws Exception {
        if (alignCatalog) {
            resume();
            catalogWatermark = mark.getTimestamp();
            advance();
        }
    }

    @Override
    protected void processWatermarkStatus(WatermarkStatus status, int index) {
        if (index == 0) {
            inputIdle = status.isIdle();
            forwardStatus();
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
        if (thread != null) {
            retention.sweep(thread);
        }
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
        while (working) {
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
            retention.close();
            closing.close(
                    () -> {
                        trainer.close();
                        IOUtils.closeQuietly(store);
                    });
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
        FineTuneState state = ledger.state();
        if (!state.baseAnnounced) {
            state.baseAnnounced = true;
            if (state.base > 0) {
                tell(BaseVersion.announce(store, state.base), BaseVersion.TIMESTAMP);
            }
        }
        Standing standing = ledger.standing();
        if (standing.applied().isEmpty() && !ledger.hasNewArchitecture()) {
            advance();
        } else {
            work(ledger.standsAt(), () -> trainer.catchUp(standing), this::caughtUp);
        }
    }

    /** A version of the configured architecture comes before all other work. */
    private void caughtUp(Trainer.CaughtUp caughtUp) {
        caughtUp.deltas().forEach(this::tell);
        WindowTask renewal = ledger.renewal(caughtUp.outdated());
        if (renewal != null) {
            work(
                    renewal.end(),
                    () -> trainer.renew(renewal),
                    checkpoint -> {
                        LOGGER.info("{}", checkpoint);
                        tell(checkpoint, renewal.end());
                        ledger.renewed(checkpoint);
                    });
        }
    }

    private void obey(Control control) {
        ControlReport report = controls.obey(control, time(), now());
        if (report != null) {
            tell(report);
        }
        advance();
    }

    private void advance() {
        long time = time();
        if (!working) {
            workOff(time);
        }
        long allowed = working ? Math.min(time, workEnd - 1) : time;
        if (allowed > emitted) {
            emitted = allowed;
            output.emitWatermark(new Watermark(allowed));
        }
        metered.stands(ledger);
        forwardStatus();
    }

    /** Starts what is due: rollbacks first; then a window is trained before more is tested. */
    private void workOff(long time) {
        RollbackTask rollback = ledger.nextRollback();
        if (rollback != null) {
            work(Long.MAX_VALUE, () -> trainer.rollBack(rollback), this::settle);
            return;
        }
        WindowTask window = ledger.nextWindow(time, alignCatalog);
        if (window != null) {
            work(window.end(), () -> trainer.train(window), this::settle);
            return;
        }
        TestTask test = ledger.nextTest(time);
        if (test != null) {
            work(test.end(), () -> trainer.test(test), this::settle);
        }
    }

    /** Event time stays below {@code end} until the work is done. */
    private <T> void work(
            long end, TrainingThread.Work<T> work, ThrowingConsumer<T, Exception> then) {
        working = true;
        workEnd = end;
        if (thread != null) {
            ThrowingConsumer<T, Exception> done =
                    result -> {
                        working = false;
                        then.accept(result);
                        advance();
                    };
            if (alignCatalog) {
                thread.run(work, done);
            } else {
                thread.persist(work, done, metered::storeFailed);
            }
        }
    }

    private void settle(TestOutcome outcome) {
        tell(outcome.evaluations(), outcome.task().end());
        ledger.settle(outcome);
    }

    private void settle(WindowOutcome outcome) {
        tell(outcome.evaluations(), outcome.task().end());
        if (outcome.delta() != null) {
            tell(outcome.delta());
        }
        if (outcome.checkpoint() != null) {
            LOGGER.info("{}", outcome.checkpoint());
            tell(outcome.checkpoint(), outcome.task().end());
        }
        if (outcome.ignoredVectors() > 0) {
            LOGGER.warn(
                    "{} content vectors are not as wide as the model's features, passed over",
                    outcome.ignoredVectors());
        }
        ledger.settle(outcome);
        metered.settled(outcome);
    }

    private void settle(RollbackOutcome outcome) {
        LOGGER.info("{}: {}", outcome.task().control(), outcome.reason());
        if (outcome.checkpoint() != null) {
            tell(outcome.checkpoint(), Math.max(BaseVersion.TIMESTAMP, ledger.state().watermark));
        }
        tell(
                ControlReport.training(
                        outcome.task().control(), outcome.outcome(), outcome.reason(), now()));
        ledger.settle(outcome);
        metered.settled(outcome);
    }

    private void tell(ControlReport report) {
        output.collect(REPORTS, new StreamRecord<>(report));
    }

    private void tell(ModelCheckpoint checkpoint, long timestamp) {
        output.collect(new StreamRecord<>(checkpoint, timestamp));
        output.collect(UPDATES, new StreamRecord<>(RecommenderUpdate.of(checkpoint), timestamp));
    }

    private void tell(List<Evaluation> evaluations, long timestamp) {
        for (Evaluation evaluation : evaluations) {
            output.collect(EVALUATIONS, new StreamRecord<>(evaluation, timestamp));
        }
    }

    private void tell(ModelDelta delta) {
        output.collect(UPDATES, new StreamRecord<>(RecommenderUpdate.of(delta), delta.timestamp()));
    }

    /** A version that can't be read now is not refused here: it is when it is loaded. */
    private void requireContent(long live) throws StoreException {
        Manifest manifest;
        try {
            manifest = live == 0 ? null : store.manifest(live);
        } catch (IOException e) {
            LOGGER.error("The live version can't be read: {}", e.toString());
            return;
        }
        if (manifest != null) {
            BaseVersion.requireContent(manifest, settings.content());
        }
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

    private long time() {
        return Math.min(watermark, catalogWatermark);
    }

    private long now() {
        return getProcessingTimeService().getCurrentProcessingTime();
    }

    private void forwardStatus() {
        boolean idle = inputIdle && !working;
        if (idle != outputIdle) {
            outputIdle = idle;
            output.emitWatermarkStatus(idle ? WatermarkStatus.IDLE : WatermarkStatus.ACTIVE);
        }
    }
}
