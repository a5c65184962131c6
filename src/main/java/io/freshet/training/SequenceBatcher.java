package io.freshet.training;

import io.freshet.model.TrainingBatch;
import io.freshet.model.Vocabulary;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Makes the batches of one pass after another over the same chunks. */
final class SequenceBatcher {

    private final List<Chunk> chunks;
    private final int batchSize;
    private final CandidateSampler sampler;

    /**
     * @param chunks what is trained
     * @param vocabulary rows of the model
     * @param batchSize chunks in a batch
     * @param negatives negatives drawn per batch
     */
    SequenceBatcher(List<Chunk> chunks, Vocabulary vocabulary, int batchSize, int negatives) {
        this.chunks = chunks;
        this.batchSize = batchSize;
        this.sampler = new CandidateSampler(vocabulary, chunks, negatives);
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
                weights);
    }
}
