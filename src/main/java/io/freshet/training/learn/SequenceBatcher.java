package io.freshet.training.learn;

import io.freshet.config.TrainingConfig;
import io.freshet.event.TrainingSequence;
import io.freshet.model.RatingRange;
import io.freshet.model.Rejected;
import io.freshet.model.TrainingBatch;
import io.freshet.training.learn.SequenceChunker.Chunk;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Makes the batches of one pass after another over the same chunks. */
public final class SequenceBatcher {

    private final List<Chunk> chunks;
    private final int batchSize;
    private final CandidateSampler sampler;
    private final float rejection;
    private final @Nullable Teacher teacher;

    private SequenceBatcher(
            IndexedModel model,
            List<Chunk> chunks,
            TrainingConfig config,
            @Nullable Teacher teacher) {
        int negatives = model.model().predictsRatings() ? 0 : config.optimizer().negatives();
        this.chunks = chunks;
        this.batchSize = config.optimizer().batchSize();
        this.sampler = new CandidateSampler(model.vocabulary(), chunks, negatives);
        this.rejection = config.objective().rejectionWeight();
        this.teacher = teacher;
    }

    /** Batches of all that a model can learn from sequences, each position with weight 1. */
    public static SequenceBatcher of(
            IndexedModel model, List<TrainingSequence> sequences, TrainingConfig config) {
        return new SequenceBatcher(model, chunks(model, sequences, config, Map.of()), config, null);
    }

    /** What a window trains: new sequences with the weights of their items, and replayed ones. */
    record Window(
            List<TrainingSequence> trained,
            List<TrainingSequence> replayed,
            Map<String, Float> itemWeights) {}

    /**
     * Batches of new and replayed sequences. The model as it is now teaches the replayed ones, if
     * distillation is configured.
     *
     * @param seed of the rows that the teacher scores
     * @param stopped asked while the teacher scores
     */
    static SequenceBatcher fineTuning(
            IndexedModel model,
            Window window,
            TrainingConfig config,
            long seed,
            BooleanSupplier stopped) {
        List<Chunk> chunks = chunks(model, window.trained(), config, window.itemWeights());
        List<Chunk> old = chunks(model, window.replayed(), config, Map.of());
        float distillation = config.replay().distillation();
        @Nullable Teacher teacher =
                distillation > 0
                        ? Teacher.of(model, old, chunks.size(), distillation, seed, stopped)
                        : null;
        chunks.addAll(old);
        return new SequenceBatcher(model, chunks, config, teacher);
    }

    private static List<Chunk> chunks(
            IndexedModel model,
            List<TrainingSequence> sequences,
            TrainingConfig config,
            Map<String, Float> itemWeights) {
        RatingRange rated =
                model.model().predictsRatings()
                        ? new RatingRange(
                                config.objective().ratingMin(), config.objective().ratingMax())
                        : null;
        SequenceChunker chunker = new SequenceChunker(model.model().length(), rated, itemWeights);
        List<Chunk> chunks = new ArrayList<>();
        for (TrainingSequence sequence : sequences) {
            chunker.chunk(sequence, model.vocabulary(), chunks);
        }
        return chunks;
    }

    /** Most batches in one pass. */
    public int batches() {
        return PaddedChunks.count(chunks.size(), batchSize);
    }

    /** Targets in one pass. */
    public int targets() {
        return chunks.stream().mapToInt(chunk -> chunk.targets().length).sum();
    }

    /**
     * The groups of one pass, in random order. A batch's loss is a weighted mean, so weights count
     * within a batch alone: a batch that only has small ones is in a pass with the probability of
     * its largest.
     */
    int[][] pass(SplittableRandom random) {
        return Arrays.stream(PaddedChunks.shuffled(chunks, batchSize, random))
                .filter(group -> isTaken(largestWeight(group), random))
                .toArray(int[][]::new);
    }

    private static boolean isTaken(float probability, SplittableRandom random) {
        return probability >= 1 || random.nextDouble() < probability;
    }

    private float largestWeight(int[] group) {
        float largest = 0;
        for (int index : group) {
            for (float weight : chunks.get(index).weights()) {
                largest = Math.max(largest, weight);
            }
        }
        return largest;
    }

    /** The batch of one group. */
    TrainingBatch batch(int[] group, SplittableRandom random) {
        PaddedChunks padded = PaddedChunks.of(chunks, group);
        CandidateSampler.Candidates candidates = sampler.sample(padded.targets(), random);
        return new TrainingBatch(
                padded.size(),
                padded.length(),
                padded.items(),
                padded.attributes(),
                padded.positions(),
                candidates.labels(),
                candidates.rows(),
                candidates.logQ(),
                padded.weights(),
                padded.ratings(),
                new Rejected(rejection, padded.rejectedPositions(), padded.rejectedRows()),
                teacher == null ? null : teacher.lesson(group, padded));
    }
}
