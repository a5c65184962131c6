package io.freshet.training.window;

import io.freshet.event.TrainingSequence;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Parts of training sequences, and of lists of them. */
public final class SequenceParts {

    private SequenceParts() {}

    /** The sequence with those fresh positions that are newer than an event time, or null. */
    static @Nullable TrainingSequence newerThan(TrainingSequence sequence, long timestamp) {
        int[] kept =
                Arrays.stream(indices(sequence))
                        .filter(i -> sequence.timestamps()[sequence.fresh()[i]] > timestamp)
                        .toArray();
        if (kept.length == 0) {
            return null;
        }
        return keeping(sequence, kept);
    }

    /**
     * The sequence as it was before one of its fresh positions, or null if nothing fresh is left.
     *
     * @param index of the position among the fresh ones
     */
    static @Nullable TrainingSequence before(TrainingSequence sequence, int index) {
        return index == 0
                ? null
                : with(sequence, sequence.fresh()[index], Arrays.copyOf(indices(sequence), index));
    }

    /**
     * The sequence up to one of its fresh positions, which alone is fresh.
     *
     * @param index of the position among the fresh ones
     */
    static TrainingSequence only(TrainingSequence sequence, int index) {
        return with(sequence, sequence.fresh()[index] + 1, new int[] {index});
    }

    /**
     * The sequence with some of its fresh positions.
     *
     * @param kept ascending indices among the fresh positions, at least one
     */
    static TrainingSequence keeping(TrainingSequence sequence, int[] kept) {
        return kept.length == sequence.fresh().length
                ? sequence
                : with(sequence, sequence.items().length, kept);
    }

    /**
     * Whether a fresh position is a target: it has a weight, and an item before it.
     *
     * @param index of the position among the fresh ones
     */
    static boolean isTarget(TrainingSequence sequence, int index) {
        int position = sequence.fresh()[index];
        return position > 0 && sequence.weightAt(position) > 0;
    }

    /** Index of the last target among the fresh positions, -1 if there is none. */
    static int lastTarget(TrainingSequence sequence) {
        int index = sequence.fresh().length - 1;
        while (index >= 0 && !isTarget(sequence, index)) {
            index--;
        }
        return index;
    }

    /**
     * Removes a user's sequences from a list.
     *
     * @return sequences removed
     */
    public static int forget(String userId, List<TrainingSequence> sequences) {
        int before = sequences.size();
        sequences.removeIf(sequence -> sequence.userId().equals(userId));
        return before - sequences.size();
    }

    /** Bytes of a sequence's ids and numbers, without what Java adds: an id has one a character. */
    static long bytes(TrainingSequence sequence) {
        long positions =
                (long) sequence.items().length * (Float.BYTES + Long.BYTES)
                        + (long) sequence.weights().length * Float.BYTES;
        long fresh = (long) sequence.fresh().length * (2 * Integer.BYTES + Long.BYTES);
        long ids = sequence.userId().length();
        for (String item : sequence.items()) {
            ids += item.length();
        }
        for (String item : sequence.rejected()) {
            ids += item.length() + Integer.BYTES;
        }
        long attributes = 0;
        for (int[] each : sequence.attributes()) {
            attributes += (long) each.length * Integer.BYTES;
        }
        return ids + positions + fresh + attributes;
    }

    private static int[] indices(TrainingSequence sequence) {
        int[] indices = new int[sequence.fresh().length];
        Arrays.setAll(indices, i -> i);
        return indices;
    }

    private static TrainingSequence with(TrainingSequence sequence, int end, int[] kept) {
        int[] rejected =
                IntStream.range(0, sequence.rejected().length)
                        .filter(i -> sequence.rejectedAfter()[i] <= end)
                        .toArray();
        return new TrainingSequence(
                sequence.userId(),
                sequence.paneEnd(),
                Arrays.copyOf(sequence.items(), end),
                Arrays.copyOf(sequence.ratings(), end),
                Arrays.copyOf(sequence.timestamps(), end),
                Arrays.stream(kept).map(i -> sequence.fresh()[i]).toArray(),
                Arrays.stream(kept).map(i -> sequence.partitions()[i]).toArray(),
                Arrays.stream(kept).mapToLong(i -> sequence.offsets()[i]).toArray(),
                Arrays.copyOf(sequence.weights(), Math.min(end, sequence.weights().length)),
                Arrays.stream(rejected)
                        .mapToObj(i -> sequence.rejected()[i])
                        .toArray(String[]::new),
                Arrays.stream(rejected).map(i -> sequence.rejectedAfter()[i]).toArray(),
                Arrays.copyOf(sequence.attributes(), Math.min(end, sequence.attributes().length)));
    }
}
