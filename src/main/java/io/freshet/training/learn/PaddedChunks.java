package io.freshet.training.learn;

import io.freshet.model.EvaluationBatch;
import io.freshet.model.SequenceAttributes;
import io.freshet.training.learn.SequenceChunker.Chunk;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Chunks side by side, filled up with padding.
 *
 * @param size chunks, B
 * @param length columns, T
 * @param items item rows, [B, T] row-major
 * @param attributes what else is known of the positions
 * @param positions flat index b·T+t of every position that has a target, [M]
 * @param targets row of each target, [M]
 * @param ratings rating of each target, NaN where there is none, [M]
 * @param weights weight of each target in the loss, [M]
 * @param rejectedPositions flat index b·T+t of every position after which an item was rejected, [N]
 * @param rejectedRows row of each rejected item, [N]
 */
record PaddedChunks(
        int size,
        int length,
        int[] items,
        SequenceAttributes attributes,
        int[] positions,
        int[] targets,
        float[] ratings,
        float[] weights,
        int[] rejectedPositions,
        int[] rejectedRows) {

    /** Chunks are sorted by length within this many batches, and shuffled beyond. */
    private static final int BATCHES_PER_BUCKET = 50;

    /** The chunks that {@code group} names. */
    static PaddedChunks of(List<Chunk> chunks, int[] group) {
        int length = 0;
        int count = 0;
        for (int index : group) {
            length = Math.max(length, chunks.get(index).rows().length);
            count += chunks.get(index).positions().length;
        }
        int[] items = new int[Math.multiplyExact(group.length, length)];
        int[] positions = new int[count];
        int[] targets = new int[count];
        float[] ratings = new float[count];
        float[] weights = new float[count];
        IntStream.Builder rejectedPositions = IntStream.builder();
        IntStream.Builder rejectedRows = IntStream.builder();
        int filled = 0;
        for (int b = 0; b < group.length; b++) {
            Chunk chunk = chunks.get(group[b]);
            System.arraycopy(chunk.rows(), 0, items, b * length, chunk.rows().length);
            for (int i = 0; i < chunk.positions().length; i++) {
                positions[filled] = b * length + chunk.positions()[i];
                targets[filled] = chunk.targets()[i];
                ratings[filled] = chunk.ratings()[i];
                weights[filled++] = chunk.weights()[i];
            }
            for (int i = 0; i < chunk.rejectedPositions().length; i++) {
                rejectedPositions.add(b * length + chunk.rejectedPositions()[i]);
                rejectedRows.add(chunk.rejectedRows()[i]);
            }
        }
        return new PaddedChunks(
                group.length,
                length,
                items,
                SequenceAttributes.of(
                        length,
                        Arrays.stream(group)
                                .mapToObj(index -> chunks.get(index).attributes())
                                .toList()),
                positions,
                targets,
                ratings,
                weights,
                rejectedPositions.build().toArray(),
                rejectedRows.build().toArray());
    }

    EvaluationBatch forEvaluation() {
        return new EvaluationBatch(size, length, items, attributes, positions, targets);
    }

    /**
     * Groups chunks of about one length, so that little is padding.
     *
     * @return groups in random order, each of {@code size} chunks but the last of them
     */
    static int[][] shuffled(List<Chunk> chunks, int size, SplittableRandom random) {
        int[] order = new int[chunks.size()];
        Arrays.setAll(order, i -> i);
        for (int i = order.length - 1; i > 0; i--) {
            swap(order, i, random.nextInt(i + 1));
        }
        int bucket = size * BATCHES_PER_BUCKET;
        for (int start = 0; start < order.length; start += bucket) {
            sortByLength(chunks, order, start, Math.min(order.length, start + bucket));
        }
        int[][] groups = new int[count(chunks.size(), size)][];
        for (int g = 0; g < groups.length; g++) {
            int start = g * size;
            groups[g] = Arrays.copyOfRange(order, start, Math.min(order.length, start + size));
        }
        for (int i = groups.length - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            int[] group = groups[i];
            groups[i] = groups[other];
            groups[other] = group;
        }
        return groups;
    }

    /** Number of groups that {@link #shuffled} makes. */
    static int count(int chunks, int size) {
        return (chunks + size - 1) / size;
    }

    /**
     * Groups chunks of about one length, the shortest first.
     *
     * @param most most positions of a group, unless a single chunk has more
     */
    static List<int[]> byPositions(List<Chunk> chunks, int most) {
        int[] order = new int[chunks.size()];
        Arrays.setAll(order, i -> i);
        sortByLength(chunks, order, 0, order.length);
        List<int[]> groups = new ArrayList<>();
        int start = 0;
        int positions = 0;
        for (int i = 0; i < order.length; i++) {
            int more = chunks.get(order[i]).positions().length;
            if (i > start && positions + more > most) {
                groups.add(Arrays.copyOfRange(order, start, i));
                start = i;
                positions = 0;
            }
            positions += more;
        }
        if (start < order.length) {
            groups.add(Arrays.copyOfRange(order, start, order.length));
        }
        return groups;
    }

    private static void sortByLength(List<Chunk> chunks, int[] order, int start, int end) {
        long[] keys = new long[end - start];
        for (int i = start; i < end; i++) {
            long length = chunks.get(order[i]).rows().length;
            keys[i - start] = length << 32 | order[i];
        }
        Arrays.sort(keys);
        for (int i = start; i < end; i++) {
            order[i] = (int) keys[i - start];
        }
    }

    private static void swap(int[] values, int a, int b) {
        int value = values[a];
        values[a] = values[b];
        values[b] = value;
    }
}
