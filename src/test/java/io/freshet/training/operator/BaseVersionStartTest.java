package io.freshet.training.operator;

import static io.freshet.training.TestingSequences.ANN;
import static io.freshet.training.TestingSequences.BOB;
import static io.freshet.training.TestingSequences.sequence;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.freshet.config.StoreConfig;
import io.freshet.event.ModelCheckpoint;
import io.freshet.event.ModelCheckpoint.Verdict;
import io.freshet.event.OffsetRange;
import io.freshet.event.TrainingSequence;
import io.freshet.model.ContentLayout;
import io.freshet.model.TestingModelRuntime;
import io.freshet.store.Manifest;
import io.freshet.store.ModelStore;
import io.freshet.testing.FaultyFileSystem;
import io.freshet.training.JobStart;
import io.freshet.training.TestingSequences;
import io.freshet.training.TrainingSettings;
import io.freshet.training.version.Pretraining;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A job without state starts from a version of the store. */
class BaseVersionStartTest {

    @TempDir private Path root;
    private TrainingSettings settings;

    @BeforeEach
    void makeBase() throws IOException {
        settings = TestingSequences.settings(root);
        try (ModelStore store = new ModelStore(settings.store())) {
            new Pretraining(new TestingModelRuntime(), store, settings, progress -> {})
                    .run(List.of(ANN, BOB), List.of());
        }
    }

