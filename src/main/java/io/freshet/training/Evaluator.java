package io.freshet.training;

import io.freshet.event.TrainingSequence;
import io.freshet.model.RecommenderModel;
import io.freshet.model.Vocabulary;
import java.util.ArrayList;
import java.util.Arrays;
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
        SequenceChunker chunker = new SequenceChunker(model.length());
        List<Chunk> chunks = new ArrayList<>();
        Score score = new Score();
        for (TrainingSequence sequence : sequences) {
            score.addMisses(chunker.chunk(sequence, vocabulary, chunks));
        }
        int[] order = ChunkGroups.byLength(chunks);
        int start = 0;
        int positions = 0;
        for (int i = 0; i <= order.length; i++) {
            int more = i == order.length ? 0 : chunks.get(order[i]).positions().length;
            if (i > start && (i == order.length || positions + more > MOST_POSITIONS)) {
                Stopped.throwIf(stopped);
                int[] group = Arrays.copyOfRange(order, start, i);
                score.add(model.evaluate(PaddedChunks.of(chunks, group).forEvaluation()));
                start = i;
                positions = 0;
            }
            positions += more;
        }
        return score;
    }
}
