package io.freshet.training.window;

import io.freshet.event.TrainingSequence;
import io.freshet.training.WindowSequence;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Positions that windows have held out. For some windows each validates every update and every
 * version, while no model is trained on it; then it is released, to be trained with the next
 * window, and validates nothing any more. So no side of a comparison was ever trained on what
 * validates it.
 */
public final class ValidationBuffer {

    /** Windows after its own in which a position validates. */
    public static final int WINDOWS = 8;

    /** Positions beyond which the oldest are released early. */
    private static final int MOST = 2_000;

    private final int windows;
    private final List<WindowSequence> heldOut;

    /**
     * @param holdout share of the positions that windows hold out; if it is 0, what was held out
     *     before is released to the next window
     * @param heldOut what {@link #contents} gave
     */
    public ValidationBuffer(double holdout, List<WindowSequence> heldOut) {
        this.windows = holdout == 0 ? 0 : WINDOWS;
        this.heldOut = new ArrayList<>(heldOut);
    }

    /**
     * The buffer of a release that trained what a window held out with the next window, and went on
     * to validate with it: only the last window's positions are untrained.
     *
     * @param holdout share of the positions that windows hold out from now on
     * @param carried held out by the last window
     */
    public static ValidationBuffer ofReleasedState(
            double holdout, List<TrainingSequence> carried, long lastWindow) {
        return new ValidationBuffer(holdout, WindowSequence.all(lastWindow, carried));
    }

    /**
     * Enters what a window held out, now that it is applied, with what was released to it. What is
     * too much counts as held out so long ago that the next window trains it: which window trains a
     * position must not change while it is trained, though others may be forgotten meanwhile.
     */
    public void settle(long window, List<TrainingSequence> newlyHeldOut) {
        heldOut.subList(0, released(window).size()).clear();
        heldOut.addAll(WindowSequence.all(window, newlyHeldOut));
        for (int i = 0; i < heldOut.size() - MOST; i++) {
            WindowSequence early = heldOut.get(i);
            long number = Math.min(early.window(), window - windows);
            heldOut.set(i, new WindowSequence(number, early.sequence()));
        }
    }

    /** Positions that validate a window's update. */
    public List<TrainingSequence> judging(long window) {
        return sequences(heldOut.subList(released(window).size(), heldOut.size()));
    }

    /** Positions that a window is to train, because they have validated long enough. */
    public List<TrainingSequence> released(long window) {
        int released = 0;
        while (released < heldOut.size() && heldOut.get(released).window() < window - windows) {
            released++;
        }
        return sequences(heldOut.subList(0, released));
    }

    /**
     * Makes sure that a model trained on some sequences can be validated on others.
     *
     * @throws IllegalStateException if a validation position is one that is trained
     */
    public static void requireUntrained(
            List<TrainingSequence> validation,
            List<TrainingSequence> trained,
            List<TrainingSequence> replayed) {
        Set<Position> positions = new HashSet<>();
        validation.forEach(sequence -> positions.add(Position.of(sequence, 0)));
        for (List<TrainingSequence> sequences : List.of(trained, replayed)) {
            for (TrainingSequence sequence : sequences) {
                for (int i = 0; i < sequence.fresh().length; i++) {
                    Position position = Position.of(sequence, i);
                    if (positions.contains(position)) {
                        throw new IllegalStateException(
                                position + " validates an update that is trained on it");
                    }
                }
            }
        }
    }

    /** A fresh position; the user distinguishes it from one of a recreated topic. */
    private record Position(String userId, int partition, long offset) {
        static Position of(TrainingSequence sequence, int fresh) {
            return new Position(
                    sequence.userId(), sequence.partitions()[fresh], sequence.offsets()[fresh]);
        }
    }

    /** Everything in it, oldest first. */
    public List<WindowSequence> contents() {
        return List.copyOf(heldOut);
    }

    /**
     * Removes everything of a user.
     *
     * @return sequences removed
     */
    public int forget(String userId) {
        int before = heldOut.size();
        heldOut.removeIf(each -> each.sequence().userId().equals(userId));
        return before - heldOut.size();
    }

    private static List<TrainingSequence> sequences(List<WindowSequence> some) {
        return some.stream().map(WindowSequence::sequence).toList();
    }
}
