package io.freshet.training.operator;

import static io.freshet.training.TestingSequences.ANN;
import static io.freshet.training.TestingSequences.BOB;
import static io.freshet.training.TestingSequences.CAT;
import static io.freshet.training.TestingSequences.DAN;
import static io.freshet.training.TestingSequences.EVE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.freshet.event.Control;
import io.freshet.event.ModelCheckpoint;
import io.freshet.event.ModelCheckpoint.Verdict;
import io.freshet.event.OffsetRange;
import io.freshet.event.TrainingSequence;
import io.freshet.model.TestingModelRuntime;
import io.freshet.training.FineTuneState;
import io.freshet.training.TestingSequences;
import io.freshet.training.TrainingSettings;
import io.freshet.training.UpdateMark;
import io.freshet.training.WindowSequence;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/**
 * State of a release that had updates since the version as sequences: they are trained once more,
 * and become a version.
 */
class ReleasedStateTest {

    @TempDir private Path root;
    private TrainingSettings settings;
    private TestingStore store;
    private String name;

    @BeforeEach
    void prepare(TestInfo test) {
        settings = TestingSequences.settings(root, TestingSequences.training(3));
        store = new TestingStore(root);
        name = test.getDisplayName();
    }

    @Test
    void updates_that_are_in_no_log_become_a_version_before_anything_else() throws Exception {
        OperatorSubtaskState state = written(afterTwoUpdates(versionOne()));
        try (FineTuneHarness harness =
                FineTuneHarness.restored(settings, state, new TestingModelRuntime(name))) {
            harness.sequences(EVE);
            harness.watermark(39);
            harness.awaitVerdict();

            ModelCheckpoint made = harness.lastCheckpoint();
            assertThat(made.verdict()).isEqualTo(Verdict.PROMOTED);
            assertThat(made.version()).isEqualTo(2);
            assertThat(made.parent()).isEqualTo(1);
            assertThat(made.reason()).isEqualTo("updates of an earlier release");
            assertThat(made.trainedOffsets()).containsExactly(new OffsetRange(0, 0, 12, 13));
            assertThat(harness.announced()).containsExactly("version 2");
            assertThat(store.model(2).count("b", "c"))
                    .isEqualTo(2 + store.model(1).count("b", "c"));
            assertThat(store.model(2).count("c", "a")).isEqualTo(2);
            TrainingBuffers.Contents contents = harness.contents();
            assertThat(contents.applied()).isEmpty();
            assertThat(contents.replayed())
                    .extracting(TrainingSequence::userId)
                    .containsExactly("ann", "cat", "dan");

            harness.awaitVerdict();
            assertThat(harness.announced()).containsExactly("version 2", "update 4 of version 2");
        }
    }

    @Test
    void what_the_last_window_held_out_validates_and_is_trained_later() throws Exception {
        OperatorSubtaskState state = written(afterTwoUpdates(versionOne()));
        try (FineTuneHarness harness = FineTuneHarness.restored(settings, state)) {
            assertThat(harness.contents().validation())
                    .extracting(WindowSequence::window, held -> held.sequence().userId())
                    .containsExactly(tuple(3L, "bob"));
            assertThat(harness.contents().carried()).isEmpty();
        }
    }

    @Test
    void a_restore_before_that_version_was_announced_adopts_it() throws Exception {
        OperatorSubtaskState state = written(afterTwoUpdates(versionOne()));
        OperatorSubtaskState later;
        ModelCheckpoint lost;
        try (FineTuneHarness crashed = FineTuneHarness.restored(settings, state)) {
            later = crashed.snapshot(1, 1);
            crashed.awaitVerdict();
            lost = crashed.lastCheckpoint();
        }
        try (FineTuneHarness second = FineTuneHarness.restored(settings, later)) {
            second.awaitVerdict();

            assertThat(second.lastCheckpoint().fingerprint()).isEqualTo(lost.fingerprint());
            assertThat(second.lastCheckpoint().trainedOffsets()).isEqualTo(lost.trainedOffsets());
            assertThat(store.versions()).containsExactly(1L, 2L);
        }
    }

