package io.freshet.training.learn;

import io.freshet.event.TrainingSequence;
import io.freshet.training.Score;
import io.freshet.training.learn.SequenceChunker.Chunk;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** Scores all fresh positions of sequences with a model. */
public final class Evaluator {

    /** Every position is ranked among all items, so memory grows with both. */
    private static final int MOST_POSITIONS = 1024;

    private final BooleanSupplier stopped;

    /**
     * @param stopped asked between batches; scoring ends with a CancellationException when it is
     *     true
     */
    public Evaluator(BooleanSupplier stopped) {
        this.stopped = stopped;
    }

    /** Scores sequences; those whose item or whole context has no row are misses. */
    public Score score(IndexedModel model, List<TrainingSequence> sequences) {
        SequenceChunker chunker = new SequenceChunker(model.model().length(), null, Map.of());
        Score score = new Score(sequences.size());
        List<Chunk> chunks = new ArrayList<>();
        List<Integer> sequenceOf = new ArrayList<>();
        for (int i = 0; i < sequences.size(); i++) {
            score.addMisses(chunker.chunk(sequences.get(i), model.vocabulary(), chunks));
            while (sequenceOf.size() < chunks.size()) {
                sequenceOf.add(i);
            }
        }
        for (int[] group : PaddedChunks.byPositions(chunks, MOST_POSITIONS)) {
            Cancellation.throwIf(stopped);
            PaddedChunks padded = PaddedChunks.of(chunks, group);
            score.add(
                    model.model().evaluate(padded.forEvaluation()),
                    sequences(group, padded, sequenceOf),
                    padded.ratings());
        }
        return score;
    }

    /** Index of the sequence of each position of a batch. */
    private static int[] sequences(int[] group, PaddedChunks padded, List<Integer> sequenceOf) {
        int[] sequences = new int[padded.positions().length];
        for (int i = 0; i < sequences.length; i++) {
            sequences[i] = sequenceOf.get(group[padded.positions()[i] / padded.length()]);
        }
        return sequences;
    }
}
