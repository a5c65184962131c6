package io.freshet.training;

import io.freshet.config.TrainingConfig;
import io.freshet.event.TrainingSequence;
import io.freshet.model.RatingRange;
import io.freshet.model.TrainingBatch;
import io.freshet.model.Vocabulary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Makes the batches of one pass after another over the same chunks. */
final class SequenceBatcher {

    private final List<Chunk> chunks;
    private final int batchSize;
    private final CandidateSampler sampler;
    private final @Nullable Teacher teacher;

    /**
     * @param chunks what is trained
     * @param vocabulary rows of the model
     * @param batchSize chunks in a batch
     * @param negatives negatives drawn per batch
     * @param teacher what the model said of some of the chunks; null for no distillation
     */
    SequenceBatcher(
            List<Chunk> chunks,
            Vocabulary vocabulary,
            int batchSize,
            int negatives,
            @Nullable Teacher teacher) {
        this.chunks = chunks;
        this.batchSize = batchSize;
        this.sampler = new CandidateSampler(vocabulary, chunks, negatives);
        this.teacher = teacher;
    }

    /** Batches of all that a model can learn from sequences. */
    static SequenceBatcher of(
            LoadedModel model, List<TrainingSequence> sequences, TrainingConfig config) {
        return of(model, chunks(model, sequences, config), config, null);
    }

    /**
     * Batches of new and replayed sequences; the model as it is now teaches the replayed ones, if
     * distillation is wanted.
     *
     * @param seed of the rows that the teacher judges
     * @param stopped asked while the model teaches
     */
    static SequenceBatcher fineTuning(
            LoadedModel model,
            List<TrainingSequence> trained,
            List<TrainingSequence> replayed,
            TrainingConfig config,
            long seed,
            BooleanSupplier stopped) {
        List<Chunk> chunks = chunks(model, trained, config);
        List<Chunk> old = chunks(model, replayed, config);
        @Nullable Teacher teacher =
                config.replay().distillation() > 0
                        ? Teacher.of(
                                model,
                                old,
                                chunks.size(),
                                config.replay().distillation(),
                                seed,
                                stopped)
                        : null;
        chunks.addAll(old);
        return of(model, chunks, config, teacher);
    }

    private static SequenceBatcher of(
            LoadedModel model,
            List<Chunk> chunks,
            TrainingConfig config,
            @Nullable Teacher teacher) {
        int negatives = model.model().predictsRatings() ? 0 : config.optimizer().negatives();
        return new SequenceBatcher(
                chunks, model.vocabulary(), config.optimizer().batchSize(), negatives, teacher);
    }

    private static List<Chunk> chunks(
            LoadedModel model, List<TrainingSequence> sequences, TrainingConfig config) {
        SequenceChunker chunker =
                new SequenceChunker(
                        model.model().length(),
                        model.model().predictsRatings()
                                ? new RatingRange(
                                        config.objective().ratingMin(),
                                        config.objective().ratingMax())
                                : null);
        List<Chunk> chunks = new ArrayList<>();
        for (TrainingSequence sequence : sequences) {
            chunker.chunk(sequence, model.vocabulary(), chunks);
        }
        return chunks;
    }

    /** Batches in one pass. */
    int batches() {
        return ChunkGroups.count(chunks.size(), batchSize);
    }

    /** Targets in one pass. */
    int targets() {
        int targets = 0;
        for (Chunk chunk : chunks) {
            targets += chunk.targets().length;
        }
        return targets;
    }

    /** The groups of one pass, in random order. */
    int[][] pass(SplittableRandom random) {
        return ChunkGroups.shuffled(chunks, batchSize, random);
    }

    /** The batch of one group. */
    TrainingBatch batch(int[] group, SplittableRandom random) {
        PaddedChunks padded = PaddedChunks.of(chunks, group);
        CandidateSampler.Candidates candidates = sampler.sample(padded.targets(), random);
        float[] weights = new float[padded.targets().length];
        Arrays.fill(weights, 1);
        return new TrainingBatch(
                padded.size(),
                padded.length(),
                padded.items(),
                padded.positions(),
                candidates.labels(),
                candidates.rows(),
                candidates.logQ(),
                weights,
                padded.ratings(),
                teacher == null ? null : teacher.lesson(group, padded));
    }
}
