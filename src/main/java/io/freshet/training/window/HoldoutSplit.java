package io.freshet.training.window;

import io.freshet.event.TrainingSequence;
import io.freshet.runtime.StableHash;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Holds out the newest position of a share of the users, whom a hash chooses anew for each seed.
 *
 * @param training sequences without what is held out
 * @param heldOut one sequence per chosen user whose only fresh position is that user's newest
 */
public record HoldoutSplit(List<TrainingSequence> training, List<TrainingSequence> heldOut) {

    /**
     * @param sequences in order of time for each user
     * @param share share of users, in [0, 1)
     */
    public static HoldoutSplit of(List<TrainingSequence> sequences, float share, long seed) {
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
            if (chosen == null || chosen != i || !SequenceParts.endsInTarget(sequence)) {
                training.add(sequence);
                continue;
            }
            heldOut.add(SequenceParts.newest(sequence));
            @Nullable TrainingSequence rest = SequenceParts.withoutNewest(sequence);
            if (rest != null) {
                training.add(rest);
            }
        }
        return new HoldoutSplit(training, heldOut);
    }
}
