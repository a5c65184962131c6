package io.freshet.training;

import io.freshet.event.TrainingSequence;
import io.freshet.model.RatingRange;
import io.freshet.model.Vocabulary;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Cuts sequences into chunks of at most {@code length} inputs that together have every fresh
 * position as target once, each with as much context as fits: the last chunk ends at the last fresh
 * position and reaches back {@code length} items; what is fresh before its second item is left to
 * the chunk before it.
 */
final class SequenceChunker {

    private final int length;
    private final @Nullable RatingRange rated;

    /**
     * @param length items that the model takes at once
     * @param rated the scale of ratings, if they are what is learned: then a rating beyond it
     *     counts as its end, and positions without one are context alone; else null
     */
    SequenceChunker(int length, @Nullable RatingRange rated) {
        this.length = length;
        this.rated = rated;
    }

    /**
     * Adds the chunks of one sequence. Items that the vocabulary doesn't know are left out of the
     * context.
     *
     * @return fresh positions that can't be targets although they have a predecessor, because their
     *     item is unknown, or all items before it are
     */
    int chunk(TrainingSequence sequence, Vocabulary vocabulary, List<Chunk> chunks) {
        int[] rows = new int[sequence.items().length];
        int[] targets = new int[sequence.fresh().length];
        float[] ratings = new float[targets.length];
        int known = 0;
        int found = 0;
        int missed = 0;
        int next = 0;
        for (int i = 0; i < rows.length; i++) {
            boolean fresh = next < targets.length && sequence.fresh()[next] == i;
            next += fresh ? 1 : 0;
            int row = vocabulary.rowOf(sequence.items()[i]);
            float rating = sequence.ratings()[i];
            if (fresh && i > 0 && !(rated != null && Float.isNaN(rating))) {
                if (row > 0 && known > 0) {
                    ratings[found] = rated == null ? rating : rated.nearest(rating);
                    targets[found++] = known;
                } else {
                    missed++;
                }
            }
            if (row > 0) {
                rows[known++] = row;
            }
        }
        cut(rows, targets, ratings, found, chunks);
        return missed;
    }

    /** Cuts from the end: {@code targets} are ascending indices into {@code rows}, at least 1. */
    private void cut(int[] rows, int[] targets, float[] ratings, int count, List<Chunk> chunks) {
        int left = count;
        while (left > 0) {
            int end = targets[left - 1];
            int start = Math.max(0, end - length);
            int first = left - 1;
            while (first > 0 && targets[first - 1] > start) {
                first--;
            }
            int[] positions = new int[left - first];
            int[] wanted = new int[left - first];
            for (int i = first; i < left; i++) {
                positions[i - first] = targets[i] - 1 - start;
                wanted[i - first] = rows[targets[i]];
            }
            chunks.add(
                    new Chunk(
                            Arrays.copyOfRange(rows, start, end),
                            positions,
                            wanted,
                            Arrays.copyOfRange(ratings, first, left)));
            left = first;
        }
    }
}
