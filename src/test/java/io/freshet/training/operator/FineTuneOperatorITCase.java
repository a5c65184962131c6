package io.freshet.training.operator;

import static io.freshet.training.TestingSequences.sequence;
import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.event.EncodedItem;
import io.freshet.event.ModelCheckpoint;
import io.freshet.event.OffsetRange;
import io.freshet.event.TrainingSequence;
import io.freshet.event.TrainingSignal;
import io.freshet.model.TestingModelRuntime;
import io.freshet.store.Manifest;
import io.freshet.store.ModelStore;
import io.freshet.training.TestingSequences;
import io.freshet.training.TrainingSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** On a cluster that fails on the way: every offset is trained once, no version is lost. */
class FineTuneOperatorITCase {

    private static final int PANES = 200;
    private static final int FRESH_PER_PANE = 4;

    @RegisterExtension static final MiniClusterExtension CLUSTER = new MiniClusterExtension();

    @TempDir private Path root;

    @Test
    void after_failures_every_offset_is_trained_once_and_versions_are_announced_once()
            throws Exception {
        TrainingSettings settings = TestingSequences.settings(root.resolve("models"));
        Path failed = root.resolve("failed");
        Configuration configuration = new Configuration();
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
        configuration.set(
                RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(10));
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 2);
        configuration.set(PipelineOptions.GENERIC_TYPES, false);
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        env.setParallelism(1);
        env.enableCheckpointing(50);

        DataStream<TrainingSignal> sequences =
                env.fromSource(
                                panes(),
                                WatermarkStrategy.<TrainingSequence>forMonotonousTimestamps()
                                        .withTimestampAssigner((s, t) -> s.paneEnd() - 1),
                                "sequences")
                        .map(new FailsTwice(failed.toString()))
                        .returns(TrainingSequence.class)
                        .map(TrainingSignal::of)
                        .returns(TrainingSignal.class);
        DataStream<EncodedItem> items =
                env.fromData(
                        TypeInformation.of(EncodedItem.class),
                        new EncodedItem("a", true, 0, new float[] {1, 0}, List.of()));
        List<ModelCheckpoint> checkpoints = new ArrayList<>();
        try (CloseableIterator<ModelCheckpoint> found =
                sequences
                        .connect(items)
                        .transform(
                                "fine-tuner",
                                TypeInformation.of(ModelCheckpoint.class),
                                new FineTuneOperatorFactory(settings, new TestingModelRuntime()))
                        .executeAndCollect()) {
            found.forEachRemaining(checkpoints::add);
        }

        assertThat(failed.resolveSibling("failed-2")).exists();
        assertThat(checkpoints).allMatch(ModelCheckpoint::promoted);
        assertThat(checkpoints)
                .extracting(ModelCheckpoint::windowEnd)
                .as("a window may have several panes")
                .hasSizeBetween(2, PANES)
                .isSorted()
                .doesNotHaveDuplicates();
        ModelCheckpoint last = checkpoints.get(checkpoints.size() - 1);
        assertThat(last.trainedOffsets())
                .containsExactly(
                        new OffsetRange(0, 0, PANES * FRESH_PER_PANE - 1L, PANES * FRESH_PER_PANE));
        try (ModelStore store = new ModelStore(settings.store())) {
            assertThat(checkpoints).extracting(ModelCheckpoint::version).doesNotHaveDuplicates();
            Manifest newest = store.verify(last.version());
            assertThat(newest.parent())
                    .isEqualTo(checkpoints.get(checkpoints.size() - 2).version());
            assertThat(store.versions().size()).isLessThan(checkpoints.size());
        }
    }

    private static DataGeneratorSource<TrainingSequence> panes() {
        return new DataGeneratorSource<>(
                index ->
                        sequence(
                                "user" + index % 7,
                                (index + 1) * TestingSequences.PANE,
                                index * FRESH_PER_PANE,
                                FRESH_PER_PANE,
                                "a",
                                "b",
                                "a",
                                "c"),
                PANES,
                RateLimiterStrategy.perSecond(50),
                TypeInformation.of(TrainingSequence.class));
    }

    /** Fails after the first and the second completed checkpoint, once each. */
    private static final class FailsTwice
            implements MapFunction<TrainingSequence, TrainingSequence>, CheckpointListener {

        private static final long serialVersionUID = 1L;

        private final String marker;
        private int completed;

        FailsTwice(String marker) {
            this.marker = marker;
        }

        @Override
        public TrainingSequence map(TrainingSequence sequence) throws Exception {
            for (int failure = 1; failure <= 2; failure++) {
                Path file = Path.of(marker + "-" + failure);
                if (completed > 0 && !Files.exists(file)) {
                    Files.createFile(file);
                    throw new IllegalStateException("Injected failure " + failure);
                }
            }
            return sequence;
        }

        @Override
        public void notifyCheckpointComplete(long checkpointId) {
            completed++;
        }
    }
}
