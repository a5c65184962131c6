package io.freshet.training.window;

import io.freshet.event.TrainingSequence;
import io.freshet.runtime.StableHash;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Predicate;

/**
 * A sample of the sequences that were trained: uniform at first (Vitter's reservoir), and, once
 * many times as many were offered as it holds, with a preference for newer ones, because what was
 * liked years ago should fade (C. Aggarwal, "On Biased Reservoir Sampling in the Presence of Stream
 * Evolution", VLDB 2006). Chance is a hash of the seed and the number of sequences offered so far,
 * so that the buffer needs no random state.
 *
 * <p>After a removal the next sequences fill the gap, which favours them a little.
 *
 * <p>A share of the sequences, chosen by a hash, is never replayed: versions are evaluated on them,
 * to see how well they do on what was trained once and not again.
 */
public final class ReplayBuffer {

    /** The chance of a new sequence to be taken falls to one in so many, and no lower. */
    private static final long MOST_TIMES = 10;

    /** Share of the sequences that are never replayed. */
    private static final double PAST_SHARE = 0.1;

    private final int capacity;
    private final long seed;
    private final List<TrainingSequence> sequences;
    private long offered;

    /**
     * @param capacity most sequences kept
     * @param sequences what the buffer held before
     * @param offered sequences offered before
     */
    public ReplayBuffer(int capacity, long seed, List<TrainingSequence> sequences, long offered) {
        this.capacity = capacity;
        this.seed = seed;
        this.sequences =
                new ArrayList<>(sequences.subList(0, Math.min(capacity, sequences.size())));
        this.offered = offered;
    }

    /** Adds a sequence to the sample, or not. */
    public void offer(TrainingSequence sequence) {
        offered++;
        if (sequences.size() < capacity) {
            sequences.add(sequence);
            return;
        }
        long place =
                Math.floorMod(
                        StableHash.mix(seed ^ StableHash.mix(offered)),
                        Math.min(offered, MOST_TIMES * Math.max(1, capacity)));
        if (place < capacity) {
            sequences.set((int) place, sequence);
        }
    }

    /** Draws sequences to replay, without replacement; fewer if there are not that many. */
    public List<TrainingSequence> sample(int count, long drawSeed) {
        return draw(count, drawSeed, sequence -> !isPast(sequence));
    }

    /** Draws sequences that are never replayed, without replacement. */
    public List<TrainingSequence> past(int count, long drawSeed) {
        return draw(count, drawSeed, this::isPast);
    }

    private boolean isPast(TrainingSequence sequence) {
        return StableHash.fraction(sequence.userId(), seed ^ StableHash.mix(sequence.paneEnd()))
                < PAST_SHARE;
    }

    private List<TrainingSequence> draw(
            int count, long drawSeed, Predicate<TrainingSequence> which) {
        SplittableRandom random = new SplittableRandom(drawSeed);
        List<TrainingSequence> all = new ArrayList<>(sequences);
        all.removeIf(which.negate());
        int drawn = Math.min(count, all.size());
        for (int i = 0; i < drawn; i++) {
            Collections.swap(all, i, i + random.nextInt(all.size() - i));
        }
        return List.copyOf(all.subList(0, drawn));
    }

    /**
     * Removes everything of a user.
     *
     * @return sequences removed
     */
    public int forget(String userId) {
        return SequenceParts.forget(userId, sequences);
    }

    /**
     * Removes sequences of panes that end after a time.
     *
     * @param time milliseconds since the epoch
     */
    public void dropAfter(long time) {
        sequences.removeIf(sequence -> sequence.paneEnd() > time);
    }

    /** What the buffer holds. */
    public List<TrainingSequence> sequences() {
        return List.copyOf(sequences);
    }

    /** Sequences offered so far. */
    public long offered() {
        return offered;
    }
}
