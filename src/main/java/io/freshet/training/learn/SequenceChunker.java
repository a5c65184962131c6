package io.freshet.training.learn;

import io.freshet.event.TrainingSequence;
import io.freshet.model.RatingRange;
import io.freshet.model.Vocabulary;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Cuts sequences into chunks of at most {@code length} inputs that together have every fresh
 * position that has a weight as target once, each with as much context as fits: the last chunk ends
 * at the last fresh position and reaches back {@code length} items; what is fresh before its second
 * item is left to the chunk before it.
 *
 * <p>Where items were rejected after the last target, the last chunk ends there if it has that
 * target all the same. A rejection is in each chunk that has the position before it; a sequence
 * without a target trains none.
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
     * @param rejectedPositions indices into {@code rows} after which an item was rejected
     * @param rejectedRows row of the item rejected after each of {@code rejectedPositions}
     * @param attributes hashes of what else is known, by row; empty for nothing
     */
    record Chunk(
            int[] rows,
            int[] positions,
            int[] targets,
            float[] ratings,
            float[] weights,
            int[] rejectedPositions,
            int[] rejectedRows,
            int[][] attributes) {}

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
        int[][] attributes = sequence.attributes().clone();
        int[] targets = new int[sequence.fresh().length];
        float[] ratings = new float[targets.length];
        float[] weights = new float[targets.length];
        int[] knownBefore = new int[rows.length + 1];
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
                if (attributes.length > 0) {
                    attributes[known] = sequence.attributes()[i];
                }
                rows[known++] = row;
            }
            knownBefore[i + 1] = known;
        }
        Rejected rejected = Rejected.of(sequence, vocabulary, knownBefore);
        cut(rows, attributes, new Targets(targets, ratings, weights), found, rejected, chunks);
        return missed;
    }

    /**
     * Rejections of items that have a row, after at least one item that has.
     *
     * @param places how many rows came before
     * @param rows those of the rejected items
     */
    private record Rejected(int[] places, int[] rows) {

        static Rejected of(TrainingSequence sequence, Vocabulary vocabulary, int[] knownBefore) {
            int[] places =
                    Arrays.stream(sequence.rejectedAfter()).map(i -> knownBefore[i]).toArray();
            int[] rows = Arrays.stream(sequence.rejected()).mapToInt(vocabulary::rowOf).toArray();
            int[] known =
                    IntStream.range(0, rows.length)
                            .filter(i -> places[i] > 0 && rows[i] > 0)
                            .toArray();
            return new Rejected(taken(places, known), taken(rows, known));
        }

        /** Those whose state is one of some rows, by places from the first of these on. */
        Rejected within(int start, int end) {
            int[] inside =
                    IntStream.range(0, rows.length)
                            .filter(i -> places[i] > start && places[i] <= end)
                            .toArray();
            int[] positions =
                    Arrays.stream(taken(places, inside)).map(place -> place - 1 - start).toArray();
            return new Rejected(positions, taken(rows, inside));
        }

        /** Where a chunk ends that would end at a place, and may reach back so far. */
        int extended(int end, int length) {
            int last = Arrays.stream(places).max().orElse(end);
            return last > end && last - length < end ? last : end;
        }

        private static int[] taken(int[] values, int[] indices) {
            return Arrays.stream(indices).map(i -> values[i]).toArray();
        }
    }

    /** Ascending indices into the rows, at least 1, with ratings and weights. */
    private record Targets(int[] places, float[] ratings, float[] weights) {}

    /** Cuts from the end. */
    private void cut(
            int[] rows,
            int[][] attributes,
            Targets all,
            int count,
            Rejected rejected,
            List<Chunk> chunks) {
        int[] places = all.places();
        int left = count;
        while (left > 0) {
            int last = places[left - 1];
            int end = left == count ? rejected.extended(last, length) : last;
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
            Rejected inside = rejected.within(start, end);
            chunks.add(
                    new Chunk(
                            Arrays.copyOfRange(rows, start, end),
                            positions,
                            wanted,
                            Arrays.copyOfRange(all.ratings(), first, left),
                            Arrays.copyOfRange(all.weights(), first, left),
                            inside.places(),
                            inside.rows(),
                            attributes.length == 0
                                    ? attributes
                                    : Arrays.copyOfRange(attributes, start, end)));
            left = first;
        }
    }
}