    @Test
    void the_base_version_is_announced_once_and_before_everything() throws Exception {
        OperatorSubtaskState state;
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            ModelCheckpoint base = harness.lastCheckpoint();
            assertThat(base.version()).isEqualTo(1);
            assertThat(base.verdict()).isEqualTo(Verdict.PROMOTED);
            assertThat(base.reason()).isEqualTo("base version");
            assertThat(base.path()).endsWith(root + "/1");
            assertThat(base.windowEnd())
                    .as("the base serves from its newest interaction's moment on")
                    .isEqualTo(Math.max(newest(ANN), newest(BOB)));
            assertThat(harness.timeline()).containsExactly("verdict at 0");
            state = harness.snapshot(1, 1);
        }
        try (FineTuneHarness second = FineTuneHarness.restored(settings, state)) {
            assertThat(second.checkpoints()).isEmpty();
        }
    }

    @Test
    void what_the_base_version_was_trained_on_is_context_only() throws Exception {
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            harness.sequences(ANN, BOB);
            harness.window(sequence("ann", 20, 5, 4, "c", "d", "e", "d", "e"));

            assertThat(harness.lastCheckpoint().version()).isEqualTo(2);
            assertThat(harness.lastCheckpoint().windowStart()).isEqualTo(16);
            assertThat(harness.lastCheckpoint().interactions()).isEqualTo(4);
            assertThat(harness.lastCheckpoint().trainedOffsets())
                    .containsExactly(new OffsetRange(0, 5, 8, 4));
        }
    }

    @Test
    void a_job_that_left_its_state_behind_fails_for_good_unless_state_is_restored()
            throws Exception {
        OperatorSubtaskState state;
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            state = harness.snapshot(1, 1);
        }
        TrainingSettings left =
                new TrainingSettings(
                        settings.model(),
                        settings.history(),
                        settings.training(),
                        settings.store(),
                        settings.content(),
                        new JobStart("Found no state, expected a checkpoint", ""));

        assertThatThrownBy(() -> FineTuneHarness.started(left))
                .hasStackTraceContaining("Found no state, expected a checkpoint")
                .hasStackTraceContaining("SuppressRestartsException");
        try (FineTuneHarness recovered = FineTuneHarness.restored(left, state)) {
            assertThat(recovered.checkpoints()).isEmpty();
        }
    }

    @Test
    void a_new_job_on_a_store_that_cannot_be_written_fails() {
        TrainingSettings distant = TestingSequences.on(FaultyFileSystem.uri(root));
        FaultyFileSystem.fail(root, EnumSet.of(FaultyFileSystem.Call.WRITE));
        try {
            assertThatThrownBy(() -> FineTuneHarness.started(distant))
                    .hasStackTraceContaining("found no way to write 1 KB");
        } finally {
            FaultyFileSystem.heal(root);
        }
    }

    @Test
    void the_writer_names_the_group_by_which_its_job_is_seen() throws Exception {
        TrainingSettings owned =
                new TrainingSettings(
                        settings.model(),
                        settings.history(),
                        settings.training(),
                        settings.store(),
                        settings.content(),
                        new JobStart("", "shop, north-owner"));
        try (FineTuneHarness harness = FineTuneHarness.started(owned);
                ModelStore store = new ModelStore(owned.store())) {
            assertThat(store.newestOfAJob()).as("it was pre-trained").isEmpty();
            harness.window(sequence("ann", 20, 5, 4, "c", "d", "e", "d", "e"));
            assertThat(store.newestOfAJob()).as("it is not sealed yet").isEmpty();
            harness.snapshot(1, 1);
            harness.completeAndTidyUp(1);

            assertThat(store.newestOfAJob()).hasValue(2);
            assertThat(store.writersGroup()).isEqualTo("shop, north-owner");
        }
    }

    @Test
    void a_configured_base_that_is_missing_stops_the_job_with_what_there_is() {
        TrainingSettings wrong =
                new TrainingSettings(
                        settings.model(),
                        settings.history(),
                        settings.training(),
                        new StoreConfig(settings.store().path(), 2, 7),
                        settings.content());

        assertThatThrownBy(() -> FineTuneHarness.started(wrong))
                .hasStackTraceContaining("No version 7")
                .hasStackTraceContaining("[1]");
    }

    @Test
    void a_version_that_freshet_did_not_write_is_refused_unless_an_option_names_it()
            throws Exception {
        Path manifest = root.resolve("1").resolve(Manifest.FILE);
        String own = Files.readString(manifest);
        Files.writeString(manifest, own.replace("\"writer\" : \"freshet\"", "\"writer\" : \"me\""));
        TrainingSettings named =
                new TrainingSettings(
                        settings.model(),
                        settings.history(),
                        settings.training(),
                        new StoreConfig(settings.store().path(), 2, 1),
                        settings.content());

        assertThatThrownBy(() -> FineTuneHarness.started(settings))
                .hasStackTraceContaining("Version 1 is the newest in the store")
                .hasStackTraceContaining("found the writer 'me', expected 'freshet'")
                .hasStackTraceContaining("store.base-version: 1");
        OperatorSubtaskState state;
        try (FineTuneHarness harness = FineTuneHarness.started(named)) {
            assertThat(harness.lastCheckpoint().version()).isEqualTo(1);
            state = harness.snapshot(1, 1);
        }
        try (FineTuneHarness goesOn = FineTuneHarness.restored(settings, state)) {
            assertThat(goesOn.checkpoints()).as("the state names it").isEmpty();
        }
    }

    @Test
    void a_version_that_takes_other_content_stops_the_job_with_both_layouts() throws Exception {
        OperatorSubtaskState state;
        try (FineTuneHarness harness = FineTuneHarness.started(settings)) {
            state = harness.snapshot(1, 1);
        }
        TrainingSettings other =
                new TrainingSettings(
                        settings.model(),
                        settings.history(),
                        settings.training(),
                        settings.store(),
                        new ContentLayout("none", 0, new TreeMap<>(Map.of("audio", 2))));

        assertThatThrownBy(() -> FineTuneHarness.started(other))
                .hasStackTraceContaining("Version 1 was trained on item content 'image[2]'")
                .hasStackTraceContaining("the options make 'audio[2]'");
        assertThatThrownBy(() -> FineTuneHarness.restored(other, state))
                .hasStackTraceContaining("Version 1 was trained on item content 'image[2]'");
    }

    private static long newest(TrainingSequence sequence) {
        return sequence.timestamps()[sequence.timestamps().length - 1];
    }
}
