package io.freshet.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Which chunks go into one batch: such of about one length, so that little is padding. */
final class ChunkGroups {

    /** Chunks are sorted by length within this many batches, and shuffled beyond. */
    private static final int BATCHES_PER_BUCKET = 50;

    private ChunkGroups() {}

    /** Groups in random order, each of {@code size} chunks but the last of them. */
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

    /** Indices of the chunks, the shortest chunk first. */
    private static int[] byLength(List<Chunk> chunks) {
        int[] order = new int[chunks.size()];
        Arrays.setAll(order, i -> i);
        sortByLength(chunks, order, 0, order.length);
        return order;
    }

    /**
     * Groups of chunks of about one length, each with at most {@code most} positions or one chunk.
     */
    static List<int[]> byPositions(List<Chunk> chunks, int most) {
        int[] order = byLength(chunks);
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
