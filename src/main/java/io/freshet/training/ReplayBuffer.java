package io.freshet.training;

import io.freshet.event.TrainingSequence;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A sample of the sequences that were trained: uniform at first (Vitter's reservoir), and, once
 * many times as many were offered as it holds, with a preference for newer ones, because what was
 * liked years ago should fade (C. Aggarwal, "On Biased Reservoir Sampling in the Presence of Stream
 * Evolution", VLDB 2006). Chance is a hash of the seed and the number of sequences offered so far,
 * so that the buffer needs no random state.
 *
 * <p>After a removal the next sequences fill the gap, which favours them a little.
 */
final class ReplayBuffer {

    /** The chance of a new sequence to be taken falls to one in so many, and no lower. */
    private static final long MOST_TIMES = 10;

    private final int capacity;
    private final long seed;
    private final List<TrainingSequence> sequences;
    private long offered;

    /**
     * @param capacity most sequences kept
     * @param sequences what the buffer held before
     * @param offered sequences offered before
     */
    ReplayBuffer(int capacity, long seed, List<TrainingSequence> sequences, long offered) {
        this.capacity = capacity;
        this.seed = seed;
        this.sequences =
                new ArrayList<>(sequences.subList(0, Math.min(capacity, sequences.size())));
        this.offered = offered;
    }

    /** Takes a sequence into the sample, or not. */
    void offer(TrainingSequence sequence) {
        offered++;
        if (sequences.size() < capacity) {
            sequences.add(sequence);
            return;
        }
        long place =
                Math.floorMod(
                        Hashes.mix(seed ^ Hashes.mix(offered)),
                        Math.min(offered, MOST_TIMES * Math.max(1, capacity)));
        if (place < capacity) {
            sequences.set((int) place, sequence);
        }
    }

    /** Draws without replacement; fewer than {@code count} if there are not that many. */
    List<TrainingSequence> sample(int count, long drawSeed) {
        SplittableRandom random = new SplittableRandom(drawSeed);
        List<TrainingSequence> all = new ArrayList<>(sequences);
        int drawn = Math.min(count, all.size());
        for (int i = 0; i < drawn; i++) {
            int other = i + random.nextInt(all.size() - i);
            TrainingSequence sequence = all.get(i);
            all.set(i, all.get(other));
            all.set(other, sequence);
        }
        return List.copyOf(all.subList(0, drawn));
    }

    /**
     * Removes everything of a user.
     *
     * @return sequences removed
     */
    int forget(String userId) {
        return SequenceParts.forget(userId, sequences);
    }

    /**
     * Removes sequences of panes that end after a time.
     *
     * @param time milliseconds since the epoch
     */
    void dropAfter(long time) {
        sequences.removeIf(sequence -> sequence.paneEnd() > time);
    }

    /** What the buffer holds. */
    List<TrainingSequence> sequences() {
        return List.copyOf(sequences);
    }

    /** Sequences offered so far. */
    long offered() {
        return offered;
    }
}
