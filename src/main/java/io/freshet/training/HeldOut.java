package io.freshet.training;

import io.freshet.event.TrainingSequence;
import java.util.ArrayList;
import java.util.List;

/**
 * Positions that were held out of windows: those of the last one, which the next is trained on, and
 * those of some before, which go on to judge. A window that is refused is not trained on, and what
 * it held out is neither; the next one gets what the one before it held out.
 */
final class HeldOut {

    /** Windows whose held-out positions judge later updates, too. */
    private static final int JUDGING_WINDOWS = 4;

    private final List<TrainingSequence> carried;
    private final List<WindowSequence> judges;

    /**
     * @param carried held out by the last window that was applied
     * @param judges held out by some windows, that one the last of them
     */
    HeldOut(List<TrainingSequence> carried, List<WindowSequence> judges) {
        this.carried = new ArrayList<>(carried);
        this.judges = new ArrayList<>(judges);
    }

    /** Enters what a window held out, now that it is applied, with what was carried. */
    void settle(long window, List<TrainingSequence> heldOut) {
        carried.clear();
        carried.addAll(heldOut);
        judges.removeIf(judge -> judge.window() <= window - JUDGING_WINDOWS);
        judges.addAll(WindowSequence.all(window, heldOut));
    }

    /** What the last window that was applied held out. */
    List<TrainingSequence> carried() {
        return List.copyOf(carried);
    }

    /** What some windows held out, with their numbers. */
    List<WindowSequence> judges() {
        return List.copyOf(judges);
    }

    /** What some windows held out. */
    List<TrainingSequence> judging() {
        return judges.stream().map(WindowSequence::sequence).toList();
    }

    /** The same less what is carried: that is to be trained on, and can't judge. */
    List<TrainingSequence> judgingCarried() {
        return judging().subList(0, Math.max(0, judges.size() - carried.size()));
    }

    /**
     * Removes everything of a user.
     *
     * @return sequences removed
     */
    int forget(String userId) {
        int before = judges.size();
        judges.removeIf(judge -> judge.sequence().userId().equals(userId));
        return SequenceParts.forget(userId, carried) + before - judges.size();
    }
}
