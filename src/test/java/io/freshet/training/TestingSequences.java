package io.freshet.training;

import io.freshet.config.HistoryConfig;
import io.freshet.config.ModelConfig;
import io.freshet.config.ResponseConfig;
import io.freshet.config.StoreConfig;
import io.freshet.config.TestingFeedback;
import io.freshet.config.TrainingConfig;
import io.freshet.event.TrainingSequence;
import io.freshet.model.ContentLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Sequences and settings for tests. Panes are 10 ms long, windows at least 4 interactions; those
 * that queue up may become one.
 */
public final class TestingSequences {

    /** Items without content. */
    public static final ContentLayout NO_CONTENT = new ContentLayout("none", 0, new TreeMap<>());

    public static final long PANE = 10;

    /** Sequences that wait for training at most. */
    public static final int MOST_WAITING = 1_000;

    /** With {@link #BOB} the first pane: five interactions, of which three have one before. */
    public static final TrainingSequence ANN = sequence("ann", 10, 0, 3, "a", "b", "c");

    public static final TrainingSequence BOB = sequence("bob", 10, 3, 2, "a", "b");

    /** The second pane. */
    public static final TrainingSequence CAT = sequence("cat", 20, 5, 4, "b", "c", "b", "c");

    /** The third pane. */
    public static final TrainingSequence DAN = sequence("dan", 30, 9, 4, "c", "a", "c", "a");

    /** The fourth pane. */
    public static final TrainingSequence EVE = sequence("eve", 40, 13, 4, "c", "b", "c", "b");

    private TestingSequences() {}

    /**
     * A sequence whose last items are fresh, one per millisecond up to the pane's last, with
     * offsets that count up from {@code offset}.
     */
    public static TrainingSequence sequence(
            String user, long paneEnd, long offset, int fresh, String... items) {
        float[] ratings = new float[items.length];
        Arrays.fill(ratings, Float.NaN);
        long[] timestamps = new long[items.length];
        Arrays.setAll(timestamps, i -> paneEnd - items.length + i);
        int[] positions = new int[fresh];
        Arrays.setAll(positions, i -> items.length - fresh + i);
        long[] offsets = new long[fresh];
        Arrays.setAll(offsets, i -> offset + i);
        return unweighted(
                user, paneEnd, items, ratings, timestamps, positions, new int[fresh], offsets);
    }

    /** A sequence without rejections whose positions all have weight 1. */
    public static TrainingSequence unweighted(
            String user,
            long paneEnd,
            String[] items,
            float[] ratings,
            long[] timestamps,
            int[] fresh,
            int[] partitions,
            long[] offsets) {
        return new TrainingSequence(
                user,
                paneEnd,
                items,
                ratings,
                timestamps,
                fresh,
                partitions,
                offsets,
                new float[0],
                new String[0],
                new int[0],
                new int[0][]);
    }

    /** The sequence with a weight as a target for each position. */
    public static TrainingSequence weighted(TrainingSequence sequence, float... weights) {
        return with(sequence, weights, sequence.rejected(), sequence.rejectedAfter());
    }

    /** The sequence with a rejected item after so many positions. */
    public static TrainingSequence rejecting(TrainingSequence sequence, String item, int after) {
        return with(sequence, sequence.weights(), new String[] {item}, new int[] {after});
    }

    /** The sequence with hashes of what else is known of each position. */
    public static TrainingSequence knowing(TrainingSequence sequence, int[]... attributes) {
        return with(
                sequence,
                sequence.weights(),
                sequence.rejected(),
                sequence.rejectedAfter(),
                attributes);
    }

    private static TrainingSequence with(
            TrainingSequence sequence, float[] weights, String[] rejected, int[] rejectedAfter) {
        return with(sequence, weights, rejected, rejectedAfter, sequence.attributes());
    }

    private static TrainingSequence with(
            TrainingSequence sequence,
            float[] weights,
            String[] rejected,
            int[] rejectedAfter,
            int[][] attributes) {
        return new TrainingSequence(
                sequence.userId(),
                sequence.paneEnd(),
                sequence.items(),
                sequence.ratings(),
                sequence.timestamps(),
                sequence.fresh(),
                sequence.partitions(),
                sequence.offsets(),
                weights,
                rejected,
                rejectedAfter,
                attributes);
    }

    public static TrainingConfig training() {
        return training(0.0f);
    }

    public static TrainingConfig training(float holdout) {
        return training(true, holdout, false);
    }