    @Test
    void updates_of_no_version_become_the_first() throws Exception {
        FineTuneState state = new FineTuneState();
        state.announced = 0;
        try (FineTuneHarness harness =
                FineTuneHarness.restored(settings, written(afterTwoUpdates(state)))) {
            harness.awaitVerdict();

            assertThat(harness.lastCheckpoint().version()).isEqualTo(1);
            assertThat(harness.lastCheckpoint().trainedOffsets())
                    .containsExactly(new OffsetRange(0, 5, 12, 8));
            assertThat(store.model(1).count("c", "a")).isEqualTo(2);
            harness.window(EVE);
            assertThat(harness.announced()).containsExactly("version 1", "update 4 of version 1");
        }
    }

    @Test
    void a_rollback_undoes_them_instead() throws Exception {
        FineTuneState state = afterTwoUpdates(versionOne());
        state.rollbacks.add(new Control("c", Control.Kind.ROLLBACK, "", 50, 1));
        try (FineTuneHarness harness =
                FineTuneHarness.restored(settings, written(state), new TestingModelRuntime(name))) {
            harness.awaitVerdict();

            assertThat(harness.lastCheckpoint().verdict()).isEqualTo(Verdict.ROLLED_BACK);
            assertThat(harness.lastCheckpoint().updates()).isEqualTo(2);
            assertThat(harness.contents().applied()).isEmpty();
            harness.window(EVE);
            assertThat(TestingModelRuntime.steps(name))
                    .as("of the new window and of what was held out before")
                    .isEqualTo(2);
            assertThat(store.versions()).containsExactly(1L);
        }
    }

    /** Makes version 1, and the state that points to it. */
    private FineTuneState versionOne() throws Exception {
        FineTuneState state = new FineTuneState();
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            harness.window(ANN, BOB);
            state.live = 1;
            state.fingerprint = harness.lastCheckpoint().fingerprint();
            state.trainedOffsets = harness.lastCheckpoint().trainedOffsets();
        }
        state.base = 1;
        state.announced = 1;
        return state;
    }

    /** The state after two windows more, as a release without the log has it. */
    private static FineTuneState afterTwoUpdates(FineTuneState state) {
        state.format = 0;
        state.baseAnnounced = true;
        state.windows = 3;
        state.watermark = 29;
        state.applied.add(new UpdateMark(2, 16, 20, 4, 1, 0, 3, 1, 1));
        state.applied.add(new UpdateMark(3, 26, 30, 4, 1, 0, 3, 1, 1));
        return state;
    }

    private static OperatorSubtaskState written(FineTuneState state) throws Exception {
        try (OneInputStreamOperatorTestHarness<Long, Long> harness =
                new OneInputStreamOperatorTestHarness<>(new Writer(state))) {
            harness.open();
            return harness.snapshot(1, 1);
        }
    }

    /** Writes the state that a fine-tuner of such a release writes. */
    private static final class Writer extends AbstractStreamOperator<Long>
            implements OneInputStreamOperator<Long, Long> {

        private static final long serialVersionUID = 1L;

        private final transient FineTuneState state;

        Writer(FineTuneState state) {
            this.state = state;
        }

        @Override
        public void processElement(StreamRecord<Long> element) {}

        @Override
        public void snapshotState(StateSnapshotContext context) throws Exception {
            super.snapshotState(context);
            put("fine-tuner", FineTuneState.class, state);
            put(
                    "applied-sequences",
                    WindowSequence.class,
                    new WindowSequence(2, CAT),
                    new WindowSequence(3, DAN));
            put("held-out-sequences", TrainingSequence.class, BOB);
            put("judging-sequences", WindowSequence.class, new WindowSequence(2, ANN));
            put("replay-buffer", TrainingSequence.class, ANN);
        }

        @SafeVarargs
        private <T> void put(String list, Class<T> type, T... elements) throws Exception {
            getOperatorStateBackend()
                    .getListState(new ListStateDescriptor<>(list, type))
                    .update(List.of(elements));
        }
    }
}
