package io.freshet.training.window;

import io.freshet.training.Outcome;
import io.freshet.training.PageHinkley;
import io.freshet.training.UpdatePace;

/**
 * How many new interactions make a training window. Small windows are worth their cost where an
 * update lowers the loss on what comes next, as on news; where it hardly does, as on film histories
 * of years, larger ones do as well. So the size follows the gain that updates have on newest
 * positions they have not seen: halved while it is large, doubled while it is small. A rise of the
 * prequential loss ({@link PageHinkley}) closes the window at once.
 */
final class WindowSizeController {

    /** Mean gain of an update, in nats, above which windows become smaller. */
    private static final double LARGE_GAIN = 0.02;

    /** Below which they become larger. */
    private static final double SMALL_GAIN = 0.005;

    /** What is left of the evidence after each update. */
    private static final double MEMORY = 0.99;

    /**
     * Positions without which nothing is concluded: the losses of a position before and after an
     * update differ by some tenths of a nat, so fewer say nothing about hundredths.
     */
    private static final int FEWEST_POSITIONS = 2_000;

    private final UpdatePace.State state;
    private final PageHinkley drift;
    private final int least;
    private final int most;

    WindowSizeController(int least, int most, UpdatePace.State state) {
        this.state = state;
        this.drift = new PageHinkley(state.drift);
        this.least = least;
        this.most = most;
        state.interactions = Math.min(most, Math.max(least, state.interactions));
    }

    /** Interactions that make a window now. */
    int interactions() {
        return state.drifted ? least : state.interactions;
    }

    /** Enters the live model's mean loss on new positions, NaN if there is none. */
    void tested(float loss) {
        if (Float.isFinite(loss) && drift.add(loss)) {
            state.drifted = true;
            become(least);
        }
    }

    /** Enters what an update gained. */
    void updated(Outcome.Gain gain) {
        state.drifted = false;
        state.nats = MEMORY * state.nats + gain.nats();
        state.positions = MEMORY * state.positions + gain.positions();
        if (state.positions < FEWEST_POSITIONS) {
            return;
        }
        double mean = state.nats / state.positions;
        if (mean > LARGE_GAIN && state.interactions > least) {
            become(state.interactions / 2);
        } else if (mean < SMALL_GAIN && state.interactions < most) {
            become(state.interactions * 2);
        }
    }

    private void become(int interactions) {
        state.interactions = Math.min(most, Math.max(least, interactions));
        state.nats = 0;
        state.positions = 0;
    }
}
