package io.freshet.training;

import io.freshet.event.TrainingSequence;
import java.util.ArrayList;
import java.util.List;

/**
 * Positions that were held out of windows: those of the last one, which the next is trained on, and
 * those of some before, which go on to judge.
 */
final class HeldOut {

    /** Windows whose held-out positions judge later updates, too. */
    private static final int JUDGING_WINDOWS = 4;

    private final List<TrainingSequence> carried;
    private final List<WindowSequence> judges;

    /**
     * @param carried held out by the window before
     * @param judges held out by some windows before
     */
    HeldOut(List<TrainingSequence> carried, List<WindowSequence> judges) {
        this.carried = new ArrayList<>(carried);
        this.judges = new ArrayList<>(judges);
    }

    /** Enters what a window held out, now that it is settled. */
    void settle(long window, List<TrainingSequence> heldOut) {
        carried.clear();
        carried.addAll(heldOut);
        judges.removeIf(judge -> judge.window() <= window - JUDGING_WINDOWS);
        judges.addAll(WindowSequence.all(window, heldOut));
    }

    /** What the window before held out. */
    List<TrainingSequence> carried() {
        return List.copyOf(carried);
    }

    /** What some windows held out, with their numbers. */
    List<WindowSequence> judges() {
        return List.copyOf(judges);
    }

    /** What windows before one held out. */
    List<TrainingSequence> judgesBefore(long window) {
        return judges.stream()
                .filter(judge -> judge.window() < window)
                .map(WindowSequence::sequence)
                .toList();
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
