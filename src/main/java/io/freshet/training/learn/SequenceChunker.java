package io.freshet.training.learn;

import io.freshet.event.TrainingSequence;
import io.freshet.model.RatingRange;
import io.freshet.model.Vocabulary;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Cuts sequences into chunks of at most {@code length} inputs that together have every fresh
 * position that has a weight as target once, each with as much context as fits: the last chunk ends
 * at the last fresh position and reaches back {@code length} items; what is fresh before its second
 * item is left to the chunk before it.
 */
final class SequenceChunker {

    /**
     * A piece of a sequence that the model takes at once.
     *
     * @param rows item rows, oldest first, at most the model's length
     * @param positions ascending indices into {@code rows} whose next item is a target
     * @param targets row of the item after each of {@code positions}
     * @param ratings rating of each target, {@link Float#NaN} where there is none
     * @param weights weight of each target in the loss
     */
    record Chunk(int[] rows, int[] positions, int[] targets, float[] ratings, float[] weights) {}

    private final int length;
    private final @Nullable RatingRange rated;
    private final Map<String, Float> itemWeights;

    /**
     * @param length items that the model takes at once
     * @param rated the scale of ratings, if they are what is learned: then a rating beyond it
     *     counts as its end, and positions without one are context alone; else null
     * @param itemWeights what the weights of targets that are such an item are multiplied by
     */
    SequenceChunker(int length, @Nullable RatingRange rated, Map<String, Float> itemWeights) {
        this.length = length;
        this.rated = rated;
        this.itemWeights = itemWeights;
    }

    /**
     * Adds the chunks of one sequence. Items without a row are left out of the context.
     *
     * @return fresh positions that can't be targets although they have a weight and a predecessor,
     *     because their item, or all items before it, have no row
     */
    int chunk(TrainingSequence sequence, Vocabulary vocabulary, List<Chunk> chunks) {
        int[] rows = new int[sequence.items().length];
        int[] targets = new int[sequence.fresh().length];
        float[] ratings = new float[targets.length];
        float[] weights = new float[targets.length];
        int known = 0;
        int found = 0;
        int missed = 0;
        int next = 0;
        for (int i = 0; i < rows.length; i++) {
            boolean fresh = next < targets.length && sequence.fresh()[next] == i;
            next += fresh ? 1 : 0;
            int row = vocabulary.rowOf(sequence.items()[i]);
            float rating = sequence.ratings()[i];
            float weight = sequence.weightAt(i);
            if (fresh && i > 0 && weight > 0 && !(rated != null && Float.isNaN(rating))) {
                if (row > 0 && known > 0) {
                    ratings[found] = rated == null ? rating : rated.nearest(rating);
                    weights[found] = weight * itemWeights.getOrDefault(sequence.items()[i], 1f);
                    targets[found++] = known;
                } else {
                    missed++;
                }
            }
            if (row > 0) {
                rows[known++] = row;
            }
        }
        cut(rows, new Targets(targets, ratings, weights), found, chunks);
        return missed;
    }

    /** Ascending indices into the rows, at least 1, with ratings and weights. */
    private record Targets(int[] places, float[] ratings, float[] weights) {}

    /** Cuts from the end. */
    private void cut(int[] rows, Targets all, int count, List<Chunk> chunks) {
        int[] places = all.places();
        int left = count;
        while (left > 0) {
            int end = places[left - 1];
            int start = Math.max(0, end - length);
            int first = left - 1;
            while (first > 0 && places[first - 1] > start) {
                first--;
            }
            int[] positions = new int[left - first];
            int[] wanted = new int[left - first];
            for (int i = first; i < left; i++) {
                positions[i - first] = places[i] - 1 - start;
                wanted[i - first] = rows[places[i]];
            }
            chunks.add(
                    new Chunk(
                            Arrays.copyOfRange(rows, start, end),
                            positions,
                            wanted,
                            Arrays.copyOfRange(all.ratings(), first, left),
                            Arrays.copyOfRange(all.weights(), first, left)));
            left = first;
        }
    }
}
