package io.freshet.training;

import io.freshet.event.TrainingSequence;
import io.freshet.model.RecommenderModel;
import io.freshet.model.Vocabulary;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Scores all fresh positions of sequences with a model. */
final class Evaluator {

    /** Every position is ranked among all items, so memory grows with both. */
    private static final int MOST_POSITIONS = 1024;

    private final BooleanSupplier stopped;

    Evaluator(BooleanSupplier stopped) {
        this.stopped = stopped;
    }

    Score evaluate(
            RecommenderModel model, Vocabulary vocabulary, List<TrainingSequence> sequences) {
        SequenceChunker chunker = new SequenceChunker(model.length(), false);
        List<Chunk> chunks = new ArrayList<>();
        Score score = new Score();
        for (TrainingSequence sequence : sequences) {
            score.addMisses(chunker.chunk(sequence, vocabulary, chunks));
        }
        for (int[] group : ChunkGroups.byPositions(chunks, MOST_POSITIONS)) {
            Stopped.throwIf(stopped);
            PaddedChunks padded = PaddedChunks.of(chunks, group);
            score.add(model.evaluate(padded.forEvaluation()), padded.ratings());
        }
        return score;
    }
}
