package io.freshet.training.window;

import io.freshet.event.TrainingSequence;
import io.freshet.runtime.StableHash;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Holds positions out of training, for validation.
 *
 * @param training sequences without what is held out
 * @param heldOut one sequence for each position held out, which ends there and has no other fresh
 *     position
 */
public record HoldoutSplit(List<TrainingSequence> training, List<TrainingSequence> heldOut) {

    /**
     * Holds out a share of the positions, which a hash chooses.
     *
     * @param share share of the targets, in [0, 1)
     */
    public static HoldoutSplit ofPositions(
            List<TrainingSequence> sequences, float share, long seed) {
        List<TrainingSequence> training = new ArrayList<>();
        List<TrainingSequence> heldOut = new ArrayList<>();
        for (TrainingSequence sequence : sequences) {
            int[] kept =
                    IntStream.range(0, sequence.fresh().length)
                            .filter(i -> !isHeldOut(sequence, i, share, seed))
                            .toArray();
            for (int i = 0, next = 0; i < sequence.fresh().length; i++) {
                if (next < kept.length && kept[next] == i) {
                    next++;
                } else {
                    heldOut.add(SequenceParts.only(sequence, i));
                }
            }
            if (kept.length > 0) {
                training.add(SequenceParts.keeping(sequence, kept));
            }
        }
        return new HoldoutSplit(training, heldOut);
    }

    private static boolean isHeldOut(TrainingSequence sequence, int index, float share, long seed) {
        long position = StableHash.mix(sequence.offsets()[index]) + sequence.partitions()[index];
        return SequenceParts.isTarget(sequence, index)
                && StableHash.fraction(sequence.userId(), seed ^ StableHash.mix(position)) < share;
    }

    /**
     * Holds out the newest target of a share of the users, whom a hash chooses, with what comes
     * after it.
     *
     * @param sequences in order of time for each user
     * @param share share of users, in [0, 1)
     */
    public static HoldoutSplit ofNewest(List<TrainingSequence> sequences, float share, long seed) {
        Map<String, Integer> newest = new HashMap<>();
        for (int i = 0; i < sequences.size(); i++) {
            String user = sequences.get(i).userId();
            if (StableHash.fraction(user, seed) < share) {
                newest.put(user, i);
            }
        }
        List<TrainingSequence> training = new ArrayList<>();
        List<TrainingSequence> heldOut = new ArrayList<>();
        for (int i = 0; i < sequences.size(); i++) {
            TrainingSequence sequence = sequences.get(i);
            Integer chosen = newest.get(sequence.userId());
            int target = SequenceParts.lastTarget(sequence);
            if (chosen == null || chosen != i || target < 0) {
                training.add(sequence);
                continue;
            }
            heldOut.add(SequenceParts.only(sequence, target));
            @Nullable TrainingSequence rest = SequenceParts.before(sequence, target);
            if (rest != null) {
                training.add(rest);
            }
        }
        return new HoldoutSplit(training, heldOut);
    }
}
