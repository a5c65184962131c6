package io.freshet.training.operator;

import io.freshet.event.Control;
import io.freshet.event.ControlReport;
import io.freshet.event.EncodedItem;
import io.freshet.event.Evaluation;
import io.freshet.event.ModelCheckpoint;
import io.freshet.event.RecommenderUpdate;
import io.freshet.event.TrainingSequence;
import io.freshet.event.TrainingSignal;
import io.freshet.model.ModelRuntime;
import io.freshet.model.TestingModelRuntime;
import io.freshet.training.TrainingSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.SavepointType;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.tasks.mailbox.TaskMailbox;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;

/** Runs the operator with a real mailbox, whose mails are taken when the test says so. */
final class FineTuneHarness extends AbstractStreamOperatorTestHarness<ModelCheckpoint> {

    private boolean killed;

    FineTuneHarness(TrainingSettings settings, ModelRuntime runtime) throws Exception {
        super(new FineTuneOperatorFactory(settings, runtime), 1, 1, 0);
    }

    static FineTuneHarness started(TrainingSettings settings) throws Exception {
        return started(settings, new TestingModelRuntime());
    }

    static FineTuneHarness started(TrainingSettings settings, ModelRuntime runtime)
            throws Exception {
        FineTuneHarness harness = new FineTuneHarness(settings, runtime);
        harness.setup();
        harness.open();
        harness.resume();
        return harness;
    }

    /** One whose cluster keeps so many completed checkpoints. */
    static FineTuneHarness retaining(TrainingSettings settings, int checkpoints) throws Exception {
        FineTuneHarness harness = new FineTuneHarness(settings, new TestingModelRuntime());
        harness.getEnvironment()
                .getJobConfiguration()
                .set(CheckpointingOptions.MAX_RETAINED_CHECKPOINTS, checkpoints);
        harness.setup();
        harness.open();
        harness.resume();
        return harness;
    }

    /** An incarnation that starts from a checkpoint of another one. */
    static FineTuneHarness restored(TrainingSettings settings, OperatorSubtaskState state)
            throws Exception {
        return restored(settings, state, new TestingModelRuntime());
    }

    static FineTuneHarness restored(
            TrainingSettings settings, OperatorSubtaskState state, ModelRuntime runtime)
            throws Exception {
        FineTuneHarness harness = new FineTuneHarness(settings, runtime);
        harness.setup();
        harness.initializeState(state);
        harness.open();
        harness.resume();
        return harness;
    }

    void sequences(TrainingSequence... sequences) throws Exception {
        for (TrainingSequence sequence : sequences) {
            fineTuner()
                    .processElement1(
                            new StreamRecord<>(
                                    TrainingSignal.of(sequence), sequence.paneEnd() - 1));
        }
    }

    void control(Control control) throws Exception {
        fineTuner()
                .processElement1(
                        new StreamRecord<>(TrainingSignal.of(control), control.timestamp()));
    }

    void items(EncodedItem... items) throws Exception {
        for (EncodedItem item : items) {
            fineTuner().processElement2(new StreamRecord<>(item, item.timestamp()));
        }
    }

    void watermark(long timestamp) throws Exception {
        fineTuner().processWatermark1(new Watermark(timestamp));
    }

    void catalogWatermark(long timestamp) throws Exception {
        fineTuner().processWatermark2(new Watermark(timestamp));
    }

    void idle(boolean idle) throws Exception {
        fineTuner().processWatermarkStatus1(idle ? WatermarkStatus.IDLE : WatermarkStatus.ACTIVE);
    }

    /** Runs mails until there is one more verdict. */
    void awaitVerdict() throws Exception {
        int before = checkpoints().size();
        while (checkpoints().size() == before) {
            runMail();
        }
    }

    /** Settles the test of a window, and waits until its training has come to the barrier. */
    void awaitTraining(TestingModelRuntime.Barrier barrier) throws Exception {
        runMail();
        barrier.awaitReached();
    }

    /** Runs mails until the store has failed so often. */
    void awaitStoreFailures(long failures) throws Exception {
        while (fineTuner().storeFailures() < failures) {
            runMail();
        }
    }

    /** A savepoint, which Flink doesn't tell the operator is complete. */
    OperatorSubtaskState savepoint(long id) throws Exception {
        return snapshotWithLocalState(
                        id, id, SavepointType.savepoint(SavepointFormatType.CANONICAL))
                .getJobManagerOwnedState();
    }

    /**
     * Tells that a checkpoint is complete that has a new version, and waits until the store knows
     * that it is announced, and has deleted what is old.
     */
    void completeAndTidyUp(long id) throws Exception {
        notifyOfCompletedCheckpoint(id);
        runMail();
        runMail();
    }

    /** Runs mails until there is one more evaluation. */
    void awaitTest() throws Exception {
        int before = evaluations().size();
        while (evaluations().size() == before) {
            runMail();
        }
    }

    /** Runs mails until there is one more update for the recommenders. */
    void awaitUpdate() throws Exception {
        int before = updates().size();
        while (updates().size() == before) {
            runMail();
        }
    }

    /** Runs mails until there is one more report on a control. */
    void awaitReport() throws Exception {
        int before = reports().size();
        while (reports().size() == before) {
            runMail();
        }
    }

    /**
     * Runs the mails that opening leaves: to resume, and that the store is tidy. Not more: what was
     * restored is in work after them, and may be done at once, for the test to await.
     */
    private void resume() throws Exception {
        runMail();
        runMail();
    }

    /** Waits for the next mail to the task, and runs it. */
    void runMail() throws Exception {
        getTaskMailbox().take(TaskMailbox.MIN_PRIORITY).run();
    }

    List<ModelCheckpoint> checkpoints() {
        return extractOutputValues();
    }

    ModelCheckpoint lastCheckpoint() {
        List<ModelCheckpoint> all = checkpoints();
        return all.get(all.size() - 1);
    }

    /** Ends the operator as a failed task does: closed, never finished. */
    void kill() throws Exception {
        killed = true;
        operator.close();
    }

    @Override
    public void close() throws Exception {
        if (!killed) {
            super.close();
        }
    }

    /** Timestamp of everything in the main output: records as such, watermarks negated. */
    List<Long> timeline() {
        List<Long> times = new ArrayList<>();
        for (Object element : getOutput()) {
            if (element instanceof Watermark watermark) {
                times.add(-watermark.getTimestamp());
            } else if (element instanceof StreamRecord<?> found) {
                times.add(found.getTimestamp());
            }
        }
        return times;
    }

    List<Evaluation> evaluations() {
        Queue<StreamRecord<Evaluation>> found = getSideOutput(FineTuneOperator.EVALUATIONS);
        return found == null ? List.of() : found.stream().map(StreamRecord::getValue).toList();
    }

    /** Deltas and verdicts that the recommenders are told. */
    List<RecommenderUpdate> updates() {
        Queue<StreamRecord<RecommenderUpdate>> found = getSideOutput(FineTuneOperator.UPDATES);
        return found == null ? List.of() : found.stream().map(StreamRecord::getValue).toList();
    }

    List<ControlReport> reports() {
        Queue<StreamRecord<ControlReport>> found = getSideOutput(FineTuneOperator.REPORTS);
        return found == null ? List.of() : found.stream().map(StreamRecord::getValue).toList();
    }

    ControlReport lastReport() {
        List<ControlReport> all = reports();
        return all.get(all.size() - 1);
    }

    /** What a checkpoint would hold now. */
    TrainingBuffers.Contents contents() {
        return fineTuner().contents();
    }

    private FineTuneOperator fineTuner() {
        return (FineTuneOperator) operator;
    }
}
