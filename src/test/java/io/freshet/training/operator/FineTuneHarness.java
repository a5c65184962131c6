package io.freshet.training.operator;

import static java.util.Objects.requireNonNull;

import io.freshet.event.Control;
import io.freshet.event.ControlReport;
import io.freshet.event.EncodedItem;
import io.freshet.event.Evaluation;
import io.freshet.event.ModelCheckpoint;
import io.freshet.event.ModelRevision;
import io.freshet.event.ModelUpdate;
import io.freshet.event.RecommenderUpdate;
import io.freshet.event.TrainingSequence;
import io.freshet.event.TrainingSignal;
import io.freshet.model.ModelRuntime;
import io.freshet.model.TestingModelRuntime;
import io.freshet.training.TestingSequences;
import io.freshet.training.TrainingSettings;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.SavepointType;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.tasks.mailbox.Mail;
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

    /** Runs mails until training has come to the barrier. */
    void awaitTraining(TestingModelRuntime.Barrier barrier) throws Exception {
        while (!barrier.isReached()) {
            tryMail();
        }
    }

    /** Runs mails until the store has failed so often. */
    void awaitStoreFailures(long failures) throws Exception {
        while (fineTuner().storeFailures() < failures) {
            runMail();
        }
    }

    /** A savepoint, of whose completion the operator gets no notice. */
    OperatorSubtaskState savepoint(long id) throws Exception {
        return snapshotWithLocalState(
                        id, id, SavepointType.savepoint(SavepointFormatType.CANONICAL))
                .getJobManagerOwnedState();
    }

    /**
     * Gives notice that a checkpoint is complete that has a new version, and waits until the store
     * has it as announced, and has deleted what is old.
     */
    void completeAndTidyUp(long id) throws Exception {
        notifyOfCompletedCheckpoint(id);
        runMail();
        runMail();
    }

    /** Trains windows on the panes of {@link #pane}, from one number up to another. */
    void trainPanes(int from, int to) throws Exception {
        for (int pane = from; pane < to; pane++) {
            window(pane(pane));
        }
    }

    /** Trains a window on sequences of one pane. */
    void window(TrainingSequence... sequences) throws Exception {
        sequences(sequences);
        watermark(sequences[0].paneEnd() - 1);
        awaitVerdict();
    }

    /** Four interactions of a pane, by its number from 0. */
    static TrainingSequence pane(int number) {
        return TestingSequences.sequence(
                "ann", 10 + 10L * number, 4L * number, 4, "a", "b", "a", "b");
    }

    /** Runs mails until there is one more evaluation. */
    void awaitEvaluation() throws Exception {
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

    private void tryMail() throws Exception {
        Optional<Mail> mail = getTaskMailbox().tryTake(TaskMailbox.MIN_PRIORITY);
        if (mail.isPresent()) {
            mail.get().run();
        }
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

    /** The main output in order, as "watermark 9", "verdict at 10" and "idle". */
    List<String> timeline() {
        return getOutput().stream().map(FineTuneHarness::text).toList();
    }

    private static String text(Object element) {
        if (element instanceof Watermark watermark) {
            long time = watermark.getTimestamp();
            return time == Long.MAX_VALUE ? "end of input" : "watermark " + time;
        }
        if (element instanceof StreamRecord<?> found) {
            return "verdict at " + found.getTimestamp();
        }
        return WatermarkStatus.IDLE.equals(element) ? "idle" : "active";
    }

    List<Evaluation> evaluations() {
        Queue<StreamRecord<Evaluation>> found = getSideOutput(FineTuneOperator.EVALUATIONS);
        return found == null ? List.of() : found.stream().map(StreamRecord::getValue).toList();
    }

    /** Updates and verdicts for the recommenders. */
    List<RecommenderUpdate> updates() {
        Queue<StreamRecord<RecommenderUpdate>> found = getSideOutput(FineTuneOperator.UPDATES);
        return found == null ? List.of() : found.stream().map(StreamRecord::getValue).toList();
    }

    /** The same in words: "version 1" of a verdict, "update 2 of version 1" of an update. */
    List<String> announced() {
        return updates().stream().map(FineTuneHarness::text).toList();
    }

    private static String text(RecommenderUpdate update) {
        if (update.update() == null) {
            return "version " + requireNonNull(update.checkpoint()).version();
        }
        ModelRevision revision = update.update().revision();
        return "update " + revision.update() + " of version " + revision.version();
    }

    /** The newest announced update of the live model. */
    ModelUpdate lastUpdate() {
        List<RecommenderUpdate> all = updates();
        return all.stream()
                .map(RecommenderUpdate::update)
                .filter(Objects::nonNull)
                .reduce((first, second) -> second)
                .orElseThrow();
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