    public static TrainingConfig training(boolean enabled, float holdout, boolean frozenBaseline) {
        return training(enabled, holdout, frozenBaseline, 1, 0);
    }

    /** Windows of four interactions, and versions of so many windows. */
    public static TrainingConfig training(int updatesPerVersion) {
        return training(true, 0, false, updatesPerVersion, 0);
    }

    /** Items get a row after so many interactions; versions are of so many windows. */
    public static TrainingConfig admitting(int interactions, int updatesPerVersion) {
        TrainingConfig config = training(updatesPerVersion);
        return with(
                config,
                config.window(),
                new TrainingConfig.Vocabulary(
                        interactions,
                        config.vocabulary().maxRows(),
                        config.vocabulary().ttl(),
                        config.vocabulary().withdrawnTtl()));
    }

    /** Windows of at least and at most so many interactions. */
    public static TrainingConfig windows(int least, int most) {
        TrainingConfig config = training();
        return with(
                config,
                new TrainingConfig.Window(least, most, config.window().time(), MOST_WAITING),
                config.vocabulary());
    }

    private static TrainingConfig with(
            TrainingConfig config,
            TrainingConfig.Window window,
            TrainingConfig.Vocabulary vocabulary) {
        return new TrainingConfig(
                config.enabled(),
                config.updatesPerVersion(),
                config.frozenBaseline(),
                window,
                config.optimizer(),
                config.objective(),
                config.replay(),
                config.gate(),
                config.pretraining(),
                vocabulary);
    }

    /** A share of users held out, and losses that may rise by a share before it matters. */
    public static TrainingConfig judging(
            float holdout, float gateTolerance, int updatesPerVersion) {
        return training(true, holdout, false, updatesPerVersion, 0, 1, gateTolerance);
    }

    public static TrainingConfig distilling(float distillation) {
        return training(true, 0, false, 1, distillation);
    }

    /** So many passes over a window, whatever the gate thinks of it up to its tolerance. */
    public static TrainingConfig passes(int epochs, float gateTolerance, int updatesPerVersion) {
        return training(true, 0, false, updatesPerVersion, 0, epochs, gateTolerance);
    }

    private static TrainingConfig training(
            boolean enabled,
            float holdout,
            boolean frozenBaseline,
            int updatesPerVersion,
            float distillation) {
        return training(
                enabled, holdout, frozenBaseline, updatesPerVersion, distillation, 1, 0.02f);
    }

    private static TrainingConfig training(
            boolean enabled,
            float holdout,
            boolean frozenBaseline,
            int updatesPerVersion,
            float distillation,
            int epochs,
            float gateTolerance) {
        return new TrainingConfig(
                enabled,
                updatesPerVersion,
                frozenBaseline,
                new TrainingConfig.Window(4, 10_000, Duration.ofMillis(1000), MOST_WAITING),
                new TrainingConfig.Optimizer(epochs, 2, 1000, 0.001f, 0.0003f, 1, 0.25f, 0.1f, 5f),
                new TrainingConfig.Objective(TrainingConfig.Loss.SAMPLED_SOFTMAX, 1, 5, 0.5f),
                new TrainingConfig.Replay(0.5f, 100, distillation),
                new TrainingConfig.Gate(holdout, gateTolerance, 0.3f),
                new TrainingConfig.Pretraining(5, 0.001f),
                new TrainingConfig.Vocabulary(
                        1, 1_000_000, Duration.ofDays(365), Duration.ofDays(30)));
    }

    public static TrainingSettings settings(Path store) {
        return settings(store, training());
    }

    public static TrainingSettings settings(Path store, TrainingConfig training) {
        return settings(store.toUri().toString(), training);
    }

    /** On a store by its URI. */
    public static TrainingSettings on(String store) {
        return settings(store, training());
    }

    private static TrainingSettings settings(String store, TrainingConfig training) {
        return new TrainingSettings(
                new ModelConfig(8, 1, 1, List.of(), 256, 0, ModelConfig.Precision.FLOAT32, 42),
                new HistoryConfig(
                        5,
                        Duration.ofMillis(PANE),
                        Duration.ofDays(1),
                        Duration.ofDays(1),
                        10,
                        false,
                        TestingFeedback.of(),
                        new ResponseConfig(List.of(), Duration.ofMinutes(1)),
                        new HistoryConfig.Asking(Duration.ZERO, true, 0, 0, List.of())),
                training,
                new StoreConfig(store, 2, 0),
                new ContentLayout("none", 0, new TreeMap<>(Map.of("image", 2))));
    }
}
