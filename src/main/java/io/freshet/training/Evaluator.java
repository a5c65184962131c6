package io.freshet.training;

import io.freshet.event.TrainingSequence;
import io.freshet.model.EvaluationResult;
import io.freshet.model.RecommenderModel;
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

    /** Loss of each position that judges, in order; NaN where the model can't score it. */
    float[] losses(LoadedModel model, Judges judges) {
        List<TrainingSequence> sequences = judges.sequences();
        SequenceChunker chunker = new SequenceChunker(model.model().length(), null);
        List<Chunk> chunks = new ArrayList<>();
        List<Integer> sequenceOf = new ArrayList<>();
        for (int i = 0; i < sequences.size(); i++) {
            chunker.chunk(sequences.get(i), model.vocabulary(), chunks);
            while (sequenceOf.size() < chunks.size()) {
                sequenceOf.add(i);
            }
        }
        float[] losses = new float[sequences.size()];
        Arrays.fill(losses, Float.NaN);
        forEachBatch(
                model.model(),
                chunks,
                (group, ratings, result) -> {
                    for (int i = 0; i < group.length; i++) {
                        losses[sequenceOf.get(group[i])] = result.loss(i, ratings[i]);
                    }
                });
        return losses;
    }

    Score evaluate(LoadedModel model, List<TrainingSequence> sequences) {
        SequenceChunker chunker = new SequenceChunker(model.model().length(), null);
        List<Chunk> chunks = new ArrayList<>();
        Score score = new Score();
        for (TrainingSequence sequence : sequences) {
            score.addMisses(chunker.chunk(sequence, model.vocabulary(), chunks));
        }
        forEachBatch(model.model(), chunks, (group, ratings, result) -> score.add(result, ratings));
        return score;
    }

    /** Told which chunks were a batch, what their targets were rated, and how the model did. */
    @FunctionalInterface
    private interface BatchConsumer {
        void accept(int[] group, float[] ratings, EvaluationResult result);
    }

    private void forEachBatch(RecommenderModel model, List<Chunk> chunks, BatchConsumer consumer) {
        for (int[] group : ChunkGroups.byPositions(chunks, MOST_POSITIONS)) {
            Stopped.throwIf(stopped);
            PaddedChunks padded = PaddedChunks.of(chunks, group);
            consumer.accept(group, padded.ratings(), model.evaluate(padded.forEvaluation()));
        }
    }
}
